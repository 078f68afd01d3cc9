import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Surroundings } from '../../src/commands/surroundings.ts'
import { multiArchImage, singleImage } from '../../src/demo/images.ts'
import type { Intercept } from '../../src/demo/registry.ts'
import { deployment } from '../cli/read.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { bearerGate, startTokenServer } from '../support/token-server.ts'
import { folder, pullgate, type Run } from './run-pullgate.ts'

const run = promisify(execFile)

/** A registry with an image that runs anywhere and one for arm64 alone. */
const stocked = async (options: Parameters<typeof registryFor>[0] = {}) => {
  const registry = await registryFor(options)
  registry.put('shop/web', '1', multiArchImage(['linux/amd64', 'linux/arm64']))
  registry.put('shop/arm', '1', singleImage('linux/arm64'))
  registry.put('shop/amd', '1', singleImage('linux/amd64'))
  return { ...registry, image: (name: string) => `${registry.host}/shop/${name}` }
}

const write = async (at: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(at, name)), { recursive: true })
    await writeFile(join(at, name), text)
  }
}

const checkIn = (at: string, args: readonly string[], given: Partial<Surroundings> = {}): Promise<Run> =>
  pullgate(['check', ...args], { folder: at, ...given })

const piped = (text: string): Partial<Surroundings> => ({ stdin: Readable.from([Buffer.from(text)]) })

interface Json {
  readonly outcome: string
  readonly findings: readonly {
    readonly code: string
    readonly file: string
    readonly line: number
    readonly column: number
  }[]
}

const places = ({ stdout }: Run): readonly string[] =>
  (JSON.parse(stdout) as Json).findings.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`)

describe('folders', () => {
  test('are gone through; hidden ones, node_modules and what is no manifest are passed over in silence', async () => {
    const { image } = await stocked()
    const at = await folder()
    const lost = deployment(image('lost:1'))
    await write(at, {
      'a/web.yaml': deployment(image('web:1')),
      'a/b/lost.yml': lost,
      'a/lost.json': JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        spec: { containers: [{ image: image('gone:1') }] },
      }),
      'a/lost.txt': lost,
      '.hidden/lost.yaml': lost,
      'node_modules/x/lost.yaml': lost,
      'values.yaml': 'image: nowhere.invalid/x:1\n',
      'broken.yaml': 'a: [\n',
    })
    const all = await checkIn(at, ['.', '-o', 'json'])
    expect(all).toMatchObject({ code: 1, stderr: '' })
    expect(places(all)).toEqual(['not-found a/b/lost.yml:10:18', 'not-found a/lost.json:1:64'])
    expect((await checkIn(at, ['a', '--exclude', 'b', '--exclude', '*.json'])).code).toBe(0)
    expect((await checkIn(at, ['.', 'broken.yaml'])).stderr).toContain('broken.yaml:')
    expect(places(await checkIn(at, ['a', '--include', '**/*.txt', '-o', 'json']))).toEqual([
      'not-found a/lost.txt:10:18',
    ])
  })

  test('links in circles end; what may not be read, or is broken, is said and hides nothing', async () => {
    const { image } = await stocked()
    const at = await folder()
    await write(at, {
      'a/lost.yaml': deployment(image('lost:1')),
      'a/binary.yaml': new Uint8Array([0, 1, 2]),
      'a/broken.yaml': `${deployment(image('web:1'))}---\nkind: Pod\napiVersion: v1\nspec: [image\n`,
      'a/big.yaml': new Uint8Array(65 * 1024 * 1024).fill(97),
      'a/\u001b[31m.yaml': 'kind: Pod\napiVersion: v1\nspec: [image\n',
    })
    await symlink('..', join(at, 'a/up'))
    await symlink('loop.yaml', join(at, 'a/loop.yaml'))
    await mkdir(join(at, 'a/locked'))
    await chmod(join(at, 'a/locked'), 0)
    const all = await checkIn(at, ['a', 'none.yaml', '-o', 'json'])
    expect(all.code).toBe(2)
    expect(places(all)).toEqual(['not-found a/lost.yaml:10:18'])
    expect(all.stderr).toContain('none.yaml does not exist\n')
    expect(all.stderr).toContain('a/binary.yaml is no text\n')
    expect(all.stderr).toContain('a/big.yaml is larger than 64 MiB, which no manifest is\n')
    expect(all.stderr).toMatch(/a\/broken\.yaml:\d+:\d+: .*\n/)
    expect(all.stderr).toContain('a/\\u{1b}[31m.yaml:')
  })

  test('no name and no word of a file is a command to a build service or a terminal', async () => {
    const { image } = await stocked()
    const at = await folder()
    const names = [
      '::warning::x',
      'x\n::error::y',
      '%0A::error::z',
      '##[error]v',
      '##vso[task.complete]',
      '\u001b[2Ku\u009b',
    ]
    for (const name of names) {
      await write(at, {
        [`lost ${name}.yaml`]: deployment(image('lost:1'), JSON.stringify(name)),
        [`${name}.yaml`]: `kind: Pod\napiVersion: v1\n::error::broken ##[error]: [image\n`,
        [`::${name}/Chart.yaml`]: 'name: web\n',
      })
    }
    const environment = { GITHUB_ACTIONS: 'true', CI: 'true' }
    for (const format of ['text', 'json', 'sarif', 'junit', 'gitlab', 'markdown', 'html', 'policyreport', 'github']) {
      const { code, stdout, stderr } = await checkIn(at, ['.', `::none\n::warning::w`, '-o', format], { environment })
      expect(code).toBe(2)
      for (const line of `${format === 'github' ? '' : stdout}\n${stderr}`.split('\n')) {
        expect(line).not.toMatch(/^\s*::|##\w*\[/)
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
      }
    }
    const asked = await checkIn(at, ['--image', '::error::x\n::error::y', '--image', '\u001b[2K##[error]'], {
      environment,
    })
    expect(`${asked.stdout}\n${asked.stderr}`).not.toMatch(/^\s*::|##\w*\[|[\u0000-\u0009\u001b]/m)
  })

  test('a chart’s templates are left to helm, and a word says so', async () => {
    const at = await folder()
    await write(at, { 'web/Chart.yaml': 'name: web\n', 'web/templates/web.yaml': 'kind: {{ x }}\napiVersion: v1\n' })
    const { code, stderr } = await checkIn(at, ['.'])
    expect(code).toBe(0)
    expect(stderr).toContain('web is a Helm chart: its templates are checked with --helm web')
  })
})

