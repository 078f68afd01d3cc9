import type { Server } from 'node:https'
import Fastify, { type FastifyInstance } from 'fastify'
import { createDeadline } from '../lib/deadline.ts'
import { openSockets } from '../lib/open-sockets.ts'
import { answerReview, answerUnread } from './answer.ts'
import { type BudgetOptions, budgetMs } from './budget.ts'
import { type CallerOptions, callerProblem } from './caller.ts'
import type { Certificate } from './certificate.ts'
import { createLoad, type LoadOptions } from './load.ts'
import { type Review, readReview } from './review.ts'
import { reviewUid } from './review-uid.ts'
import type { Ruling } from './ruling.ts'

/** Decides one review before its signal fires. */
export type Reviewer = (review: Review, signal: AbortSignal) => Promise<Ruling>

/** Options of the webhook's server. */
export interface ServerOptions extends BudgetOptions {
  readonly certificate: Certificate
  /** Who may ask; undefined: anybody. */
  readonly caller: CallerOptions | undefined
  readonly review: Reviewer
  readonly isReady: () => boolean
  /** Told of a review that is let through unread, because there are too many. */
  readonly overloaded: () => void
  readonly load?: Partial<LoadOptions>
  /** Told of what nobody expected: a bug. The API server then does as its failure policy says. */
  readonly bug: (error: unknown) => void
}

/** The webhook's server. */
export interface WebhookServer {
  readonly instance: FastifyInstance
  /** Serves with another certificate from the next connection on; those that are open go on. */
  readonly useCertificate: (certificate: Certificate) => void
  /** Asks each client to come back on another connection: to somebody else, if we are no longer named to it. */
  readonly partWithClients: () => void
  readonly connections: () => number
  /** When a review came in last, by the clock of the load. */
  readonly lastReviewMs: () => number
}

// An object is at most 3 MiB at the API server, and an update carries two of them (apiserver server/config.go
// MaxRequestBodyBytes); the rest of a review stays far below the remaining two.
const mostBodyBytes = 8 * 1024 * 1024

// The API server keeps idle connections for 90 s (Go's http.DefaultTransport) and does not repeat a POST: with a shorter
// life here, a connection could be closed just as a review is written to it.
const keepAliveMs = 100_000

// Many times what is under way at 2,000 reviews a second, and what a small container has room for.
const usualLoad = { mostReviews: 2000, mostBytes: 96 * 1024 * 1024, mostLateMs: 500, nowMs: () => performance.now() }

// All that the API server says there (apiserver webhook/request and rest.Request.Timeout); to read it as a form costs more than the routing.
const readQuery = (text: string): Record<string, string> => ({
  timeout: /(?:^|&)timeout=([^&]*)/.exec(text)?.[1] ?? '',
})

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    throw Object.assign(new Error(), { statusCode: 400 })
  }
}

const secureContext = ({ key, cert }: Certificate, caller: CallerOptions | undefined) => ({
  ...{ key, cert, minVersion: 'TLSv1.2' as const },
  ...(caller === undefined ? {} : { ca: caller.ca }),
})

const jsonType = 'application/json; charset=utf-8'

const create = ({ certificate, caller }: ServerOptions): FastifyInstance =>
  Fastify({
    https: {
      ...secureContext(certificate, caller),
      // Whoever shows none may still ask how we are, as the kubelet does.
      ...{ requestCert: caller !== undefined, rejectUnauthorized: false },
      connectionsCheckingInterval: 5000,
    },
    bodyLimit: mostBodyBytes,
    keepAliveTimeout: keepAliveMs,
    requestTimeout: 15_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { querystringParser: readQuery },
  }) as unknown as FastifyInstance

/** Makes the webhook's HTTPS server; it listens when told to. */
export const createServer = (options: ServerOptions): WebhookServer => {
  const { caller } = options
  const server = create(options)
  const load = createLoad({ ...usualLoad, ...options.load })
  let isParting = false
  let lastReviewMs = 0

  // Closing waits for every connection, and Node looks for slow ones no longer then: one that never began TLS, or sent half a
  // request, would hold the process until it is killed. Every review that has begun is over after this time.
  const sockets = openSockets(server.server)
  server.addHook('preClose', async () => {
    load.close()
    const end = (): void => {
      for (const socket of sockets) socket.destroy()
    }
    setTimeout(end, options.timeoutMs).unref()
  })

  // Plain JSON.parse, where fastify's own refuses the key __proto__: a map in a pod may have any key, and a refusal would
  // let the object pass unseen, since a failed call may be ignored. Nothing here copies keys or reads inherited ones.
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => done(null, body))

  const answerTo = async (body: string, timeout: string | undefined): Promise<object | string> => {
    lastReviewMs = performance.now()
    const uid = load.isTooHigh() ? reviewUid(body) : undefined
    if (uid !== undefined) {
      options.overloaded()
      return answerUnread(uid)
    }
    const review = readReview(parsed(body))
    if (!review.ok) return review.error
    const over = load.begin(body.length)
    const { signal, release } = createDeadline(budgetMs(timeout, options, load.lateMs()))
    try {
      return answerReview(review.value.uid, await options.review(review.value, signal))
    } finally {
      release()
      over()
    }
  }

  server.post<{ Querystring: { timeout?: string }; Body: string }>('/validate', async (request, reply) => {
    if (isParting) reply.header('connection', 'close')
    const problem = caller === undefined ? undefined : callerProblem(request.raw.socket, caller)
    if (problem !== undefined) return reply.code(403).send({ error: problem })
    const answer = await answerTo(request.body, request.query.timeout)
    if (typeof answer === 'string') return reply.code(400).send({ error: answer })
    // As text: the framework would look for a schema, and ask each hook, to come to the same. And not by `send`: a reply is waited for.
    reply.header('content-type', jsonType)
    return JSON.stringify(answer)
  })
  server.get('/healthz', async () => ({ status: 'ok' }))
  server.get('/readyz', async (_, reply) =>
    options.isReady() ? { status: 'ok' } : reply.code(503).header('connection', 'close').send({ status: 'not ready' }),
  )
  server.setNotFoundHandler((_, reply) =>
    reply.code(404).send({ error: 'this is the pullgate webhook: POST an AdmissionReview to /validate' }),
  )
  server.setErrorHandler((error: { statusCode?: number; code?: string }, _, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) options.bug(error)
    return reply.code(status).send({ error: reasonOf(status, error.code) })
  })
  return {
    instance: server,
    useCertificate: certificate =>
      (server.server as unknown as Server).setSecureContext(secureContext(certificate, caller)),
    partWithClients: () => {
      isParting = true
    },
    connections: () => sockets.size,
    lastReviewMs: () => lastReviewMs,
  }
}

const reasonOf = (status: number, code: string | undefined): string => {
  if (status === 413) return `the body is larger than ${mostBodyBytes / 1024 / 1024} MiB`
  if (status === 415) return 'the body is not application/json'
  if (code?.startsWith('FST_ERR_CTP') === true || status === 400) return 'the body is not JSON'
  return 'the review could not be handled'
}
