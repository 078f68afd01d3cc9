import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { singleImage } from '../../src/demo/images.ts'
import { registryFor } from '../support/lifetime.ts'
import { folder, pullgate } from './run-pullgate.ts'

const written = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const path = await folder()
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true })
    await writeFile(join(path, name), text)
  }
  return path
}

describe('pullgate config validate', () => {
  test('says in one line that a file is valid', async () => {
    const path = await written({ 'a.yaml': 'mode: warn\n' })
    expect(await pullgate(['config', 'validate', 'a.yaml'], { folder: path })).toEqual({
      code: 0,
      stdout: 'a.yaml is valid.\n',
      stderr: '',
    })
  })

  test('says all five mistakes of a file, with line and column', async () => {
    const path = await written({
      'a.yaml':
        'mode: strict\nowned: wran\ncache:\n  foundSecond: 1\nplatforms: [x/y/z/w]\nserve: { timeoutSeconds: 0 }\n',
    })
    const { code, stdout, stderr } = await pullgate(['config', 'validate', 'a.yaml'], { folder: path })
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    expect(stdout.split('\n')).toEqual([
      'a.yaml:1:7: mode: "strict" is none of enforce, warn, audit, off',
      'a.yaml:2:8: owned: "wran" is none of enforce, warn, skip; did you mean warn?',
      'a.yaml:4:3: cache.foundSecond: there is no option "foundSecond"; did you mean foundSeconds?',
      'a.yaml:5:13: platforms[0]: "x/y/z/w" is not a platform such as linux/amd64: it has more than three parts',
      'a.yaml:6:26: serve.timeoutSeconds: 0 is below 1',
      '',
    ])
  })

  test.each([
    ['none.yaml', 'none.yaml cannot be read (ENOENT): no configuration was taken from it.\n'],
    ['.', '. cannot be read (ENOTFILE): no configuration was taken from it.\n'],
    ['big.yaml', 'big.yaml is larger than 1 MiB, which no configuration is.\n'],
  ])('says in a sentence that %s cannot be read', async (name, sentence) => {
    const path = await written({ 'big.yaml': ' '.repeat(1024 * 1024 + 1) })
    expect(await pullgate(['config', 'validate', name], { folder: path })).toEqual({
      code: 2,
      stdout: '',
      stderr: sentence,
    })
  })

  test('says that a file is not UTF-8', async () => {
    const path = await folder()
    await writeFile(join(path, 'a.yaml'), Buffer.from('mode: warn # \xff\n', 'latin1'))
    const { code, stdout } = await pullgate(['config', 'validate', 'a.yaml'], { folder: path })
    expect({ code, stdout }).toEqual({ code: 2, stdout: 'a.yaml is not UTF-8.\n' })
  })

  test('wants a file', async () => {
    const { code, stderr } = await pullgate(['config', 'validate'])
    expect(code).toBe(2)
    expect(stderr).toContain("missing required argument 'file'")
  })
})

test('pullgate config schema prints a schema that another validator can use', async () => {
  const { code, stdout } = await pullgate(['config', 'schema'])
  expect(code).toBe(0)
  const validate = new Ajv({ validateFormats: false }).compile(JSON.parse(stdout))
  expect(validate({ mode: 'warn', policy: { 'not-found': 'warn' } })).toBe(true)
  expect(validate({ mod: 'warn' })).toBe(false)
})

