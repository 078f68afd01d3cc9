import { createHash } from 'node:crypto'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { LRUCache } from 'lru-cache'
import { Agent } from 'undici'
import { remembering } from '../lib/remember.ts'
import { type ConnectorOptions, createConnector } from './dial/connector.ts'
import type { Reach } from './dial/guard.ts'
import type { ClientTerms } from './send.ts'

/** Options of pools. */
export interface PoolsOptions extends Pick<ConnectorOptions, 'guard' | 'route' | 'resolve' | 'dialled' | 'stalled'> {
  /** Sockets to one origin at the most. */
  readonly connectionsPerHost: number
  /** Authorities that are trusted beside the system's own, as PEM; another array after a change. */
  readonly trust: () => readonly string[]
}

/** Connections that are kept. */
export interface Pools {
  readonly agentFor: (reach: Reach, client: ClientTerms) => Agent
  readonly close: () => Promise<void>
}

interface Pool {
  readonly agent: Agent
  /** Gives up what is under way. */
  readonly close: () => Promise<void>
}

// Node reads headers up to 16 KiB by default; registries stay far below it.
const mostHeaderBytes = 16 * 1024
// For the name, the connection and the handshake: a registry that needs longer leaves a review no time to use it.
const mostConnectMs = 3000
// Terms come from the operator's files: a changed certificate makes new ones, and the oldest go.
const mostPools = 64

const digestOf = remembering((list: readonly unknown[]) =>
  createHash('sha256').update(JSON.stringify(list)).digest('base64url'),
)

const keyOf = (reach: Reach, { tls, dialTimeoutMs }: ClientTerms, extra: readonly string[]): string =>
  [reach, dialTimeoutMs, tls.verify, digestOf(tls.ca), digestOf(tls.client), digestOf(extra)].join(' ')

/** What Node trusts, and what the system does, where a company's own authorities are. */
const systemRoots = (): readonly string[] => [
  ...new Set([...getCACertificates('bundled'), ...getCACertificates('system')]),
]

/** Made once for many connections: to read some hundred authorities takes milliseconds. */
const contextTrusting = (ca: readonly string[]): SecureContext => createSecureContext({ ca: [...systemRoots(), ...ca] })

const plainContext = remembering(contextTrusting)

/** Of several client certificates the first: Go chooses by the authorities that the server names. */
const contextOf = ({ tls }: ClientTerms, extra: readonly string[]): SecureContext => {
  const [pair] = tls.client
  if (pair === undefined && tls.ca.length === 0) return plainContext(extra)
  if (pair === undefined) return contextTrusting([...extra, ...tls.ca])
  const own = { cert: pair.cert, key: pair.key ?? pair.cert }
  return createSecureContext({ ca: [...systemRoots(), ...extra, ...tls.ca], ...own })
}

/**
 * Makes pools: one for each reach, since a pool is keyed by origin and a realm that a public registry names must not ride
 * on a connection that was opened to a registry of that name; and one for each set of terms.
 */
export const createPools = ({ connectionsPerHost, trust, ...dialling }: PoolsOptions): Pools => {
  const pools = new LRUCache<string, Pool>({ max: mostPools, dispose: ({ agent }) => void agent.close() })

  const open = (reach: Reach, client: ClientTerms, extra: readonly string[]): Pool => {
    const connector = createConnector({
      ...dialling,
      reach,
      connectMs: Math.min(client.dialTimeoutMs ?? mostConnectMs, mostConnectMs),
      tls: { rejectUnauthorized: client.tls.verify, secureContext: contextOf(client, extra) },
      proxyTls: { secureContext: plainContext(extra) },
    })
    const agent = new Agent({
      allowH2: false,
      connections: connectionsPerHost,
      pipelining: 1,
      maxHeaderSize: mostHeaderBytes,
      connect: connector.connect,
    })
    const close = async (): Promise<void> => {
      connector.close()
      await agent.destroy()
    }
    return { agent, close }
  }

  return {
    agentFor: (reach, client) => {
      const extra = trust()
      const key = keyOf(reach, client, extra)
      const known = pools.get(key)
      if (known !== undefined) return known.agent
      const pool = open(reach, client, extra)
      pools.set(key, pool)
      return pool.agent
    },
    close: async () => void (await Promise.all([...pools.values()].map(({ close }) => close()))),
  }
}
