import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { type FindClusterOptions, findCluster } from '../../src/cluster/find-cluster.ts'
import { noClusterSentence } from '../../src/cluster/no-cluster.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { makeCertificate } from '../registry/hosts/certificate.ts'
import { apiServerFor, clientOf } from '../support/api-server/connect.ts'
import type { FakeApiServer } from '../support/api-server/server.ts'
import { closedAfterTest } from '../support/lifetime.ts'

const canary = 'CANARY-OF-A-KUBECONFIG'
const signal = (): AbortSignal => deadlineIn(20_000)
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** A folder with these files. */
const folderOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-kubeconfig-'))
  closedAfterTest({ close: () => rm(folder, { recursive: true }) })
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

interface Parts {
  readonly server: string
  readonly cluster?: object
  readonly user?: object
  readonly context?: object
  readonly current?: string
}

/** A kubeconfig, as JSON, which is YAML too. */
const configOf = ({ server, cluster = {}, user = {}, context = {}, current = 'here' }: Parts): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current,
    clusters: [{ name: 'c', cluster: { server, ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', ...context } }],
  })

const trusting = ({ caPem }: FakeApiServer): object => ({ 'certificate-authority-data': base64(caPem) })

const find = (own: Partial<FindClusterOptions>): ReturnType<typeof findCluster> =>
  findCluster({ environment: {}, homeDirectory: '/nonexistent', context: undefined, nowMs: () => 0, ...own })

/** The way that this one file leads. */
const accessBy = async (
  config: string,
  more: Readonly<Record<string, string>> = {},
  own: Partial<FindClusterOptions> = {},
) => {
  const folder = await folderOf({ config, ...more })
  const found = await find({ environment: { KUBECONFIG: join(folder, 'config') }, ...own })
  if (!found.ok) throw new Error(noClusterSentence(found.error))
  return { access: found.value, folder }
}

const problemOf = async (config: string, own: Partial<FindClusterOptions> = {}): Promise<unknown> => {
  const folder = await folderOf({ config })
  const found = await find({ environment: { KUBECONFIG: join(folder, 'config') }, ...own })
  return found.ok ? 'found' : noClusterSentence(found.error).replace(folder, '…')
}

/** What the API server saw when it was asked once. */
const authorizationSeen = async (user: object, more: Readonly<Record<string, string>> = {}): Promise<unknown> => {
  const server = await apiServerFor()
  const { access } = await accessBy(configOf({ server: server.url, cluster: trusting(server), user }), more)
  const answer = await clientOf(access).get('/api/v1/nodes', signal())
  return answer.ok ? server.requests[0]?.authorization : answer.error
}

describe('a kubeconfig', () => {
  test('brings a token', async () => {
    expect(await authorizationSeen({ token: 'T' })).toBe('Bearer T')
  })

  test('brings a name and a password', async () => {
    expect(await authorizationSeen({ username: 'jane', password: 'p' })).toBe(`Basic ${base64('jane:p')}`)
  })

  test('names a file with a token, beside itself', async () => {
    expect(await authorizationSeen({ tokenFile: 'token.txt' }, { 'token.txt': 'from a file' })).toBe(
      'Bearer from a file',
    )
  })

  test('names a program that knows a token', async () => {
    const program = `#!/bin/sh\necho '{"kind":"ExecCredential","status":{"token":"by a program"}}'\n`
    const folder = await folderOf({ program })
    await chmod(join(folder, 'program'), 0o755)
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: join(folder, 'program'),
      interactiveMode: 'Never',
    }
    expect(await authorizationSeen({ exec })).toBe('Bearer by a program')
  })

  test.each([
    ['is not there', '/nonexistent/program', ''],
    ['fails', '/bin/sh', `echo ${canary} >&2; exit 3`],
    ['prints nonsense', '/bin/sh', `echo ${canary}`],
  ])('names a program that %s: nobody is asked, and nothing of it is told', async (_, command, script) => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, args: ['-c', script] }
    expect(await authorizationSeen({ exec })).toEqual({ kind: 'unreachable', problem: 'no-credentials' })
  })

  test('is read anew where what it brought is not known any more', async () => {
    const server = await apiServerFor()
    const withToken = (token: string): string =>
      configOf({ server: server.url, cluster: trusting(server), user: { token } })
    const { access, folder } = await accessBy(withToken('old'))
    await writeFile(join(folder, 'config'), withToken('new'))
    server.willMeet(({ authorization }, response) => {
      if (authorization === 'Bearer old') response.writeHead(401).end()
      return authorization === 'Bearer old'
    })
    expect(await clientOf(access).get('/api/v1/nodes', signal())).toMatchObject({ ok: true })
  })

  test('brings a client certificate, and an authority in a file beside itself', async () => {
    const own = await makeCertificate('jane')
    const server = await apiServerFor({ requestCert: true, rejectUnauthorized: true, ca: own.cert })
    const subjects: unknown[] = []
    server.willMeet(({ message }) => {
      subjects.push((message.socket as TLSSocket).getPeerCertificate().subject['CN'])
      return false
    })
    const user = { 'client-certificate-data': base64(own.cert), 'client-key': 'own.key' }
    const config = configOf({ server: server.url, cluster: { 'certificate-authority': 'ca.crt' }, user })
    const { access } = await accessBy(config, { 'ca.crt': server.caPem, 'own.key': own.key })
    expect(await clientOf(access).get('/api/v1/nodes', signal())).toMatchObject({ ok: true })
    expect(subjects).toEqual(['jane'])
  })

  test('says in whose name we come, and in which namespace', async () => {
    const server = await apiServerFor()
    const config = configOf({
      server: server.url,
      cluster: trusting(server),
      user: { token: 'T', as: 'john' },
      context: { namespace: 'shop' },
    })
    const { access } = await accessBy(config)
    await clientOf(access).get('/api/v1/nodes', signal())
    expect([server.requests[0]?.message.headers['impersonate-user'], access.namespace]).toEqual(['john', 'shop'])
  })

  test('says by which name, or not at all, the certificate is looked at', async () => {
    const server = await apiServerFor()
    const answered = async (cluster: object): Promise<boolean> => {
      const { access } = await accessBy(configOf({ server: server.url, cluster, user: { token: 'T' } }))
      return (await clientOf(access).get('/api/v1/nodes', signal())).ok
    }
    expect(await answered({ 'insecure-skip-tls-verify': true })).toBe(true)
    expect(await answered({ ...trusting(server), 'tls-server-name': 'kubernetes' })).toBe(false)
    expect(await answered({})).toBe(false)
  })
})

