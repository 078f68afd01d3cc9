import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCertsDir, directoryNames } from '../../../src/registry/hosts/certs-dir.ts'
import { makeCertificate } from './certificate.ts'
import { said } from './said.ts'

const one = await makeCertificate('one')
const other = await makeCertificate('other')

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'certs.d-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const put = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<void> => {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), content)
  }
}

const lookUp = (registry: string, roots: readonly string[] = [root]) =>
  createCertsDir({ roots, nowMs: () => 0, complain: () => {} }).lookUp(registry)

const found = async (registry: string, roots?: readonly string[]): Promise<string> => {
  const answer = await lookUp(registry, roots)
  if (!answer.ok) return `${answer.error.problem} ${answer.error.code ?? ''} ${answer.error.file.replace(root, '')}`
  const { directory, file, complaint } = answer.value
  const words =
    file === undefined ? [] : said(file).map(line => line.replace(/-----[^=]*?-----\n?[^-]*-----[^-]*-----\n?/g, 'PEM'))
  const trouble =
    complaint && `${complaint.file.replace(root, '')}:${complaint.line}:${complaint.column} ${complaint.what}`
  return [directory?.replace(root, ''), ...words, trouble].filter(word => word !== undefined).join(', ')
}

describe('the directory of a registry', () => {
  test.each<[registry: string, names: readonly string[]]>([
    ['docker.io', ['docker.io', '_default']],
    ['a.example:5000', ['a.example_5000_', 'a.example:5000', '_default']],
    ['[::1]:5000', ['[::1]_5000_', '[::1]:5000', '_default']],
    ['[::1]', ['[:_1]_', '[::1]', '_default']],
  ])('%s is named one of %j', (registry, names) => expect(directoryNames(registry)).toEqual(names))

  test('is the first of these that is there, and the others add nothing', async () => {
    const server = (name: string) => `server = "${name}"`
    await put({ '_default/hosts.toml': server('default') })
    expect(await found('a:5000')).toBe('/_default, https://default/v2')
    await put({ 'a:5000/hosts.toml': server('colon') })
    expect(await found('a:5000')).toBe('/a:5000, https://colon/v2')
    await mkdir(join(root, 'a_5000_'))
    expect(await found('a:5000')).toBe('/a_5000_, upstream')
    expect(await found('a')).toBe('/_default, https://default/v2')
  })

  test('is looked for in one root after another', async () => {
    await put({ 'first/b/hosts.toml': '', 'second/a/hosts.toml': '', 'second/_default/hosts.toml': '' })
    const roots = [join(root, 'none'), join(root, 'first'), join(root, 'second')]
    expect(await Promise.all(['a', 'b', 'c'].map(each => found(each, roots)))).toEqual([
      '/second/a, upstream',
      '/first/b, upstream',
      '/second/_default, upstream',
    ])
  })

  test('need not be', async () => {
    expect(await found('a')).toBe('')
    expect(await found('a', [])).toBe('')
    expect(await found('a', [join(root, 'none')])).toBe('')
  })

  test.each(['', '.', '..', '../x', 'a/b', 'a\0b'])(
    'is none for the name %j, which would lead elsewhere',
    async name => {
      await put({ '_default/hosts.toml': '', 'a/b/hosts.toml': '' })
      expect(await found(name, [join(root, '_default'), root])).toBe('')
    },
  )

  test('cannot be told where the root is a file', async () => {
    await put({ file: '' })
    expect(await found('a', [join(root, 'file')])).toBe('unreadable ENOTDIR /file/a')
  })

  test('that is a file fails, as it fails a pull', async () => {
    await put({ a: '' })
    expect(await found('a')).toBe('unreadable ENOTDIR /a/hosts.toml')
  })

  test('may be a link, as mounted ones are', async () => {
    await put({ '..data/hosts.toml': 'server = "x"' })
    await mkdir(join(root, 'a'))
    await symlink('../..data/hosts.toml', join(root, 'a/hosts.toml'))
    expect(await found('a')).toBe('/a, https://x/v2')
  })
})

