import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HostsComplaint } from '../../../../src/registry/hosts/certs-dir.ts'
import {
  placesFromRegistriesConf,
  type RegistriesConfOptions,
} from '../../../../src/registry/hosts/conf/registries-conf-places.ts'
import type { Place } from '../../../../src/registry/hosts/place.ts'
import { referenceOf } from '../../../support/reference-of.ts'
import { makeCertificate } from '../certificate.ts'

const one = await makeCertificate('one')
const other = await makeCertificate('other')

let root = ''
let atMs = 0
let complaints: HostsComplaint[] = []
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'registries-conf-'))
  atMs = 0
  complaints = []
})
afterEach(() => rm(root, { recursive: true, force: true }))

const put = async (files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), content)
  }
}

const finder = (overrides: Partial<RegistriesConfOptions> = {}) => {
  const options: RegistriesConfOptions = {
    file: join(root, 'registries.conf'),
    dropIns: [join(root, 'registries.conf.d'), join(root, 'more.d')],
    aliases: join(root, 'aliases.conf'),
    certsDirs: [join(root, 'containers'), join(root, 'docker')],
    shortNameMode: undefined,
    nowMs: () => atMs,
    complain: complaint => complaints.push(complaint),
    ...overrides,
  }
  const find = placesFromRegistriesConf(options)
  return async (image: string): Promise<readonly string[] | string> => {
    const found = await find(referenceOf(image))
    if (found.ok) return found.value.map(told)
    const { error } = found
    return error.kind === 'unreadable'
      ? [error.kind, error.problem.problem, error.problem.file.replace(root, '')].join(' ')
      : error.kind
  }
}

const told = ({ host, repository }: Place): string =>
  [
    `${host.bases.join('|')} ${repository}`,
    host.isUpstream ? 'upstream' : host.name,
    host.takesCredentials ? 'credentials' : '',
    host.tls.verify ? '' : 'unverified',
    host.namespace === undefined && host.headers.length === 0 ? '' : 'strange',
    `${host.tls.ca.length}ca` === '0ca' ? '' : `${host.tls.ca.length}ca`,
    host.tls.client.length === 0 ? '' : `${host.tls.client.length}client`,
  ]
    .filter(each => each !== '')
    .join(' ')

const entry = (prefix: string, location: string, more = '') =>
  `[[registry]]\nprefix = "${prefix}"\nlocation = "${location}"\n${more}\n`
const mirror = (location: string, more = '') => `[[registry.mirror]]\nlocation = "${location}"\n${more}\n`
const hub = 'https://registry-1.docker.io/v2 library/nginx upstream credentials'

describe('the places of an image', () => {
  test('are the registry itself where there are no files at all', async () => {
    expect(await finder()('docker.io/library/nginx')).toEqual([hub])
    expect(await finder({ aliases: undefined, dropIns: [] })('a.b/c')).toEqual([
      'https://a.b/v2 c upstream credentials',
    ])
  })

  test('are its mirrors, then the location; what is insecure is asked unverified, and by HTTP', async () => {
    const conf = entry('docker.io/library', 'docker.io/library') + mirror('m.b:5000/hub', 'insecure = true')
    await put({ 'registries.conf': conf })
    expect(await finder()('docker.io/library/nginx')).toEqual([
      'https://m.b:5000/v2|http://m.b:5000/v2 hub/nginx m.b:5000 unverified',
      hub,
    ])
  })

  test('are forbidden where all of them are blocked, and else those that are not', async () => {
    const blocked = entry('a.b', 'a.b', 'blocked = true')
    await put({ 'registries.conf': blocked + mirror('m.b', 'pull-from-mirror = "digest-only"') })
    expect(await finder()('a.b/c')).toBe('forbidden')
    expect(await finder()(`a.b/c@sha256:${'a'.repeat(64)}`)).toEqual(['https://m.b/v2 c m.b'])
  })

  test('are none where the configuration makes a name that is none', async () => {
    await put({ 'registries.conf': entry('a.b', 'Wrong') })
    expect(await finder()('a.b/c')).toBe('no-capable-host')
  })

  test('leave out a host that no URL can have', async () => {
    await put({ 'registries.conf': entry('a.b', 'a.b') + mirror('1.2.3.400') })
    expect(await finder()('a.b/c')).toEqual(['https://a.b/v2 c upstream credentials'])
  })

  test('take a host on this machine for no other', async () =>
    expect(await finder()('localhost:5000/c')).toEqual(['https://localhost:5000/v2 c upstream credentials']))
})