test('pullgate config with no command, or another, is wrong usage', async () => {
  expect(await pullgate(['config'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('validate <file>'),
  })
  const other = await pullgate(['config', 'vaildate', 'a'])
  expect(other.code).toBe(2)
  expect(other.stderr).toContain('(Did you mean validate?)')
})

describe('pullgate config show', () => {
  const show = async (path: string, ...more: readonly string[]) => {
    const { code, stdout, stderr } = await pullgate(['config', 'show', ...more], { folder: path })
    if (code !== 0) throw new Error(stderr)
    return { first: stdout.split('\n')[0], value: parse(stdout) as Record<string, unknown> }
  }

  test('prints the defaults where there is no file, as a configuration that can be read again', async () => {
    const path = await folder()
    const { code, stdout } = await pullgate(['config', 'show'], { folder: path })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^# There is no file: these are the defaults\.\nmode: enforce\n/)
    await writeFile(join(path, 'again.yaml'), stdout)
    expect((await show(path, '--config', 'again.yaml')).value).toEqual(parse(stdout))
  })

  test('prints the file that was named, with its paths taken from its folder', async () => {
    const path = await written({ 'etc/a.yaml': 'registries: { ca: [ca.pem, /b.pem], certsDir: [certs.d] }' })
    const { first, value } = await show(path, '--config', 'etc/a.yaml')
    expect(first).toBe('# From etc/a.yaml, with all defaults.')
    expect(value['registries']).toMatchObject({
      ca: [join(path, 'etc/ca.pem'), '/b.pem'],
      certsDir: [join(path, 'etc/certs.d')],
    })
  })

  test('finds pullgate.yaml in the folder before the root of the repository, and there before nothing', async () => {
    const path = await written({
      '.git': 'gitdir: elsewhere\n',
      'pullgate.yaml': 'mode: warn',
      'a/pullgate.yaml': 'mode: audit',
      'b/c/README.md': '',
      'd/.git/HEAD': '',
    })
    expect((await show(join(path, 'a'))).value['mode']).toBe('audit')
    const root = await show(join(path, 'b/c'))
    expect(root.value['mode']).toBe('warn')
    expect(root.first).toBe(`# From ${join(path, 'pullgate.yaml')}, with all defaults.`)
    expect((await show(join(path, 'd'))).value['mode']).toBe('enforce')
    expect((await show(path)).first).toBe('# From pullgate.yaml, with all defaults.')
  })

  test('does not pass over a pullgate.yaml that cannot be read', async () => {
    const path = await folder()
    await symlink('pullgate.yaml', join(path, 'pullgate.yaml'))
    const { code, stderr } = await pullgate(['config', 'show'], { folder: path })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'pullgate.yaml cannot be read (ELOOP): no configuration was taken from it.\n',
    })
  })

  test('takes no programs from a pullgate.yaml that lay about, and takes them where somebody names it', async () => {
    const path = await written({ 'pullgate.yaml': 'credentials:\n  providers: { config: a, binDir: b }\n' })
    expect(await pullgate(['config', 'show'], { folder: path })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'pullgate.yaml:2:3: credentials.providers: only a file that is named with --config may say this\n',
    })
    expect((await show(path, '--config', 'pullgate.yaml')).value['credentials']).toMatchObject({
      providers: { config: join(path, 'a'), binDir: join(path, 'b') },
    })
  })
})

describe('pullgate check', () => {
  test('obeys the file, and the flags before it', async () => {
    const registry = await registryFor()
    registry.put('shop/arm', '1', singleImage('linux/arm64'))
    const image = `${registry.host}/shop/arm:1`
    const path = await written({ 'pullgate.yaml': 'platforms: [linux/amd64]' })
    const ask = ['check', '--image', image]
    expect((await pullgate(ask, { folder: path })).code).toBe(1)
    expect((await pullgate([...ask, '--platform', 'linux/arm64'], { folder: path })).code).toBe(0)
    const other = await written({ 'pullgate.yaml': 'platforms: [linux/arm64]' })
    expect((await pullgate(ask, { folder: other })).code).toBe(0)
    const named = join(path, 'pullgate.yaml')
    expect((await pullgate([...ask, '--config', named], { folder: other })).code).toBe(1)
  })

  test('asks nobody about an image that is ignored, and says so', async () => {
    const registry = await registryFor()
    const path = await written({ 'pullgate.yaml': 'ignoreImages: ["127.0.0.1:*/*"]' })
    const image = `${registry.host}/shop/web:9`
    expect(await pullgate(['check', '--image', image], { folder: path })).toEqual({
      code: 0,
      stdout: `skip  ${image}\n  the configuration ignores it\n`,
      stderr: '',
    })
    expect(registry.requests).toEqual([])
  })

  test.each([
    [['check', '--image', 'a', '--config', 'none.yaml'], 'none.yaml cannot be read (ENOENT)'],
    [['serve', '--port', '0', '--config', 'none.yaml'], 'none.yaml cannot be read (ENOENT)'],
    [
      ['serve', '--port', '0', '--config', 'bad.yaml'],
      'bad.yaml:1:1: mod: there is no option "mod"; did you mean mode?',
    ],
  ])('%j is wrong usage, and says how', async (argv, text) => {
    const path = await written({ 'bad.yaml': 'mod: warn' })
    const { code, stderr } = await pullgate(argv, { folder: path })
    expect(code).toBe(2)
    expect(stderr).toContain(text)
  })
})