describe('a hosts.toml', () => {
  test('brings its certificates, by names relative to the directory or absolute', async () => {
    await put({
      'a/ca.pem': one.cert + other.cert,
      'a/sub/c.pem': one.cert,
      'elsewhere/k.pem': one.key,
      'a/hosts.toml': `[host.m]\nca = "ca.pem"\nclient = [["sub/c.pem", "${join(root, 'elsewhere/k.pem')}"]]`,
    })
    const answer = await lookUp('a')
    const tls = answer.ok ? answer.value.file?.hosts[0]?.tls : undefined
    expect(tls?.ca.map(each => each.trim())).toEqual([one.cert.trim(), other.cert.trim()])
    expect(tls?.client).toEqual([{ cert: one.cert, key: one.key }])
  })

  test('may name one file with certificate and key', async () => {
    await put({ 'a/both.pem': one.key + one.cert, 'a/hosts.toml': 'client = "both.pem"' })
    expect((await lookUp('a')).ok).toBe(true)
  })

  test.each<[why: string, text: string, expected: string]>([
    ['a CA that is not there', 'ca = "none.pem"', 'unreadable ENOENT /a/none.pem'],
    ['a CA that is a directory', 'ca = ""', 'unreadable ENOTFILE /a'],
    ['a CA without a certificate', 'ca = "key.pem"', 'no-certificate  /a/key.pem'],
    ['a CA that is rubbish', 'ca = "rubbish.pem"', 'no-certificate  /a/rubbish.pem'],
    ['a CA of a mirror', '[host.m]\nca = "none.pem"', 'unreadable ENOENT /a/none.pem'],
    ['a certificate without its key', 'client = "cert.pem"', 'no-key-pair  /a/cert.pem'],
    ['a certificate with another key', 'client = [["cert.pem", "other.pem"]]', 'no-key-pair  /a/cert.pem'],
    ['a key that is not there', 'client = [["cert.pem", "none.pem"]]', 'unreadable ENOENT /a/none.pem'],
    ['a key that is the directory', 'client = [["cert.pem", ""]]', 'unreadable ENOTFILE /a'],
    ['a file too large', 'ca = "large.pem"', 'too-large  /a/large.pem'],
  ])('fails with %s, as it fails a pull', async (_why, text, expected) => {
    await put({
      'a/hosts.toml': text,
      'a/key.pem': one.key,
      'a/cert.pem': one.cert,
      'a/other.pem': other.key,
      'a/rubbish.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      'a/large.pem': one.cert.padEnd(1024 * 1024 + 1),
    })
    expect(await found('a')).toBe(expected)
  })

  test('takes from a bundle what is a certificate', async () => {
    const rubbish = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    await put({ 'a/hosts.toml': 'ca = "x"', 'a/x': `# one\n${rubbish}${one.cert}\n${one.key}\n` })
    const answer = await lookUp('a')
    expect(answer.ok && answer.value.file?.server.tls.ca).toEqual([one.cert.trim()])
  })

  test('that is broken is complained of, and the certificates beside it count', async () => {
    await put({ 'a/hosts.toml': 'server = "x"\n  capabilities = ["fly"]', 'a/ca.crt': one.cert })
    expect(await found('a')).toBe('/a, upstream ca=PEM tls, /a/hosts.toml:2:3 unknown capability "fly"')
  })

  test('that is no UTF-8 is complained of', async () => {
    await put({ 'a/hosts.toml': Buffer.from([0x23, 0x0a, 0x23, 0xff]) })
    expect(await found('a')).toBe('/a, upstream, /a/hosts.toml:2:2 not UTF-8')
  })

  test('that is empty says nothing, and is not complained of', async () => {
    await put({ 'a/hosts.toml': '', 'a/ca.crt': one.cert })
    expect(await found('a')).toBe('/a, upstream ca=PEM tls')
  })

  test('that is a directory, a pipe or too large fails, and nothing waits', async () => {
    await mkdir(join(root, 'a/hosts.toml'), { recursive: true })
    await mkdir(join(root, 'b'))
    execFileSync('mkfifo', [join(root, 'b/hosts.toml')])
    await put({ 'c/hosts.toml': ' '.repeat(1024 * 1024 + 1), 'd/hosts.toml': ' '.repeat(1024 * 1024) })
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(each => found(each)))).toEqual([
      'unreadable ENOTFILE /a/hosts.toml',
      'unreadable ENOTFILE /b/hosts.toml',
      'too-large  /c/hosts.toml',
      '/d, upstream',
    ])
  })
})

describe('without a hosts.toml', () => {
  test('*.crt are CAs, *.cert with *.key client certificates, and nothing else counts', async () => {
    await put({
      'a/y.crt': other.cert,
      'a/x.crt': one.cert,
      'a/c.cert': one.cert,
      'a/c.key': one.key,
      'a/both.cert': other.cert + other.key,
      'a/lonely.key': other.key,
      'a/notes.txt': '',
      'a/dir.crt/file': '',
    })
    const answer = await lookUp('a')
    const tls = answer.ok ? answer.value.file?.server.tls : undefined
    expect(tls?.ca.map(each => each.trim())).toEqual([one.cert.trim(), other.cert.trim()])
    expect(tls?.client).toEqual([
      { cert: other.cert + other.key, key: other.cert + other.key },
      { cert: one.cert, key: one.key },
    ])
    expect(tls?.verify).toBe(true)
  })

  test('a certificate without a key fails', async () => {
    await put({ 'a/c.cert': one.cert })
    expect(await found('a')).toBe('no-key-pair  /a/c.cert')
  })
})

describe('what was read', () => {
  test('is kept for ten seconds', async () => {
    let nowMs = 1000
    const certs = createCertsDir({ roots: [root], nowMs: () => nowMs, complain: () => {} })
    const server = async () => {
      const answer = await certs.lookUp('a')
      return answer.ok ? answer.value.file?.server.url?.host : answer.error.problem
    }
    await put({ 'a/hosts.toml': 'server = "before"' })
    expect(await server()).toBe('before')
    await put({ 'a/hosts.toml': 'server = "after"' })
    expect(await server()).toBe('before')
    nowMs = 10_999
    expect(await server()).toBe('before')
    nowMs = 11_001
    expect(await server()).toBe('after')
  })

  test('is the same object each time, for a pool of connections to hang on', async () => {
    await put({ 'a/hosts.toml': 'ca = "x"', 'a/x': one.cert })
    const certs = createCertsDir({ roots: [root], nowMs: () => 0, complain: () => {} })
    const answers = await Promise.all([certs.lookUp('a'), certs.lookUp('a')])
    expect(answers[0]).toBe(answers[1])
    expect(await certs.lookUp('a')).toBe(answers[0])
  })

  test('is not kept when it failed', async () => {
    await put({ 'a/hosts.toml': 'ca = "x"' })
    const certs = createCertsDir({ roots: [root], nowMs: () => 0, complain: () => {} })
    expect((await certs.lookUp('a')).ok).toBe(false)
    await put({ 'a/x': one.cert })
    expect((await certs.lookUp('a')).ok).toBe(true)
  })
})
