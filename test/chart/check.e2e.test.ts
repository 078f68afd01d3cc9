import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { singleImage } from '../../src/demo/images.ts'
import { type Workshop, workshopFor } from '../docs/workshop.ts'
import { kinds, type RealRegistry } from '../registries/kinds.ts'
import { push } from '../registries/push.ts'
import { helmProgram } from './helm.ts'
import { chart } from './made-files.ts'

const pod = (kind: string, name: string, image: string, hook = ''): string => `apiVersion: v1
kind: ${kind}
metadata:
  name: "{{ .Release.Name }}-${name}"
${hook === '' ? '' : `  annotations: { "helm.sh/hook": ${hook} }\n`}spec: {{ include "${kind === 'Pod' ? 'pod' : 'template'}" (dict "image" ${image}) }}
`

// A chart with one it depends on, which lies beside it; a hook, a test, definitions, and values of its own.
const files: Readonly<Record<string, string>> = {
  'web/Chart.yaml':
    'apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{ name: db, version: 1.0.0, repository: "file://../db" }]\n',
  'web/values.yaml': 'registry: registry.example\ntag: "1"\n',
  'web/templates/_pods.tpl': `{{ define "pod" }}{ restartPolicy: Never, containers: [{ name: main, image: "{{ .image }}" }] }{{ end }}
{{ define "template" }}{ template: { spec: {{ include "pod" . }} } }{{ end }}
`,
  'web/templates/web.yaml': pod('Deployment', 'web', '(printf "%s/shop/web:%s" .Values.registry .Values.tag)').replace(
    'v1',
    'apps/v1',
  ),
  'web/templates/migrate.yaml': pod('Job', 'migrate', '"registry.example/shop/migrate:1"', 'pre-upgrade').replace(
    'v1',
    'batch/v1',
  ),
  'web/templates/test.yaml': pod('Pod', 'test', '"registry.example/shop/test:1"', 'test'),
  'web/templates/NOTES.txt': 'image: registry.example/shop/notes:1\n',
  'web/crds/toys.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: toys.shop.example }\n',
  'db/Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n',
  'db/values.yaml': 'tag: "1"\n',
  'db/templates/db.yaml':
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec: { template: { spec: { containers: [{ name: db, image: "registry.example/shop/db:{{ .Values.tag }}" }] } } }\n',
}

const helmed = async (url: string): Promise<Workshop> => {
  const workshop = await workshopFor()
  await workshop.program('helm', `exec '${helmProgram}' "$@"`)
  await workshop.write({ ...files, 'certs.d/registry.example/hosts.toml': `server = "${url}"\n` })
  return workshop
}

interface Findings {
  readonly images: readonly { readonly image: string }[]
  readonly findings: readonly {
    readonly code: string
    readonly object: { readonly kind: string; readonly name: string }
  }[]
}

const told = (stdout: string): Findings => JSON.parse(stdout)

