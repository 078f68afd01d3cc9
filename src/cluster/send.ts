import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { abortable } from '../lib/abort.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { codeOf } from '../lib/small-file.ts'
import type { Connections } from './connections.ts'
import type { ClusterAccess, Presented } from './identity.ts'

/** What is asked of the API server. */
export interface Question {
  /** With a slash at its beginning. */
  readonly path: string
  /** Undefined: a GET. */
  readonly body: string | undefined
  /** A POST unless it is told; a PATCH is one of JSON (RFC 6902). */
  readonly method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
}

/** Options of sending. */
export interface SendOptions {
  readonly access: ClusterAccess
  readonly userAgent: string
  readonly connections: Connections
}

/** Sends a question, and gives the answer as soon as its head is there. Throws what the network throws, and when the signal fires. */
export type Send = (question: Question, signal: AbortSignal) => Promise<Result<IncomingMessage, 'no-credentials'>>

// The server closed a kept connection just as we wrote on it: it has not seen the question.
const staleCodes = new Set(['ECONNRESET', 'EPIPE'])

const mediaTypes = {
  POST: 'application/json',
  PUT: 'application/json',
  PATCH: 'application/json-patch+json',
  DELETE: 'application/json',
} as const

/** Makes the way on which questions go out. It follows no redirects, and takes no proxy from the environment. */
export const createSend = ({ access, userAgent, connections }: SendOptions): Send => {
  const { server, identity } = access

  const once = (
    { path, body, method = 'POST' }: Question,
    { headers, terms }: Presented,
    signal: AbortSignal,
  ): Promise<Result<IncomingMessage, 'stale-connection'>> =>
    new Promise((resolve, reject) => {
      // Trap: of a DELETE node tells no length by itself, and the server takes its body for the next question (lib/_http_outgoing.js).
      const content =
        body === undefined
          ? {}
          : { 'content-type': mediaTypes[method], 'content-length': String(Buffer.byteLength(body)) }
      const outgoing = request(`${server}${path}`, {
        method: body === undefined ? 'GET' : method,
        headers: { accept: 'application/json', 'user-agent': userAgent, ...content, ...headers },
        agent: connections.agentFor(terms),
        signal,
      })
      outgoing.once('response', response => resolve(ok(response)))
      outgoing.on('error', error => {
        const isStale = outgoing.reusedSocket && staleCodes.has(codeOf(error)) && !signal.aborted
        return isStale ? resolve(fail('stale-connection')) : reject(error)
      })
      outgoing.end(body)
    })

  const asked = async (question: Question, shown: Presented, signal: AbortSignal): Promise<IncomingMessage> => {
    // Each try uses up one kept connection; a new one is never stale.
    for (;;) {
      // Trap: a request that waits for a socket does not tell that it was aborted before it gets one (node, lib/_http_client.js).
      const response = await abortable(once(question, shown, signal), signal)
      if (response.ok) return response.value
    }
  }

  return async (question, signal) => {
    const shown = await abortable(identity.present(false), signal)
    if (!shown.ok) return shown
    const response = await asked(question, shown.value, signal)
    if (response.statusCode !== 401) return ok(response)
    // The token may have been renewed since it was read.
    const again = await abortable(identity.present(true), signal)
    if (!again.ok) return ok(response)
    response.resume()
    return ok(await asked(question, again.value, signal))
  }
}
