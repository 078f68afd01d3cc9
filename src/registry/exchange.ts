import { Agent } from 'undici'
import { fail, ok } from '../lib/result.ts'
import { translateError } from './network-error.ts'
import type { Send } from './send.ts'

/** Options of an exchange. */
export interface ExchangeOptions {
  readonly userAgent: string
  /** Sockets to one origin at the most. */
  readonly connectionsPerHost: number
}

/** An exchange of one request for one answer, and its connections. */
export interface Exchange {
  /** Follows no redirect. */
  readonly send: Send
  readonly close: () => Promise<void>
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

/** Makes an exchange with its pools of connections, one an origin. */
export const createExchange = ({ userAgent, connectionsPerHost }: ExchangeOptions): Exchange => {
  const verifying = agentOf(true, connectionsPerHost)
  const trusting = agentOf(false, connectionsPerHost)
  const always = { 'user-agent': userAgent, 'accept-encoding': 'identity' }

  const send: Send = async ({ method, url: text, endpoint, host, headers, body, step, mostBytes }, signal) => {
    const url = new URL(text)
    const agent = endpoint.verifyTls ? verifying : trusting
    try {
      const answer = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { ...always, ...headers },
        body: body ?? null,
        signal,
      })
      const bytes = await readBody(answer.body, mostBytes)
      if (bytes === undefined) return fail({ host, step, kind: 'bad-answer', problem: 'too-large', status: undefined })
      const lines = (name: string): readonly string[] => [answer.headers[name] ?? []].flat()
      return ok({ status: answer.statusCode, header: name => lines(name).at(-1), lines, body: bytes })
    } catch (error) {
      return fail({ host, step, ...translateError(error, signal) })
    }
  }
  return { send, close: async () => void (await Promise.all([verifying.destroy(), trusting.destroy()])) }
}

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
