import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonContent } from '../../src/demo/content.ts'
import { type EmbeddedRegistry, type Intercept, startRegistry } from '../../src/demo/registry.ts'
import { chart } from '../node/artifacts.ts'
import { withoutConfig } from '../node/damages.ts'
import { type Craft, single } from '../node/images.ts'
import { index, missing, offering, part } from '../node/indexes.ts'
import { accounts } from '../node/secrets.ts'
import { always, hanging, inTurn } from '../support/faults/answers.ts'
import { goodCertificate } from '../support/faults/certificates.ts'
import { basicGate, bearerGate, startTokenServer, type TokenServer } from '../support/token-server.ts'

const both = ['linux/amd64', 'linux/arm64']

const schema1: Craft = salt => {
  const top = jsonContent('application/vnd.docker.distribution.manifest.v1+prettyjws', {
    ...{ schemaVersion: 1, name: salt, tag: '1', architecture: 'amd64' },
    ...{ fsLayers: [], history: [], signatures: [] },
  })
  return { top, manifests: [top], blobs: [] }
}

/** What the registries have, by host and name. */
const stock: Readonly<Record<string, Readonly<Record<string, Craft>>>> = {
  'open.shop.test': {
    'web:1.4.0': single(),
    'web:1.4.1': single(),
    'api:2': offering(both),
    'attested:1': offering([...both, 'attestation']),
    'arm:1': offering(['linux/arm64', 'linux/arm/v7']),
    'arm-single:1': single({ platform: 'linux/arm64' }),
    'mislabelled:1': single({ platform: 'linux/arm64', program: 'amd64' }),
    'amd:1': offering(['linux/amd64']),
    'old-processor:1': offering(['linux/386']),
    'childless:1': index([missing('linux/amd64'), part('linux/arm64')]),
    'bare:1': withoutConfig(single()),
    'empty:1': index([]),
    'retired:1': schema1,
    'chart:1': chart,
    'huge:1': single({ manifest: { annotations: { padding: 'x'.repeat(4_800_000) } } }),
  },
  'closed.shop.test': { 'web:1': single(), 'api:2': offering(both) },
  'token.shop.test': { 'web:1': single() },
  'docker.io': { 'library/nginx:1.27': offering(both) },
}

/** The address of nobody, within what these tests have for themselves. */
const nobody = 'http://192.0.2.19:5000'

// As Docker Hub: anybody gets a token, and a repository that is not there is refused like one that is closed.
const hub = (tokens: TokenServer): Intercept => {
  const [open, shut] = [bearerGate({ tokens }), bearerGate({ tokens, readers: [] })]
  return (request, response) => (request.url?.startsWith('/v2/library/nginx/') ? open : shut)(request, response)
}

const intercepts = (tokens: TokenServer): Readonly<Record<string, Intercept>> => ({
  'open.shop.test': () => false,
  'closed.shop.test': basicGate(accounts),
  'token.shop.test': bearerGate({ tokens, readers: ['robot'] }),
  'docker.io': hub(tokens),
  'limited.shop.test': always(429, { 'retry-after': '60' }),
  'ill.shop.test': always(503),
  'silent.shop.test': hanging,
  'page.shop.test': always(200, { 'content-type': 'text/html' }, '<h1>Welcome</h1>'),
  '123456789012.dkr.ecr.eu-central-1.amazonaws.com': basicGate([]),
})

/** The registries of the scenarios. */
export interface Hosts {
  /** A directory as containerd's certs.d, which leads to them. */
  readonly certsD: string
  /** `127.0.0.1:41873`: what stands behind a host, which is what messages name. */
  readonly addressOf: (host: string) => string
  /** How many requests have come in at a host so far. */
  readonly asked: (host: string) => number
  /** Has a host answer to nobody any more, until it is told otherwise. */
  readonly setDown: (host: string, down: boolean) => void
  /** Puts an image there that runs on linux/amd64. */
  readonly put: (host: string, repository: string, tag: string) => void
  /** Takes a tag away from a host. */
  readonly untag: (host: string, repository: string, tag: string) => void
  readonly close: () => Promise<void>
}

const hangingUp: Intercept = ({ socket }) => {
  socket.destroy()
  return true
}

/** Starts them, and writes where they are into a folder. */
export const openHosts = async (folder: string): Promise<Hosts> => {
  const certsD = join(folder, 'certs.d')
  const tokens = await startTokenServer({ accounts })
  const registries = new Map<string, EmbeddedRegistry>()
  const down = new Set<string>()
  const write = async (host: string, server: string): Promise<void> => {
    await mkdir(join(certsD, host), { recursive: true })
    await writeFile(join(certsD, host, 'hosts.toml'), `server = "${server}"\n`)
  }
  for (const [host, intercept] of Object.entries(intercepts(tokens))) {
    const outage: Intercept = (request, response) => down.has(host) && hangingUp(request, response)
    const registry = await startRegistry({ intercept: inTurn(outage, intercept) })
    registries.set(host, registry)
    await write(host, `http://${registry.host}`)
    for (const [name, craft] of Object.entries(stock[host] ?? {})) {
      const [repository = '', tag] = name.split(':')
      registry.put(repository, tag, craft(name))
    }
  }
  const { cert, key } = await goodCertificate('127.0.0.1')
  const selfSigned = await startRegistry({ tls: { cert, key } })
  await write('self-signed.shop.test', `https://${selfSigned.host}`)
  await write('dead.shop.test', nobody)
  const addresses = new Map([
    ...[...registries].map(([host, registry]) => [host, registry.host] as const),
    ['self-signed.shop.test', selfSigned.host] as const,
    ['tokens', tokens.host] as const,
  ])
  return {
    certsD,
    addressOf: host => addresses.get(host) ?? host,
    asked: host => registries.get(host)?.requests.length ?? 0,
    setDown: (host, isDown) => void (isDown ? down.add(host) : down.delete(host)),
    put: (host, repository, tag) => registries.get(host)?.put(repository, tag, single()(`${repository}:${tag}`)),
    untag: (host, repository, tag) => registries.get(host)?.untag(repository, tag),
    close: async () => {
      for (const registry of [...registries.values(), selfSigned]) await registry.close()
      await tokens.close()
    },
  }
}

/** The digest of an image that a host has. */
export const digestAt = (host: string, name: string): string => stock[host]?.[name]?.(name).top.digest ?? ''
