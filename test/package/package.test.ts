import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

// Packing builds: seconds, and more where others work too.
const installMs = 80_000

describe('the package, installed into an empty folder', () => {
  let folder = ''
  let main = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pullgate-package-'))
    await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root })
    await run('npm', ['install', '--silent', '--prefer-offline', '--no-audit', '--no-fund', './pullgate-0.1.0.tgz'], {
      cwd: folder,
    })
    main = join(folder, 'node_modules/.bin/pullgate')
  }, installMs)

  afterAll(() => rm(folder, { recursive: true }))

  const pullgate = async (args: readonly string[], nodeFlags: readonly string[] = []): Promise<Ended> => {
    try {
      const { stdout, stderr } = await run(process.execPath, [...nodeFlags, main, ...args], { cwd: folder })
      return { code: 0, stdout, stderr }
    } catch (error) {
      return error as Ended
    }
  }

  test('holds what it runs, its pages and its schema, and neither tests nor sources', async () => {
    const inside = join(folder, 'node_modules/pullgate')
    expect((await readdir(inside)).toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'docs',
      'package.json',
      'schemas',
    ])
    expect(await readdir(join(inside, 'schemas'))).toEqual(['report.v1.json'])
    expect(await readdir(join(inside, 'docs'))).toEqual(['verdicts'])
  })

  test('needs no other package, and tells of each that it is made of', async () => {
    const inside = join(folder, 'node_modules')
    expect((await readdir(inside)).filter(name => !name.startsWith('.'))).toEqual(['pullgate'])
    const textOf = (name: string): Promise<string> => readFile(join(inside, 'pullgate/dist', name), 'utf8')
    const { components } = JSON.parse(await textOf('pullgate.cdx.json'))
    const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
    for (const name of ['fastify', 'undici', 'ajv', '@kubernetes/client-node', '@peculiar/x509'])
      expect(components).toContainEqual(
        expect.objectContaining({
          name,
          purl: `pkg:npm/${name.replace('@', '%40')}@${packages[`node_modules/${name}`].version}`,
        }),
      )
    const licenses = await textOf('licenses.txt')
    for (const { name, version } of components) expect(licenses).toContain(`${name} ${version} (`)
  })

  test('says how it is used', async () => {
    const { code, stdout } = await pullgate(['--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: pullgate')
    expect((await pullgate(['--version'])).stdout).toMatch(/^0\.1\.0(?: \([0-9a-f]{12}\))?\n$/)
  })

  test('shows its tour', async () => {
    const { code, stdout } = await pullgate(['demo'])
    expect(code).toBe(0)
    for (const said of [
      'did you mean 1.4.0? [not-found]',
      '[no-platform]',
      '[invalid-reference]',
      'deployment.apps/web created',
    ])
      expect(stdout.replace(/\s+/g, ' ')).toContain(said)
  })

  test('serves until it is asked to stop', async () => {
    const served = spawn(process.execPath, [main, 'serve', '--port', '0'], { cwd: folder })
    const [line] = (await once(served.stdout, 'data')) as [Buffer]
    expect(line.toString()).toMatch(/^pullgate serves https:\/\/127\.0\.0\.1:\d+\/validate\n$/)
    served.kill('SIGTERM')
    expect(await once(served, 'exit')).toEqual([0, null])
  })

  test('says in one sentence that a Node is too old, and ends with 2', async () => {
    const pretend =
      'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"22.18.0"}})'
    const { code, stdout, stderr } = await pullgate(['--help'], ['--import', pretend])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^pullgate needs Node 22\.19 or later, and this is v[\d.]+\.\n$/)
  })

  test.each([
    [['srve'], "error: unknown command 'srve'\n(Did you mean serve?)"],
    [['serve', '--prot', '1'], "error: unknown option '--prot'\n(Did you mean --port?)"],
    [['serve', '--port', '99999'], 'A port is a number up to 65535.'],
    [['serve', '--platform', 'x/y/z/w'], '"x/y/z/w" is not a platform such as linux/amd64'],
    [['serve', '--mode', 'strict'], 'Allowed choices are enforce, warn, audit, off.'],
    [['demo', 'more'], 'too many arguments'],
    [[], 'Usage: pullgate'],
  ])('answers %j with where help is, and ends with 2', async (args, said) => {
    const { code, stdout, stderr } = await pullgate(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(said)
    expect(stderr).toMatch(/--help" lists all that may be said\.|^Usage: pullgate/m)
  })

  test('says in one sentence that a file cannot be written', async () => {
    const { code, stderr } = await pullgate(['serve', '--port', '0', '--ca-file', 'no/such/folder/ca.pem'])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'no/such/folder/ca.pem cannot be written (ENOENT): choose another with --ca-file.\n',
    })
  })
})