describe.each(kinds)('what the real helm renders is checked against $name', ({ start }) => {
  let registry: RealRegistry
  beforeAll(async () => {
    registry = await start()
    for (const each of ['web', 'db', 'migrate', 'test'])
      await push({ url: registry.url, repository: `shop/${each}`, tag: '1' }, singleImage('linux/amd64'))
  })
  afterAll(() => registry.close())

  it('with what it depends on, its hooks and its tests', async () => {
    const { shell } = await helmed(registry.url)
    expect(await shell('helm dependency update web')).toMatchObject({ code: 0 })
    const { code, stdout, stderr } = await shell('pullgate check --helm web -o json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const images = told(stdout).images.map(({ image }) => image.replace('registry.example/shop/', ''))
    expect(images.toSorted()).toEqual(['db:1', 'migrate:1', 'test:1', 'web:1'])
  })

  it('with the values that are given, of the one it depends on too; the last one counts', async () => {
    const { shell, write } = await helmed(registry.url)
    await write({ 'a.yaml': 'tag: "2"\ndb: { tag: "3" }\n', 'b.yaml': 'tag: "1"\n' })
    await shell('helm dependency update web')
    const lost = async (flags: string): Promise<readonly string[]> => {
      const { code, stdout } = await shell(`pullgate check --helm web ${flags} -o json`)
      expect(code).toBe(1)
      return told(stdout)
        .findings.map(({ code, object }) => `${code} ${object.kind} ${object.name}`)
        .toSorted()
    }
    expect(await lost('-f a.yaml')).toEqual(['not-found Deployment release-web', 'not-found StatefulSet db'])
    expect(await lost('-f a.yaml -f b.yaml')).toEqual(['not-found StatefulSet db'])
  })
})

describe('what keeps helm from rendering is said in one sentence', () => {
  const broken: readonly (readonly [what: string, files: Readonly<Record<string, string>>, said: RegExp])[] = [
    [
      'a template that is none',
      { 'db/templates/db.yaml': '{{ if }}\n' },
      /parse error at \(db\/templates\/db\.yaml:1\)/,
    ],
    [
      'a template that calls for another that is not there',
      { 'db/templates/db.yaml': '{{ include "nope" . }}\n' },
      /db\/templates\/db\.yaml:1:3 executing .* no template "nope"/,
    ],
    ['a template that is no YAML', { 'db/templates/db.yaml': 'a: [\n' }, /YAML parse error on db\/templates\/db\.yaml/],
    [
      'a value that is needed and not given',
      { 'db/templates/db.yaml': '{{ required "tell me the tag" .Values.none }}\n' },
      /\(db\/templates\/db\.yaml:1:3\): tell me the tag/,
    ],
    ['a broken Chart.yaml', { 'db/Chart.yaml': '{\n' }, /cannot load Chart\.yaml/],
  ]

  it.each(broken)('%s', async (_, changed, said) => {
    const { shell, write } = await helmed('http://127.0.0.1:1')
    await write(changed)
    const { code, stdout, stderr } = await shell('pullgate check --helm db')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^helm cannot render db: [^\n]*\n$/)
    expect(stderr).toMatch(said)
    expect(stderr).not.toContain('--debug')
  })

  it('a dependency that was never fetched, a file of values and a folder that are not there, and no helm at all', async () => {
    const { shell } = await helmed('http://127.0.0.1:1')
    const said = async (flags: string): Promise<string> => {
      const { code, stderr } = await shell(`pullgate check ${flags}`)
      expect(code).toBe(2)
      expect(stderr.trimEnd()).not.toContain('\n')
      return stderr
    }
    expect(await said('--helm web')).toMatch(/^helm cannot render web: .*'helm dependency build'.* missing .*: db\n$/)
    expect(await said('--helm db -f none.yaml')).toMatch(/^helm cannot render db: open none\.yaml: no such file/)
    expect(await said('--helm ./none')).toMatch(/^helm cannot render \.\/none: path "\.\/none" not found\n$/)
    const without = 'PATH="$(dirname "$(command -v node)"):$(dirname "$(command -v pullgate)")"'
    expect(await shell(`rm "$(command -v helm)"; ${without}; pullgate check --helm db`)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--helm db needs helm, and there is none on the PATH: .*\n$/),
    })
  })
})

it('our own chart is checked like any other, with the image that its values name', async () => {
  const { shell, registry, write } = await helmed('http://127.0.0.1:1')
  registry.put('pullgate/pullgate', '1', singleImage('linux/amd64'))
  await write({
    'certs.d/registry.example/hosts.toml': `server = "http://${registry.host}"\n`,
    'good.yaml': 'image: { repository: registry.example/pullgate/pullgate, tag: "1" }\n',
    'bad.yaml': 'image: { tag: "2" }\n',
  })
  const good = await shell(`pullgate check --helm '${chart}' -f good.yaml -o json`)
  expect({ code: good.code, stderr: good.stderr }).toEqual({ code: 0, stderr: '' })
  expect(told(good.stdout).images).toMatchObject([{ image: 'registry.example/pullgate/pullgate:1' }])
  const bad = await shell(`pullgate check --helm '${chart}' -f good.yaml -f bad.yaml -o json`)
  expect(bad.code).toBe(1)
  expect(told(bad.stdout).findings.map(({ code }) => code)).toContain('not-found')
})