describe('the exit code', () => {
  test('is that of the worst: unreadable, denied, undetermined; and flags move it', async () => {
    const { image } = await stocked()
    const at = await folder()
    await write(at, {
      'good.yaml': deployment(image('web:1')),
      'lost.yaml': deployment(image('lost:1')),
      'down.yaml': deployment('127.0.0.1:1/x:1'),
      'arm.yaml': deployment(image('arm:1')).replace(
        'containers:',
        'nodeSelector: {kubernetes.io/arch: amd64}\n      containers:',
      ),
    })
    const code = async (...args: readonly string[]) => (await checkIn(at, args)).code
    expect(await code('good.yaml')).toBe(0)
    expect(await code('down.yaml')).toBe(3)
    expect(await code('down.yaml', '--unknown', 'pass')).toBe(0)
    expect(await code('down.yaml', '--unknown', 'fail')).toBe(1)
    expect(await code('down.yaml', 'lost.yaml')).toBe(1)
    expect(await code('down.yaml', 'lost.yaml', 'none.yaml')).toBe(2)
    // A pod that names its architecture needs no cluster to be judged.
    expect(await code('arm.yaml')).toBe(1)
    expect(await code('lost.yaml', '--mode', 'warn')).toBe(0)
    expect(await code('lost.yaml', '--mode', 'warn', '--fail-on', 'warn')).toBe(1)
    expect(await code('lost.yaml', '--mode', 'off')).toBe(0)
    await write(at, { 'pullgate.yaml': 'policy: {not-found: warn, unreachable: deny}\n' })
    expect(await code('lost.yaml')).toBe(0)
    expect(await code('down.yaml')).toBe(1)
  })

  test('a baseline lets what is known pass, and what is new fail', async () => {
    const { image } = await stocked()
    const at = await folder()
    await write(at, { 'a.yaml': deployment(image('lost:1')) })
    expect((await checkIn(at, ['.', '--write-baseline', 'known.json'])).code).toBe(0)
    expect((await checkIn(at, ['.', '--baseline', 'known.json', '--exclude', 'known.json'])).code).toBe(0)
    await write(at, { 'a.yaml': `# moved\n${deployment(image('lost:1'))}---\n${deployment(image('other:1'))}` })
    const again = await checkIn(at, ['.', '--baseline', 'known.json', '-o', 'json'])
    expect(places(again)).toEqual(['not-found a.yaml:22:18'])
    await write(at, { 'known.json': '{}' })
    expect(await checkIn(at, ['.', '--baseline', 'known.json'])).toMatchObject({
      code: 2,
      stderr: 'The baseline known.json is no baseline: write one with --write-baseline.\n',
    })
  })
})