describe('several kubeconfigs', () => {
  test('are one: of equal names the first counts, and one that does not exist counts for nothing', async () => {
    const first = configOf({ server: 'https://first.example', user: { token: 'one' }, current: '' })
    const second = configOf({ server: 'https://second.example', user: { token: 'two' } })
    const folder = await folderOf({ first, second })
    const names = ['missing', 'first', 'second'].map(name => join(folder, name))
    const found = await find({ environment: { KUBECONFIG: names.join(delimiter) } })
    expect(found.ok && found.value.server).toBe('https://first.example')
  })

  test('are the one at home where none is named', async () => {
    const home = await folderOf({})
    await mkdir(join(home, '.kube'))
    await writeFile(join(home, '.kube', 'config'), configOf({ server: 'https://home.example/base/' }))
    const found = await find({ homeDirectory: home })
    expect(found.ok && found.value.server).toBe('https://home.example/base')
  })
})

describe('what is wrong with a kubeconfig is said in a sentence', () => {
  const good = configOf({ server: 'https://a.example' })

  test.each([
    ['that is no YAML', `{ token: ${canary}: [`, 'check it with "kubectl config view'],
    ['that is a list', '[]', 'The kubeconfig names no current context. The kubeconfig has no contexts.'],
    ['that is empty', '', '… /config is not a kubeconfig'.replace(' ', '')],
    ['without a current context', configOf({ server: 'https://a.example', current: '' }), 'There are: here.'],
    [
      'with a current context that is not in it',
      configOf({ server: 'https://a.example', current: 'x' }),
      'has no context "x"',
    ],
    [
      'whose context names no cluster',
      configOf({ server: 'https://a.example', context: { cluster: 'x' } }),
      'names a cluster that is not in it',
    ],
    [
      'whose context names no user',
      configOf({ server: 'https://a.example', context: { user: 'x' } }),
      'names a user that is not in it',
    ],
    ['without TLS', configOf({ server: 'http://localhost:8080' }), 'is no https:// address'],
    ['with a server that is no address', configOf({ server: 'https://' }), 'is no https:// address'],
  ])('%s', async (_, config, sentence) => {
    const said = await problemOf(config)
    expect(said).toContain(sentence)
    expect(said).not.toContain(canary)
  })

  test('for a context that is wished for and is not there', async () => {
    expect(await problemOf(good, { context: 'prod' })).toBe('The kubeconfig has no context "prod". There are: here.')
    expect(await problemOf(good, { context: 'here' })).toBe('found')
  })

  test('for a file that is not there', async () => {
    const found = await find({ environment: { KUBECONFIG: '/nonexistent/config' } })
    expect(found.ok || noClusterSentence(found.error)).toBe(
      'The kubeconfig /nonexistent/config cannot be read (ENOENT).',
    )
  })

  test('for no cluster at all', async () => {
    const found = await find({})
    expect(found.ok || noClusterSentence(found.error)).toMatch(/^No cluster is known: KUBECONFIG is not set/)
  })
})

test('a kubeconfig is never written to', async () => {
  const config = configOf({ server: 'https://a.example', user: { token: 'T' } })
  const { folder } = await accessBy(config)
  expect(await readFile(join(folder, 'config'), 'utf8')).toBe(config)
})
