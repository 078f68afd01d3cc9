import { Agent } from 'undici'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Endpoint } from './endpoint.ts'
import type { ProbeFailure, Step } from './failure.ts'
import { translateError } from './network-error.ts'

/** One question to a registry. */
export interface Inquiry {
  readonly method: 'HEAD' | 'GET'
  readonly endpoint: Endpoint
  /** Below the endpoint's base: `/shop/web/manifests/1.0`. */
  readonly path: string
  readonly accept: string
  readonly step: Step
  /** A longer body is refused as too large. */
  readonly mostBytes: number
}

/** One answer, read whole. */
export interface Answer {
  readonly status: number
  /** The value of a header, by its lower-case name; the last where it came several times. */
  readonly header: (name: string) => string | undefined
  readonly body: Uint8Array
}

/** Asks one question; whatever goes wrong is a value. */
export type Exchange = (inquiry: Inquiry, signal: AbortSignal) => Promise<Result<Answer, ProbeFailure>>

/** Options of an exchange. */
export interface ExchangeOptions {
  readonly userAgent: string
  /** Sockets to one registry at the most. */
  readonly connectionsPerHost: number
}

// Node reads headers up to 16 KiB by default; registries stay far below it.
const mostHeaderBytes = 16 * 1024

const agentOf = (verifyTls: boolean, connections: number): Agent =>
  new Agent({
    allowH2: false,
    connections,
    pipelining: 1,
    maxHeaderSize: mostHeaderBytes,
    connect: { rejectUnauthorized: verifyTls },
  })

/** Makes an exchange with its pools of connections, and the function that closes them. */
export const createExchange = (
  options: ExchangeOptions,
): { readonly exchange: Exchange; readonly close: () => Promise<void> } => {
  const verifying = agentOf(true, options.connectionsPerHost)
  const trusting = agentOf(false, options.connectionsPerHost)
  const headers = { 'user-agent': options.userAgent, 'accept-encoding': 'identity' }

  const once = async (base: string, inquiry: Inquiry, signal: AbortSignal): Promise<Result<Answer, ProbeFailure>> => {
    const url = new URL(base + inquiry.path)
    const agent = inquiry.endpoint.verifyTls ? verifying : trusting
    const at = { host: inquiry.endpoint.host, step: inquiry.step }
    try {
      const answer = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: inquiry.method,
        headers: { ...headers, accept: inquiry.accept },
        signal,
      })
      const body = await readBody(answer.body, inquiry.mostBytes)
      if (body === undefined) return fail({ ...at, kind: 'bad-answer', problem: 'too-large', status: undefined })
      return ok({ status: answer.statusCode, header: name => lastOf(answer.headers[name]), body })
    } catch (error) {
      return fail({ ...at, ...translateError(error, signal) })
    }
  }

  // A loopback host with a port of its own may speak HTTP or HTTPS. There are few of them, so what was learnt is kept.
  const learnt = new Map<string, string>()

  const exchange: Exchange = async (inquiry, signal) => {
    const { host, bases } = inquiry.endpoint
    const known = learnt.get(host)
    let answer = await once(known ?? bases[0] ?? '', inquiry, signal)
    const second = bases[1]
    if (known !== undefined || second === undefined || answer.ok || !speaksNoTls(answer.error)) return answer
    answer = await once(second, inquiry, signal)
    if (answer.ok) learnt.set(host, second)
    return answer
  }
  return { exchange, close: async () => void (await Promise.all([verifying.destroy(), trusting.destroy()])) }
}

const speaksNoTls = (failure: ProbeFailure): boolean =>
  failure.kind === 'unreachable' && (failure.problem === 'not-https' || failure.problem === 'connection-refused')

const lastOf = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.at(-1) : value

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