describe('credentials', () => {
  const login = { username: 'puller', password: 'secret' }
  const wants =
    ({ username, password }: typeof login): Intercept =>
    (request, response) => {
      const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
      if (request.headers.authorization === expected) return false
      response.writeHead(401, { 'www-authenticate': 'Basic realm="shop"' }).end()
      return true
    }
  const pullSecret = (host: string, { username, password } = login, field = 'stringData'): string => {
    const config = JSON.stringify({ auths: { [host]: { username, password } } })
    const value = field === 'data' ? Buffer.from(config).toString('base64') : config
    return `---\napiVersion: v1\nkind: Secret\nmetadata: {name: pull}\ntype: kubernetes.io/dockerconfigjson\n${field}: {.dockerconfigjson: '${value}'}\n`
  }
  const account =
    '---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\nimagePullSecrets: [{name: pull}]\n'
  const sealed = '---\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: pull}\n'
  const pod = (image: string, secret = ''): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {imagePullSecrets: [${secret}], containers: [{name: web, image: "${image}"}]}\n`

  test.each<[string, (image: string, host: string) => string, readonly string[]]>([
    ['a Secret beside the pod', (image, host) => pod(image, '{name: pull}') + pullSecret(host), []],
    ['a Secret with data', (image, host) => pod(image, '{name: pull}') + pullSecret(host, login, 'data'), []],
    ['the Secret of its ServiceAccount', (image, host) => pod(image) + account + pullSecret(host), []],
    [
      'a wrong password',
      (image, host) => pod(image, '{name: pull}') + pullSecret(host, { username: 'puller', password: 'old' }),
      ['denied'],
    ],
    [
      'no secret at all, and an account that has none',
      image => pod(image) + account.replace(/imagePull.*/, ''),
      ['denied'],
    ],
    ['an account that is not known here', image => pod(image), ['unknown-credentials']],
    ['a secret that is not known here', image => pod(image, '{name: pull}'), ['unknown-credentials']],
    ['a sealed secret', image => pod(image, '{name: pull}') + sealed, ['unknown-credentials']],
    [
      'a secret that sops encrypted',
      (image, host) => `${pod(image, '{name: pull}')}${pullSecret(host)}sops: {mac: x}\n`,
      ['unknown-credentials'],
    ],
  ])('%s', async (_, text, codes) => {
    const registry = await registryFor({ intercept: wants(login) })
    registry.put('shop/web', '1', singleImage('linux/amd64'))
    const result = await checkIn('/', ['-', '-o', 'json'], piped(text(`${registry.host}/shop/web:1`, registry.host)))
    expect((JSON.parse(result.stdout) as Json).findings.map(({ code }) => code)).toEqual(codes)
  })

  test('a wrong tag of a repository that is open to everybody is found without them', async () => {
    const tokens = closedAfterTest(await startTokenServer())
    const registry = await registryFor({ intercept: bearerGate({ tokens }) })
    registry.put('shop/web', '1.4.0', singleImage('linux/amd64'))
    const manifest = piped(
      `${pod(`${registry.host}/shop/web:1.40`)}---\n${pod(`${registry.host}/shop/web:1.41`, '{name: pull}')}`,
    )
    const result = await checkIn('/', ['-', '-o', 'json'], manifest)
    expect(result.code).toBe(1)
    expect((JSON.parse(result.stdout) as Json).findings.map(({ code }) => code)).toEqual(['not-found', 'not-found'])
  })

  test('--secret gives a Secret, or a configuration of docker, by hand; it counts for --image too', async () => {
    const registry = await registryFor({ intercept: wants(login) })
    registry.put('shop/web', '1', singleImage('linux/amd64'))
    const image = `${registry.host}/shop/web:1`
    const at = await folder()
    await write(at, {
      'pod.yaml': pod(image, '{name: pull}'),
      'pull.yaml': pullSecret(registry.host),
      'config.json': JSON.stringify({
        auths: { [registry.host]: { auth: Buffer.from('puller:secret').toString('base64') } },
      }),
      'other.yaml': 'a: 1\n',
    })
    expect((await checkIn(at, ['pod.yaml'])).code).toBe(3)
    for (const file of ['pull.yaml', 'config.json']) {
      expect((await checkIn(at, ['pod.yaml', '--secret', file])).code).toBe(0)
      expect((await checkIn(at, ['--image', image, '--secret', file])).code).toBe(0)
    }
    expect((await checkIn(at, ['--image', image])).code).toBe(1)
    expect((await checkIn(at, ['pod.yaml', '--secret', 'other.yaml'])).stderr).toContain(
      'neither a Secret nor a docker',
    )
  })
})

describe('a RuntimeClass', () => {
  const runtimeClass = (scheduling: string): string =>
    `apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: arm}\nhandler: runc\n${scheduling}\n`
  const selecting = runtimeClass('scheduling: {nodeSelector: {kubernetes.io/arch: arm64}}')
  const pod = (image: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {runtimeClassName: arm, containers: [{name: web, image: "${image}"}]}\n`
  const onAmd = ['--platform', 'linux/amd64', '-o', 'json'] as const

  test('in the manifests counts for the pods that name it, as one of the cluster does', async () => {
    const { image } = await stocked()
    const at = await folder()
    await write(at, { 'pod.yaml': pod(image('arm:1')), 'classes/arm.yaml': selecting })
    const codes = async (...args: readonly string[]) =>
      (JSON.parse((await checkIn(at, args)).stdout) as Json).findings.map(({ code }) => code)
    // Of a class that is not known nothing is known but the nodes that there are.
    expect(await codes('pod.yaml', ...onAmd)).toEqual(['other-platform'])
    expect(await codes('.', ...onAmd)).toEqual([])
    await write(at, { 'classes/arm.yaml': runtimeClass('') })
    expect(await codes('.', ...onAmd)).toEqual(['other-platform'])
    await write(at, { 'classes/arm.yaml': selecting, 'pod.yaml': pod(image('amd:1')) })
    expect(await codes('.', '-o', 'json')).toEqual(['other-platform'])
  })
})