describe('a name without a registry', () => {
  const short = finder
  const search = 'unqualified-search-registries = ["a.b", "docker.io"]\n'

  test('is looked for in one registry after another, each with its mirrors, and with the credentials of the pod', async () => {
    await put({ 'registries.conf': search + entry('a.b', 'a.b') + mirror('m.b') })
    expect(await short()('nginx')).toEqual(['https://m.b/v2 nginx m.b', 'https://a.b/v2 nginx a.b credentials', hub])
  })

  test('is none where there are several and the mode is to ask, by the file or by CRI-O itself', async () => {
    await put({ 'registries.conf': `${search}short-name-mode = "enforcing"` })
    expect(await short()('nginx')).toBe('short-name')
    expect(await short({ shortNameMode: 'disabled' })('nginx')).toHaveLength(2)
    await put({ 'registries.conf': search })
    expect(await short({ shortNameMode: 'enforcing' })('nginx')).toBe('short-name')
  })

  test('is what an alias says, and one that was written down for the node goes before those of the files', async () => {
    await put({ 'registries.conf': '[aliases]\nnginx = "a.b/one"' })
    expect(await short()('nginx')).toEqual(['https://a.b/v2 one a.b credentials'])
    await put({ 'aliases.conf': '[aliases]\nnginx = "a.b/two"' })
    expect(await short()('nginx')).toEqual(['https://a.b/v2 two a.b credentials'])
  })

  test('is looked for in the registry that makes a name of it', async () => {
    await put({ 'registries.conf': search + entry('a.b', 'Wrong') })
    expect(await short()('nginx')).toEqual([hub])
  })
})

describe('files that are dropped in', () => {
  test('say more in the order of their names, directory after directory', async () => {
    await put({
      'registries.conf': entry('a.b', 'zero.b') + entry('c.d', 'zero.d'),
      'registries.conf.d/20.conf': entry('a.b', 'two.b') + entry('e.f', 'two.f'),
      'registries.conf.d/10.conf': entry('a.b', 'one.b') + entry('e.f', 'one.f'),
      'registries.conf.d/30.ignored': 'broken',
      'registries.conf.d/40.conf/not.conf': 'broken',
      'more.d/00.conf': entry('e.f', 'more.f'),
    })
    const find = finder()
    expect(await Promise.all(['a.b/x', 'c.d/x', 'e.f/x'].map(find))).toEqual([
      ['https://two.b/v2 x two.b'],
      ['https://zero.d/v2 x zero.d'],
      ['https://more.f/v2 x more.f'],
    ])
  })

  test('take the place of single settings only where they say something', async () => {
    await put({
      'registries.conf':
        'unqualified-search-registries = ["a.b", "c.d"]\nshort-name-mode = "enforcing"\n[aliases]\nx = "a.b/x"',
      'registries.conf.d/1.conf': 'short-name-mode = "disabled"\n[aliases]\nx = ""',
    })
    const find = finder()
    expect(await find('x')).toEqual(['https://a.b/v2 x a.b credentials', 'https://c.d/v2 x c.d credentials'])
    await put({ 'registries.conf.d/2.conf': 'unqualified-search-registries = []' })
    atMs += 10_000
    expect(await find('x')).toBe('short-name')
  })

  test('may be links, and one that leads nowhere says nothing', async () => {
    await put({ elsewhere: entry('a.b', 'linked.b'), 'registries.conf.d/.keep': '' })
    await symlink(join(root, 'elsewhere'), join(root, 'registries.conf.d/1.conf'))
    await symlink(join(root, 'nowhere'), join(root, 'registries.conf.d/2.conf'))
    expect(await finder()('a.b/x')).toEqual(['https://linked.b/v2 x linked.b'])
  })
})

