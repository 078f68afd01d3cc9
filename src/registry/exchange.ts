import { abortable } from '../lib/abort.ts'
import { fail, ok } from '../lib/result.ts'
import { lookupAll, type Resolve } from './dial/dial.ts'
import { forwardOf } from './dial/forward.ts'
import { type Guard, type Reach, reachOf } from './dial/guard.ts'
import { createRouting, type ProxySettings } from './dial/proxy.ts'
import { createStandings, type Standings } from './dial/standings.ts'
import type { Step } from './failure.ts'
import { translateError } from './network-error.ts'
import { createPools } from './pool.ts'
import type { Request, Send } from './send.ts'
import { errors } from './undici.ts'

/** Options of an exchange. */
export interface ExchangeOptions {
  readonly userAgent: string
  /** Sockets to one origin at the most. */
  readonly connectionsPerHost: number
  readonly guard: Guard
  readonly proxies: ProxySettings
  /** Authorities that are trusted beside the system's own, as PEM; another array after a change. */
  readonly trust: () => readonly string[]
  /** The system's resolver unless told otherwise. */
  readonly resolve?: Resolve
  /** Told of an origin that gave no answer to a connection. */
  readonly stalled: (origin: string) => void
}

/** An exchange of one request for one answer, and its connections. */
export interface Exchange {
  /** Follows no redirect. */
  readonly send: Send
  readonly close: () => Promise<void>
}

/** Makes an exchange with its pools of connections. */
export const createExchange = (options: ExchangeOptions): Exchange => {
  const standings = createStandings()
  const route = createRouting(options.proxies)
  const pools = createPools({ resolve: lookupAll, ...options, route, dialled: standings.note })
  const always = { 'user-agent': options.userAgent, 'accept-encoding': 'identity' }

  const send: Send = async (request, signal) => {
    const { method, client, host, body, step } = request
    const url = new URL(request.url)
    const way = route(url)
    const forward = forwardOf(url, way)
    const agent = pools.agentFor(reachOfRequest(request, url, standings), client)
    const ask = () =>
      agent.request({
        origin: url.origin,
        path: forward.path,
        method,
        headers: { ...always, ...mutable(request.headers), ...forward.headers },
        body: body ?? null,
        // undici would close the connection after each HEAD, for fear of a body that should not be there.
        reset: false,
        signal,
      })
    try {
      // The signal is minded by undici only once there is a connection.
      const answer = await abortable(askAgain(ask, request), signal)
      const bytes = await readBody(
        answer.body,
        answer.statusCode < 300 ? request : { mostBytes: mostErrorBytes, take: undefined, tooLong: 'cut' },
      )
      if (bytes === undefined) return fail({ host, step, ...tooLarge(step, answer.headers['content-length']) })
      // The proxy's own word: of what it tunnels it sees no status.
      if (answer.statusCode === 407 && way.kind === 'proxy' && url.protocol === 'http:')
        return fail({ host, step, kind: 'unreachable', problem: 'proxy-auth' })
      const lines = (name: string): readonly string[] => [answer.headers[name] ?? []].flat()
      return ok({ status: answer.statusCode, header: name => lines(name).at(-1), lines, body: bytes })
    } catch (error) {
      return fail({ host, step, ...translateError(error, signal) })
    }
  }
  return { send, close: pools.close }
}

// An error's body is read for its code; no registry needs more for that.
const mostErrorBytes = 64 * 1024

/** A kept connection may be closed at the very moment that it is used: one more try, as Go's net/http does. */
const askAgain = async <T>(ask: () => Promise<T>, { method }: Request): Promise<T> => {
  try {
    return await ask()
  } catch (error) {
    if (method !== 'POST' && wasUsedBefore(error)) return ask()
    throw error
  }
}

const wasUsedBefore = (error: unknown): boolean =>
  error instanceof errors.SocketError && (error.socket?.bytesRead ?? 0) > 0

const mutable = (headers: Request['headers']): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  )

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

interface BodyLimits extends Pick<Request, 'mostBytes' | 'take'> {
  /** Where the beginning of a body will do. */
  readonly tooLong?: 'cut'
}

// Leaving the loop early destroys the stream, and the socket with it: an endless body ends here.
const readBody = async (
  stream: AsyncIterable<Uint8Array>,
  { mostBytes, take, tooLong }: BodyLimits,
): Promise<Uint8Array | undefined> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > mostBytes && tooLong !== 'cut') return undefined
    if (take === undefined) chunks.push(chunk)
    else if (!(await take(chunk))) break
    if (length > mostBytes) break
  }
  return Buffer.concat(chunks).subarray(0, mostBytes)
}
