import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { version } from '../../src/commands/version.ts'
import { allBlocksOf } from '../docs/blocks.ts'
import { type Parsed, textOf, yamlOf } from './files.ts'

describe('the action for GitHub', () => {
  it('hands each input to a step by its environment, and none to a shell as text', async () => {
    const { inputs, runs } = await yamlOf('action.yml')
    const given = runs.steps.flatMap((step: Parsed) => Object.values({ ...step.env, at: step['working-directory'] }))
    const used = given.map((value: unknown) => /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(String(value))?.[1])
    expect(used.filter((name: unknown) => name !== undefined).toSorted()).toEqual(Object.keys(inputs).toSorted())
    for (const { run = '', shell } of runs.steps.filter((step: Parsed) => 'run' in step)) {
      expect(run).not.toContain('${{')
      expect(shell).toBe('bash')
    }
  })

  it('takes its outputs from steps that it has', async () => {
    const { outputs, runs } = await yamlOf('action.yml')
    const steps = new Map<string, Parsed>(runs.steps.map((step: Parsed) => [step.id, step]))
    for (const [name, { value }] of Object.entries<Parsed>(outputs)) {
      const [, step = '', output = ''] = /^\$\{\{ steps\.(\w+)\.outputs\.([\w-]+) \}\}$/.exec(value) ?? []
      expect(steps.get(step)?.run).toContain(`"${output}=`)
      expect(output).toBe(name)
    }
  })
})

it('the hook for pre-commit says all that pre-commit wants to know', async () => {
  const [hook, ...others] = await yamlOf('.pre-commit-hooks.yaml')
  expect(others).toEqual([])
  expect(hook).toMatchObject({ id: 'pullgate', language: 'node', pass_filenames: false })
  const files = new RegExp(hook.files)
  expect(['a/web.yaml', 'web.yml', 'list.json', 'web.yaml.bak', 'README.md'].map(name => files.test(name))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
  // A hook is installed by the name that the package gives its program.
  const { bin } = JSON.parse(await textOf('package.json'))
  expect(Object.keys(bin)).toContain(hook.entry.split(' ')[0])
})

// What krew itself wants: krew internal/index/validation/validate.go, and docs of krew-release-bot on the template.
it('the manifest for krew is whole once the release has filled it in', async () => {
  const address = /\{\{addURIAndSha "([^"]+)" \.TagName \}\}/
  const template = await textOf('.krew.yaml')
  const filled = template
    .replace(address, (_, uri) => `uri: ${uri}\n    sha256: ${'a'.repeat(64)}`)
    .replaceAll('{{ .TagName }}', `v${version}`)
  const { apiVersion, kind, metadata, spec } = parse(filled)
  expect({ apiVersion, kind, metadata }).toEqual({
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: 'pullgate' },
  })
  expect(spec.version).toMatch(/^v\d+\.\d+\.\d+$/)
  expect(spec.shortDescription).toMatch(/^[^\n]{1,60}$/)
  expect(spec.platforms).toHaveLength(1)
  expect(spec.platforms[0]).toMatchObject({
    uri: `https://github.com/pullgate/pullgate/releases/download/v${version}/kubectl-pullgate.tar.gz`,
    sha256: 'a'.repeat(64),
    bin: 'kubectl-pullgate',
  })
})

it('everything that names a version names this one', async () => {
  const page = (await allBlocksOf('gitops.md')).map(({ text }) => text).join('\n')
  const named = [...page.matchAll(/pullgate(?:@v?|\/v|:)(\d+\.\d+\.\d+)|rev: v(\S+)/g)].map(([, a, b]) => a ?? b)
  expect(named.length).toBeGreaterThan(4)
  expect(new Set(named)).toEqual(new Set([version]))
  const { pullgate } = await yamlOf('templates/pullgate.yml')
  expect(pullgate.variables.PULLGATE_VERSION).toBe(version)
})

it('the blocks of docs/gitops.md in YAML are YAML', async () => {
  const blocks = (await allBlocksOf('gitops.md')).filter(({ language }) => language === 'yaml')
  expect(blocks.length).toBeGreaterThan(4)
  for (const { text } of blocks.flatMap(({ text }) => text.split(/^---$/m).map(part => ({ text: part }))))
    expect(parse(text)).toBeTypeOf('object')
})