test('500 manifests of one image are one dialogue, found or not', async () => {
  const registry = await stocked()
  const texts = (name: string) =>
    Array.from({ length: 500 }, (_, at) => deployment(registry.image(name), `web-${at}`)).join('---\n')
  expect((await checkIn('/', ['-'], piped(texts('web:1')))).code).toBe(0)
  expect(registry.requests.filter(({ path }) => path.endsWith('/manifests/1'))).toHaveLength(1)
  expect((await checkIn('/', ['-', '-o', 'json'], piped(texts('lost:1')))).code).toBe(1)
  expect(registry.requests.filter(({ path }) => path.endsWith('/shop/lost/manifests/1')).length).toBeLessThanOrEqual(3)
})

const aliasBomb = Array.from(
  { length: 40 },
  (_, at) => `a${at}: &a${at} [${at === 0 ? 'x' : `*a${at - 1}, *a${at - 1}`}]\n`,
).join('')

describe('outputs', () => {
  test('several at once, whole or not at all', async () => {
    const { image } = await stocked()
    const at = await folder()
    await write(at, { 'a.yaml': deployment(image('lost:1')) })
    const both = await checkIn(at, [
      '.',
      '-o',
      'text',
      '-o',
      'sarif=out.sarif',
      '-o',
      'junit=out.xml',
      '-o',
      'html=out.html',
    ])
    expect(both.code).toBe(1)
    expect(both.stdout).toContain('not-found')
    expect((await readdir(at)).toSorted()).toEqual(['a.yaml', 'out.html', 'out.sarif', 'out.xml'])
    expect(JSON.parse(await readFile(join(at, 'out.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' })
    const nowhere = await checkIn(at, ['.', '-o', 'json=none/out.json'])
    expect(nowhere).toMatchObject({ code: 2 })
    expect(nowhere.stderr).toContain('none/out.json cannot be written: its folder does not exist.')
  })

  test('the summary of a step is added to, where GitHub names a file for it', async () => {
    const { image } = await stocked()
    const at = await folder()
    await write(at, { 'a.yaml': deployment(image('lost:1')), 'summary.md': 'before\n' })
    const environment = { GITHUB_STEP_SUMMARY: join(at, 'summary.md') }
    const { stdout } = await checkIn(at, ['.', '-o', 'github'], { environment })
    expect(stdout).toContain('::error ')
    expect(await readFile(join(at, 'summary.md'), 'utf8')).toMatch(/^before\n[\s\S]*not-found/)
  })

  test('colours follow NO_COLOR and FORCE_COLOR', async () => {
    const { image } = await stocked()
    const at = await folder()
    await write(at, { 'a.yaml': deployment(image('lost:1')) })
    const hasColours = async (environment: Surroundings['environment']) =>
      (await checkIn(at, ['.'], { environment })).stdout.includes('\u001b[')
    expect(await hasColours({})).toBe(false)
    expect(await hasColours({ FORCE_COLOR: '1' })).toBe(true)
    expect(await hasColours({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
  })

  test('of a ResourceList a ResourceList comes out, comments and all, with results', async () => {
    const { image } = await stocked()
    const text = `apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
  - apiVersion: v1
    kind: Pod
    metadata:
      name: web # stays
      annotations: {config.kubernetes.io/path: pods/web.yaml, config.kubernetes.io/index: "2"}
    spec: {containers: [{name: web, image: "${image('lost:1')}"}]}
`
    const { code, stdout } = await checkIn('/', ['-'], piped(text))
    expect(code).toBe(1)
    expect(stdout).toContain('name: web # stays')
    expect(stdout).toMatch(/results:\n[\s\S]*severity: error/)
    expect(stdout).toContain('path: pods/web.yaml')
    expect(stdout).toContain('index: 2')
    const good = text.replace('lost:1', 'web:1')
    expect(await checkIn('/', ['-'], piped(good))).toMatchObject({ code: 0, stderr: '' })
  })

  test('what earlier functions found stays among the results of a ResourceList', async () => {
    const { image } = await stocked()
    const list = (results: string, name = 'lost:1'): string =>
      `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{image: "${image(name)}"}]}}\n${results}`
    const messages = async (text: string): Promise<readonly string[]> => {
      const { stdout } = await checkIn('/', ['-'], piped(text))
      const { results = [] } = parse(stdout) as { readonly results?: readonly { readonly message: string }[] }
      return results.map(({ message }) => message.replace(/.*\[not-found\]$/, 'ours'))
    }
    const before =
      'results: # of the functions before\n- message: first # kept\n  severity: info\n- {message: second}\n'
    expect(await messages(list(before))).toEqual(['first', 'second', 'ours'])
    expect((await checkIn('/', ['-'], piped(list(before)))).stdout).toContain('message: first # kept')
    expect(await messages(list(before, 'web:1'))).toEqual(['first', 'second'])
    expect(await messages(list(''))).toEqual(['ours'])
    expect(await messages(list('results: []\n'))).toEqual(['ours'])
    expect(await messages(list('results:\n'))).toEqual(['ours'])
    expect(await messages(`x: &x [{message: first}]\n${list('results: *x\n')}`)).toEqual(['first', 'ours'])
  })

  test.each<[string, string, RegExp]>([
    [
      '20,000 lists in one another',
      `items: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n`,
      /nested deeper than 200 levels/,
    ],
    ['20,000 lists of lists', `items:\n  ${'- '.repeat(20_000)}x\n`, /nested deeper than 200 levels/],
    ['aliases that stand for billions', aliasBomb, /stands for more than 1000000 values/],
    ['another document beside it', 'items: []\n---\na: 1\n', /there are other documents beside it/],
    ['brackets that do not close', 'items: [\n', /cannot be handed on: it is broken/],
  ])('a ResourceList with %s is not handed on, and a sentence says why', async (_, rest, said) => {
    const { code, stdout, stderr } = await checkIn('/', ['-'], piped(`kind: ResourceList\napiVersion: x/v1\n${rest}`))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(said)
  })
})

describe('other programs', () => {
  const program = async (at: string, name: string, script: string): Promise<Surroundings['environment']> => {
    await write(at, { [`bin/${name}`]: `#!/bin/sh\n${script}\n` })
    await chmod(join(at, 'bin', name), 0o755)
    return { PATH: `${join(at, 'bin')}:/usr/bin:/bin` }
  }

  test('kustomize renders a folder, helm a chart with its values', async () => {
    const { image } = await stocked()
    const at = await folder()
    await write(at, { 'out.yaml': deployment(image('lost:1')) })
    const environment = await program(at, 'kustomize', `test "$*" = "build live" && cat out.yaml`)
    const built = await checkIn(at, ['-k', 'live', '-o', 'json'], { environment })
    expect(places(built)).toEqual(['not-found live:10:18'])
    await program(at, 'helm', `test "$*" = "template release web --values a.yaml --values b.yaml" && cat out.yaml`)
    const chart = await checkIn(at, ['--helm', 'web', '-f', 'a.yaml', '-f', 'b.yaml', '-o', 'json'], { environment })
    expect(places(chart)).toEqual(['not-found web:10:18'])
  })

  test('what is missing, or fails, is said in a sentence', async () => {
    const at = await folder()
    const none = { environment: { PATH: at } }
    expect(await checkIn(at, ['-k', 'live'], none)).toMatchObject({
      code: 2,
      stderr:
        '-k live needs kustomize or kubectl, and neither is on the PATH: install one, or pipe what it renders into "pullgate check -".\n',
    })
    expect((await checkIn(at, ['--helm', 'web'], none)).stderr).toContain(
      '--helm web needs helm, and there is none on the PATH',
    )
    expect((await checkIn(at, ['--changed', 'main'], none)).stderr).toBe(
      '--changed needs git, and there is none on the PATH.\n',
    )
    const environment = await program(at, 'kustomize', 'echo "Error: no such thing" >&2; exit 1')
    expect((await checkIn(at, ['-k', 'live'], { environment })).stderr).toBe(
      'kustomize cannot render live: no such thing\n',
    )
    await program(at, 'kustomize', 'yes "kind: Pod"')
    expect((await checkIn(at, ['-k', 'live'], { environment })).stderr).toBe(
      'kustomize cannot render live: it says more than 64 MiB\n',
    )
  })

  test('--changed judges what came since a branch was left, with the secrets of the rest', async () => {
    const { image } = await stocked()
    const at = await folder()
    const git = (...args: readonly string[]) =>
      run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'init.defaultBranch=main', ...args], { cwd: at })
    await write(at, { 'old.yaml': deployment(image('old:1')), 'a/same.yaml': deployment(image('same:1')) })
    await git('init', '-q')
    await git('add', '.')
    await git('commit', '-qm', 'a')
    await git('checkout', '-qb', 'topic')
    await write(at, { 'a/new ü.yaml': deployment(image('new:1')) })
    await git('add', '.')
    await git('commit', '-qm', 'b')
    await write(at, { 'a/same.yaml': deployment(image('edited:1')) })
    const environment = { PATH: '/usr/bin:/bin' }
    const changed = async (...args: readonly string[]) =>
      places(await checkIn(at, [...args, '-o', 'json'], { environment }))
    expect(await changed('--changed', 'main')).toEqual(['not-found a/new ü.yaml:10:18', 'not-found a/same.yaml:10:18'])
    expect(await changed('--changed', 'main..topic')).toEqual(['not-found a/new ü.yaml:10:18'])
    await write(at, {
      'b/untracked.yaml': deployment(image('untracked:1')),
      'b/passed-over.yaml': deployment(image('passed-over:1')),
      '.gitignore': 'passed-over.yaml\n',
    })
    const untracked = 'not-found b/untracked.yaml:10:18'
    expect(await changed('b', '--changed', 'main')).toEqual([untracked])
    const inside = await checkIn(join(at, 'b'), ['--changed', 'main', '-o', 'json'], { environment })
    expect(places(inside)).toEqual(['not-found untracked.yaml:10:18'])
    expect(await changed('b', '--changed', 'main..topic')).toEqual([])
    const unknown = await checkIn(at, ['--changed', 'nowhere'], { environment })
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toMatch(/^git cannot tell what changed since nowhere: .*fetch its history first/)
    expect((await checkIn(at, ['--changed', '--output=x'], { environment })).code).toBe(2)
  })
})

test('a list of images comes by standard input', async () => {
  const { image } = await stocked()
  const list = `# of the cluster\n${image('web:1')}\n\n${image('web:1')}\r\n${image('lost:1')}\n`
  const { code, stdout } = await checkIn('/', ['--image', '-'], piped(list))
  expect(code).toBe(1)
  expect(stdout.match(/^(pass|fail) /gm)).toEqual(['pass ', 'fail '])
})

test('explain prints the page of a verdict, and lists them all', async () => {
  expect((await pullgate(['explain', 'not-found'])).stdout).toMatch(/^# `not-found`\n/)
  expect((await pullgate(['explain'])).stdout).toMatch(/^not-found {2,}The registry has no such/m)
  expect(await pullgate(['explain', 'notfound'])).toMatchObject({
    code: 2,
    stderr: '"notfound" is no code: did you mean not-found? "pullgate explain" lists them all.\n',
  })
})
