import { Agent } from 'undici'
import { fail, ok } from '../lib/result.ts'
import { createConnector } from './dial/connector.ts'
import { lookupAll } from './dial/dial.ts'
import { type Guard, type Reach, reachOf } from './dial/guard.ts'
import { createRouting, noProxies } from './dial/proxy.ts'
import { createStandings, type Standings } from './dial/standings.ts'
import type { Step } from './failure.ts'
import { translateError } from './network-error.ts'
import type { Request, Send } from './send.ts'

/** Options of an exchange. */
export interface ExchangeOptions {
  readonly userAgent: string
  /** Sockets to one origin at the most. */
  readonly connectionsPerHost: number
  readonly guard: Guard
}

/** An exchange of one request for one answer, and its connections. */
export interface Exchange {
  /** Follows no redirect. */
  readonly send: Send
  readonly close: () => Promise<void>
}

// Node reads headers up to 16 KiB by default; registries stay far below it.
const mostHeaderBytes = 16 * 1024

// For the name, the connection and the handshake: a registry that needs longer leaves a review no time to use it.
const connectMs = 3000

interface Pool {
  readonly agent: Agent
  readonly close: () => Promise<void>
}

/**
 * One pool for each reach, since a pool is keyed by origin: a realm that a public registry names must not ride on a
 * connection that was opened to a registry of that name.
 */
const createPool = (
  { guard, connectionsPerHost }: ExchangeOptions,
  reach: Reach,
  verifyTls: boolean,
  standings: Standings,
): Pool => {
  const connector = createConnector({
    guard,
    reach,
    route: createRouting(noProxies),
    resolve: lookupAll,
    connectMs,
    tls: { rejectUnauthorized: verifyTls },
    dialled: standings.note,
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

/** Makes an exchange with its pools of connections. */
export const createExchange = (options: ExchangeOptions): Exchange => {
  const standings = createStandings()
  const pools = new Map<string, Pool>()
  const poolFor = (reach: Reach, verifyTls: boolean): Pool => {
    const key = `${reach}/${verifyTls}`
    const pool = pools.get(key) ?? createPool(options, reach, verifyTls, standings)
    pools.set(key, pool)
    return pool
  }
  const always = { 'user-agent': options.userAgent, 'accept-encoding': 'identity' }

  const send: Send = async (request, signal) => {
    const { method, endpoint, host, headers, body, step, mostBytes } = request
    const url = new URL(request.url)
    const pool = poolFor(reachOfRequest(request, url, standings), endpoint.verifyTls)
    try {
      const answer = await pool.agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { ...always, ...headers },
        body: body ?? null,
        signal,
      })
      const bytes = await readBody(answer.body, mostBytes)
      if (bytes === undefined) return fail({ host, step, ...tooLarge(step, answer.headers['content-length']) })
      const lines = (name: string): readonly string[] => [answer.headers[name] ?? []].flat()
      return ok({ status: answer.statusCode, header: name => lines(name).at(-1), lines, body: bytes })
    } catch (error) {
      return fail({ host, step, ...translateError(error, signal) })
    }
  }
  return { send, close: async () => void (await Promise.all([...pools.values()].map(({ close }) => close()))) }
}

const reachOfRequest = ({ namedBy, step }: Request, to: URL, standings: Standings): Reach => {
  if (namedBy === undefined) return 'private'
  const from = new URL(namedBy)
  return reachOf(step === 'token' ? 'realm' : 'redirect', {
    standing: standings.of(from.origin),
    itself: from.host === to.host,
  })
}

// A runtime refuses a manifest of that size as well, so that is a word on the image.
const tooLarge = (step: Step, length: string | string[] | undefined) =>
  step === 'manifest'
    ? ({ kind: 'oversized', sizeBytes: /^\d{1,15}$/.test(String(length)) ? Number(length) : undefined } as const)
    : ({ kind: 'bad-answer', problem: 'too-large', status: undefined } as const)

// Leaving the loop early destroys the stream, and the socket with it: an endless body ends here.
const readBody = async (stream: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array | undefined> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > most) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
