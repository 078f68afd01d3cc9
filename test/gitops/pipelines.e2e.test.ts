import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { allBlocksOf } from '../docs/blocks.ts'
import { badManifest, goodManifest, type Workshop, workshopFor } from '../docs/workshop.ts'
import { type Parsed, textOf, yamlOf } from './files.ts'

const root = join(import.meta.dirname, '../..')

const found = 'image "registry.example/shop/web:1.4" not found'

const repository = async (): Promise<Workshop> => {
  const workshop = await workshopFor()
  await workshop.write({ 'deploy/good.yaml': goodManifest, 'deploy/bad.yaml': badManifest, '.gitignore': '.runner\n' })
  await workshop.shell('rm -r examples')
  return workshop
}

const committed = async (workshop: Workshop, message: string): Promise<void> => {
  const who = '-c user.name=test -c user.email=test@registry.example'
  const { code, stderr } = await workshop.shell(
    `[ -d .git ] || git init -q -b main; git add . && git ${who} commit -qm "${message}"`,
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
}

/** Runs the steps of the action as GitHub's runner does: inputs by the environment, files for what a step says. */
const runAction = async (workshop: Workshop, inputs: Readonly<Record<string, string>>) => {
  const action = await yamlOf('action.yml')
  const runner = join(workshop.folder, '.runner')
  await mkdir(runner, { recursive: true })
  for (const name of ['output', 'summary']) await writeFile(join(runner, name), '')
  // In the place of npm: puts the workshop's pullgate where the package would be.
  const install = `[ "$1" = install ] && [ "$2" = --prefix ] || exit 9
mkdir -p "$3/node_modules/.bin"
echo "$*" > "$3/asked"
cp "$(command -v pullgate)" "$3/node_modules/.bin/"`
  await workshop.program('npm', install)
  const given = (value: unknown): string =>
    String(value).replace(/^\$\{\{ inputs\.([\w-]+) \}\}$/, (_, name) => inputs[name] ?? action.inputs[name].default)
  let last = { code: 0, stdout: '', stderr: '' }
  for (const step of action.runs.steps.filter(({ run }: Parsed) => run !== undefined)) {
    const environment = {
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      RUNNER_TEMP: runner,
      GITHUB_ACTION_PATH: root,
      GITHUB_OUTPUT: join(runner, 'output'),
      GITHUB_STEP_SUMMARY: join(runner, 'summary'),
      ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, given(value)])),
    }
    last = await workshop.shell(step.run, environment)
    if (last.code !== 0) break
  }
  const read = (name: string): Promise<string> => readFile(join(runner, name), 'utf8')
  return { ...last, output: await read('output'), summary: await read('summary'), asked: await read('pullgate/asked') }
}

describe('the action for GitHub', () => {
  it('annotates what is denied, writes the summary and a SARIF file, and says how it ended', async () => {
    const workshop = await repository()
    const inputs = { paths: '\n  deploy/good.yaml\n  deploy/bad.yaml\n', sarif: 'out.sarif' }
    const ended = await runAction(workshop, inputs)
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 1, stderr: '' })
    expect(ended.stdout).toMatch(/^::error file=deploy\/bad\.yaml,line=7,col=14,title=not-found/)
    expect(ended.summary).toContain('not-found')
    expect(ended.output).toContain('exit-code=1\n')
    expect(ended.output).toContain('fits=true\n')
    const { version } = JSON.parse(await textOf('package.json'))
    expect(ended.asked).toContain(`pullgate@${version}`)
    const sarif = JSON.parse(await readFile(join(workshop.folder, 'out.sarif'), 'utf8'))
    expect(sarif.runs[0].results).toHaveLength(1)
  })

  it('judges only what a pull request changes, and takes further arguments line by line', async () => {
    const workshop = await repository()
    await committed(workshop, 'first')
    await workshop.write({ 'deploy/good.yaml': goodManifest.replace('name: web,', 'name: web-2,') })
    const inputs = { paths: 'deploy', changed: 'main', arguments: '--platform\nlinux/amd64\n' }
    const ended = await runAction(workshop, inputs)
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' })
    expect(ended.stdout).toContain('pass')
    expect(ended.output).toContain('exit-code=0\n')
  })
})

