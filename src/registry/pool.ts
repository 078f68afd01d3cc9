import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { LRUCache } from 'lru-cache'
import type { buildConnector } from 'undici'
import { remembering } from '../lib/remember.ts'
import { type ConnectorOptions, createConnector } from './dial/connector.ts'
import type { Reach } from './dial/guard.ts'
import type { ClientTerms } from './send.ts'
import { Agent } from './undici.ts'

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
  /** Lets what is under way come to its end, and takes nothing new. */
  readonly retire: () => Promise<void>
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
  ...new Set([...getCACertificates('default'), ...getCACertificates('system')]),
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

/** The same connector, and the sockets that it opened. */
const noting = (connect: buildConnector.connector) => {
  const sockets = new Set<Socket>()
  const noted: buildConnector.connector = (to, callback) =>
    connect(to, (...[error, socket]) => {
      if (error !== null) return callback(error, null)
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      callback(null, socket)
    })
  return { connect: noted, sockets }
}

/**
 * Makes pools: one for each reach, since a pool is keyed by origin and a realm that a public registry names must not ride
 * on a connection that was opened to a registry of that name; and one for each set of terms.
 */
export const createPools = ({ connectionsPerHost, trust, ...dialling }: PoolsOptions): Pools => {
  const pools = new LRUCache<string, Pool>({ max: mostPools, dispose: pool => void pool.retire() })
  // With those that retired and still have something under way.
  const open = new Set<Pool>()

  const opened = (reach: Reach, client: ClientTerms, extra: readonly string[]): Pool => {
    const connector = createConnector({
      ...dialling,
      reach,
      connectMs: Math.min(client.dialTimeoutMs ?? mostConnectMs, mostConnectMs),
      tls: () => ({ rejectUnauthorized: client.tls.verify, secureContext: contextOf(client, extra) }),
      proxyTls: () => ({ secureContext: plainContext(extra) }),
    })
    const { connect, sockets } = noting(connector.connect)
    const agent = new Agent({
      allowH2: false,
      connections: connectionsPerHost,
      pipelining: 1,
      maxHeaderSize: mostHeaderBytes,
      connect,
    })
    const close = async (): Promise<void> => {
      connector.close()
      await agent.destroy()
      // Trap: an agent that was closed has forgotten its clients, and destroys none of them (undici, agent.js).
      for (const socket of sockets) socket.destroy()
    }
    const forget = (): void => void open.delete(pool)
    const pool: Pool = { agent, retire: () => agent.close().then(forget, forget), close }
    open.add(pool)
    return pool
  }

  return {
    agentFor: (reach, client) => {
      const extra = trust()
      const key = keyOf(reach, client, extra)
      const known = pools.get(key)
      if (known !== undefined) return known.agent
      const pool = opened(reach, client, extra)
      pools.set(key, pool)
      return pool.agent
    },
    close: async () => void (await Promise.all([...open].map(({ close }) => close()))),
  }
}
