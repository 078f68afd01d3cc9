import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HostsComplaint } from '../../../../src/registry/hosts/certs-dir.ts'
import {
  placesFromRegistriesYaml,
  type RegistriesYamlOptions,
} from '../../../../src/registry/hosts/k3s/registries-yaml-places.ts'
import type { Place } from '../../../../src/registry/hosts/place.ts'
import { referenceOf } from '../../../support/reference-of.ts'
import { makeCertificate } from '../certificate.ts'

const one = await makeCertificate('one')

let root = ''
let atMs = 0
let complaints: HostsComplaint[] = []
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'registries-yaml-'))
  atMs = 0
  complaints = []
})
afterEach(() => rm(root, { recursive: true, force: true }))

const file = () => join(root, 'registries.yaml')
const put = (text: string) => writeFile(file(), text)

const told = ({ host, repository }: Place): string =>
  [
    `${host.bases.join('|')} ${repository}`,
    host.isUpstream ? 'upstream' : `ns=${host.namespace}`,
    host.tls.verify ? '' : 'unverified',
    host.tls.ca.length === 0 ? '' : 'ca',
    host.tls.client.length === 0 ? '' : 'client',
    host.takesCredentials ? '' : 'alone',
  ]
    .filter(each => each !== '')
    .join(' ')

const finder = (overrides: Partial<RegistriesYamlOptions> = {}) => {
  const find = placesFromRegistriesYaml({
    file: file(),
    defaultEndpoint: true,
    nowMs: () => atMs,
    complain: complaint => complaints.push(complaint),
    ...overrides,
  })
  return async (image: string): Promise<readonly string[] | string> => {
    const found = await find(referenceOf(image))
    if (found.ok) return found.value.map(told)
    return found.error.kind === 'unreadable'
      ? `${found.error.problem.problem} ${found.error.problem.file.replace(root, '')}`
      : found.error.kind
  }
}

const hub = 'https://registry-1.docker.io/v2 library/nginx upstream'

describe('the places of an image', () => {
  test('are those of a containerd that was told nothing where there is no file', async () => {
    expect(await finder()('nginx')).toEqual([hub])
    expect(await finder()('localhost:5000/x')).toEqual([
      'https://localhost:5000/v2|http://localhost:5000/v2 x upstream unverified',
    ])
  })

  test('are the endpoints of its registry under other names, then the registry under its own', async () => {
    await put(
      'mirrors:\n  docker.io:\n    endpoint: ["http://m.b:5000", n.b/x]\n    rewrite: {"^library/(.*)": "hub/$1"}',
    )
    expect(await finder()('nginx')).toEqual([
      'http://m.b:5000/v2 hub/nginx ns=docker.io',
      'https://n.b/x hub/nginx ns=docker.io',
      hub,
    ])
    expect(await finder()('a.b/x')).toEqual(['https://a.b/v2 x upstream'])
  })

  test('are those of `*` for a registry that is not named, or of which nothing is said', async () => {
    await put(
      'mirrors: {"*": {endpoint: [m.b]}, "c.d": , "e.f:5000": {endpoint: [n.b]}}\nconfigs: {"g.h": {tls: {insecure_skip_verify: true}}}',
    )
    const find = finder()
    expect(await Promise.all(['a.b/x', 'c.d/x', 'e.f:5000/x', 'g.h/x'].map(find))).toEqual([
      ['https://m.b/v2 x ns=a.b', 'https://a.b/v2 x upstream'],
      ['https://m.b/v2 x ns=c.d', 'https://c.d/v2 x upstream'],
      ['https://n.b/v2 x ns=e.f:5000', 'https://e.f:5000/v2 x upstream'],
      ['https://g.h/v2 x upstream unverified'],
    ])
  })

  test('are the endpoints alone where there is to be nothing behind them', async () => {
    await put('mirrors: {docker.io: {endpoint: [m.b]}}')
    const find = finder({ defaultEndpoint: false })
    expect(await find('nginx')).toEqual(['https://m.b/v2 library/nginx ns=docker.io'])
    expect(await find('a.b/x')).toEqual(['https://a.b/v2 x upstream'])
  })

  test('are asked with the certificates that are named, HTTPS first', async () => {
    await writeFile(join(root, 'ca.pem'), one.cert)
    await writeFile(join(root, 'key.pem'), one.key)
    await put(`mirrors: {a.b: {endpoint: ["http://m.b"]}}
configs: {m.b: {tls: {ca_file: ${root}/ca.pem, cert_file: ${root}/ca.pem, key_file: ${root}/key.pem}}}`)
    expect(await finder()('a.b/x')).toEqual([
      'https://m.b/v2|http://m.b/v2 x ns=a.b ca client',
      'https://a.b/v2 x upstream',
    ])
    await rm(join(root, 'ca.pem'))
    expect(await finder()('a.b/x')).toBe('unreadable /ca.pem')
    expect(await finder()('c.d/x')).toHaveLength(1)
  })

  test('leave out a mirror where the name is none', async () => {
    await put('mirrors: {a.b: {endpoint: [m.b], rewrite: {"(.*)": "Team/$1"}}}')
    expect(await finder()('a.b/x')).toEqual(['https://a.b/v2 x upstream'])
  })

  test('leave out an endpoint that cannot be asked', async () => {
    await put('mirrors: {a.b: {endpoint: ["", "https:///x", "1.2.3.400"]}}')
    expect(await finder()('a.b/x')).toEqual(['https://a.b/v2 x upstream'])
  })
})

describe('what is wrong', () => {
  test('with the file means that nothing is pulled, and is told', async () => {
    await put('mirrors: 1')
    const find = finder()
    expect(await find('nginx')).toBe('unreadable /registries.yaml')
    expect(await find('nginx')).toBe('unreadable /registries.yaml')
    expect(complaints).toEqual([{ file: file(), line: 1, column: 10, what: 'must be a mapping' }])
  })

  test('with a rewrite that no one can foretell leaves its registry in the dark', async () => {
    await put('mirrors: {a.b: {endpoint: [m.b], rewrite: {"(x+)+": y}}, c.d: {rewrite: {"(x+)+": y}}}')
    expect(await finder()('a.b/x')).toBe('unreadable /registries.yaml')
    expect(await finder()('c.d/x')).toEqual(['https://c.d/v2 x upstream'])
    expect(complaints[0]?.what).toContain('not read here')
  })

  test('with a rewrite that a node passes over is told', async () => {
    await put('mirrors: {a.b: {endpoint: [m.b], rewrite: {"(?!x)": y, x: z}}}')
    expect(await finder()('a.b/x')).toEqual(['https://m.b/v2 z ns=a.b', 'https://a.b/v2 x upstream'])
    expect(complaints[0]).toMatchObject({ line: 1, what: 'not a regular expression to Go, and passed over' })
  })
})

test('the file is read anew after ten seconds, and not before', async () => {
  const find = finder()
  expect(await find('nginx')).toEqual([hub])
  await put('mirrors: {docker.io: {endpoint: [m.b]}}')
  atMs = 9_999
  expect(await find('nginx')).toHaveLength(1)
  atMs = 10_000
  expect(await find('nginx')).toHaveLength(2)
})