it('the job for GitLab writes code quality and tests, and fails on what is denied', async () => {
  const workshop = await repository()
  const { pullgate: job } = await yamlOf('templates/pullgate.yml')
  const [example] = (await allBlocksOf('gitops.md')).filter(({ text }) => text.includes('PULLGATE_PATHS'))
  const { pullgate: ours } = parse(example?.text ?? '')
  await workshop.program('npx', 'echo "$2" > asked; shift 2; exec pullgate "$@"')
  const ended = await workshop.shell(job.script.join('\n'), { ...job.variables, ...ours.variables, CI: 'true' })
  expect(ended.code).toBe(1)
  expect(ended.stdout).toContain(found)
  const { codequality, junit } = job.artifacts.reports
  const read = (name: string): Promise<string> => readFile(join(workshop.folder, name), 'utf8')
  expect(JSON.parse(await read(codequality))).toMatchObject([
    { check_name: 'not-found', severity: 'critical', location: { path: 'deploy/bad.yaml', lines: { begin: 7 } } },
  ])
  expect(await read(junit)).toContain('<failure')
  expect(await read('asked')).toBe(`pullgate@${job.variables.PULLGATE_VERSION}\n`)
})

it('the step for Jenkins writes its tests, and fails on what is denied', async () => {
  const workshop = await repository()
  const [pipeline] = (await allBlocksOf('gitops.md')).filter(({ language }) => language === 'groovy')
  const [, script = ''] = /sh '([^']+)'/.exec(pipeline?.text ?? '') ?? []
  await workshop.program('npx', 'shift 2; exec pullgate "$@"')
  const ended = await workshop.shell(script, { npm_config_cache: '.npm' })
  expect(ended.code).toBe(1)
  expect(await readFile(join(workshop.folder, 'pullgate.xml'), 'utf8')).toContain('<failure')
})

it('the hook for pre-commit judges what is about to be committed, and nothing else', async () => {
  const workshop = await repository()
  const [{ entry, args }] = await yamlOf('.pre-commit-hooks.yaml')
  const hook = [entry, ...args].join(' ')
  await committed(workshop, 'a mistake that is there already')
  await workshop.write({ 'deploy/next.yaml': goodManifest })
  await workshop.shell('git add .')
  expect(await workshop.shell(hook)).toMatchObject({ code: 0 })
  await workshop.write({ 'deploy/next.yaml': badManifest })
  await workshop.shell('git add .')
  const refused = await workshop.shell(hook)
  expect(refused.code).toBe(1)
  expect(refused.stdout).toContain('deploy/next.yaml')
  expect(refused.stdout).not.toContain('deploy/bad.yaml')
})

it('the hook of Argo CD asks for the image of the release, with the pull secret of the pods', async () => {
  const workshop = await workshopFor()
  const [block] = (await allBlocksOf('gitops.md')).filter(({ text }) => text.includes('PreSync'))
  const { spec } = parse(block?.text ?? '').spec.template
  const [container] = spec.containers
  const login = join(workshop.folder, 'login.json')
  await workshop.write({ 'login.json': '{"auths":{"registry.example":{"auth":"dXNlcjpwYXNz"}}}' })
  const run = (image: string) => {
    const args = container.args
      .map((arg: string) => arg.replace('{{ .Values.image }}', image).replace('/login/.dockerconfigjson', login))
      .map((arg: string) => (arg === '--wait=10m' ? '--wait=0s' : arg))
    return workshop.shell(`pullgate ${args.join(' ')}`)
  }
  expect(await run('registry.example/shop/web:1.4.0')).toMatchObject({ code: 0, stderr: '' })
  expect(await run('registry.example/shop/web:1.4')).toMatchObject({ code: 1 })
})