describe('one mistake anywhere', () => {
  test.each<[string, Readonly<Record<string, string>>, string, string]>([
    ['in the file', { 'registries.conf': '\n[[registry]]' }, '/registries.conf', '2:1'],
    ['in what is dropped in', { 'registries.conf.d/1.conf': 'x' }, '/registries.conf.d/1.conf', '1:1'],
    ['in the aliases', { 'aliases.conf': '[aliases]\nx = "y"' }, '/aliases.conf', '2:1'],
  ])('%s means that nothing is pulled, and is told', async (_where, files, file, at) => {
    await put(files)
    const find = finder()
    expect(await find('nginx')).toBe('mistake')
    expect(await find('a.b/c')).toBe('mistake')
    expect(complaints.map(each => `${each.file.replace(root, '')} ${each.line}:${each.column}`)).toEqual([
      `${file} ${at}`,
    ])
  })

  test('is a file that is not UTF-8, too large, a folder or a pipe', async () => {
    await writeFile(join(root, 'registries.conf'), Buffer.from([0x23, 0xff]))
    expect(await finder()('nginx')).toBe('mistake')
    expect(complaints[0]?.what).toBe('not UTF-8')
    await writeFile(join(root, 'registries.conf'), '#'.repeat(1024 * 1024 + 1))
    expect(await finder()('nginx')).toBe('unreadable too-large /registries.conf')
    await rm(join(root, 'registries.conf'))
    await mkdir(join(root, 'registries.conf'))
    expect(await finder()('nginx')).toBe('unreadable unreadable /registries.conf')
    await rm(join(root, 'registries.conf'), { recursive: true })
    execFileSync('mkfifo', [join(root, 'registries.conf')])
    expect(await finder()('nginx')).toBe('unreadable unreadable /registries.conf')
    await rm(join(root, 'registries.conf'))
    await writeFile(join(root, 'registries.conf.d'), '')
    expect(await finder()('nginx')).toBe('unreadable unreadable /registries.conf.d')
  })
})

test('files are read anew after ten seconds, and not before', async () => {
  const find = finder()
  expect(await find('a.b/c')).toHaveLength(1)
  await put({ 'registries.conf': entry('a.b', 'new.b') })
  atMs = 9_999
  expect(await find('a.b/c')).toEqual(['https://a.b/v2 c upstream credentials'])
  atMs = 10_000
  expect(await find('a.b/c')).toEqual(['https://new.b/v2 c new.b'])
})

describe('the certificates of a host', () => {
  test('are those of the first directory that is there, by its host and port', async () => {
    await put({
      'containers/a.b:5000/ca.crt': one.cert + other.cert,
      'docker/a.b:5000/ca.crt': one.cert,
      'docker/c.d/client.cert': one.cert,
      'docker/c.d/client.key': one.key,
      'docker/c.d/hosts.toml': 'server = "https://ignored"',
      'containers/docker.io/ca.crt': one.cert,
      'containers/e.f/ca.crt': 'no certificate',
    })
    const find = finder()
    expect(await Promise.all(['a.b:5000/x', 'a.b/x', 'c.d/x', 'docker.io/library/nginx', 'e.f/x'].map(find))).toEqual([
      ['https://a.b:5000/v2 x upstream credentials 2ca'],
      ['https://a.b/v2 x upstream credentials'],
      ['https://c.d/v2 x upstream credentials 1client'],
      [`${hub} 1ca`],
      ['https://e.f/v2 x upstream credentials'],
    ])
  })

  test.each<[string, Readonly<Record<string, string>>]>([
    ['a certificate without its key', { 'client.cert': one.cert }],
    ['a key without its certificate', { 'client.key': one.key }],
    ['a key of another certificate', { 'client.cert': one.cert, 'client.key': other.key }],
  ])('fail that host alone: %s', async (_why, files) => {
    await put(Object.fromEntries(Object.entries(files).map(([name, text]) => [`docker/m.b/${name}`, text])))
    await put({ 'registries.conf': entry('a.b', 'a.b') + mirror('m.b') })
    const find = finder()
    expect(await find('a.b/x')).toEqual(['https://a.b/v2 x upstream credentials'])
    expect(await find('m.b/x')).toMatch(/^unreadable no-key-pair \/docker\/m\.b\/client/)
  })

  test('that cannot be read leave all in the dark', async () => {
    await put({ 'registries.conf': entry('a.b', 'a.b') + mirror('m.b') })
    await mkdir(join(root, 'docker/m.b/ca.crt'), { recursive: true })
    expect(await finder()('a.b/x')).toBe('unreadable unreadable /docker/m.b/ca.crt')
    expect(await finder()('c.d/x')).toHaveLength(1)
  })
})
