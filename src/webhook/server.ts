import Fastify, { type FastifyInstance } from 'fastify'
import { createDeadline } from '../lib/deadline.ts'
import { openSockets } from '../lib/open-sockets.ts'
import type { Decision } from '../verdict/decide.ts'
import { answerReview } from './answer.ts'
import { type BudgetOptions, budgetMs } from './budget.ts'
import type { Certificate } from './certificate.ts'
import { type Review, readReview } from './review.ts'

/** Decides one review before its signal fires. */
export type Reviewer = (review: Review, signal: AbortSignal) => Promise<Decision>

/** Options of the webhook's server. */
export interface ServerOptions extends BudgetOptions {
  readonly certificate: Certificate
  readonly review: Reviewer
  /** Told of what nobody expected: a bug. The API server then does as its failure policy says. */
  readonly bug: (error: unknown) => void
}

// An object is at most 3 MiB at the API server, and an update carries two of them (apiserver server/config.go
// MaxRequestBodyBytes); the rest of a review stays far below the remaining two.
const mostBodyBytes = 8 * 1024 * 1024

// The API server keeps idle connections for 90 s (Go's http.DefaultTransport) and does not repeat a POST: with a shorter
// life here, a connection could be closed just as a review is written to it.
const keepAliveMs = 100_000

/** Makes the webhook's HTTPS server; it listens when told to. */
export const createServer = (options: ServerOptions): FastifyInstance => {
  const server: FastifyInstance = Fastify({
    https: {
      key: options.certificate.key,
      cert: options.certificate.cert,
      minVersion: 'TLSv1.2',
      connectionsCheckingInterval: 5000,
    },
    bodyLimit: mostBodyBytes,
    keepAliveTimeout: keepAliveMs,
    requestTimeout: 15_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { querystringParser: text => Object.fromEntries(new URLSearchParams(text)) },
  }) as unknown as FastifyInstance

  // Closing waits for every connection, and Node looks for slow ones no longer then: one that never began TLS, or sent half a
  // request, would hold the process until it is killed. Every review that has begun is over after this time.
  const sockets = openSockets(server.server)
  server.addHook('preClose', async () => {
    const end = (): void => {
      for (const socket of sockets) socket.destroy()
    }
    setTimeout(end, options.timeoutMs).unref()
  })

  // Plain JSON.parse, where fastify's own refuses the key __proto__: a map in a pod may have any key, and a refusal would
  // let the object pass unseen, since a failed call may be ignored. Nothing here copies keys or reads inherited ones.
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => {
    try {
      done(null, JSON.parse(body as string))
    } catch {
      done(Object.assign(new Error(), { statusCode: 400 }))
    }
  })

  server.post<{ Querystring: { timeout?: string } }>('/validate', async (request, reply) => {
    const review = readReview(request.body)
    if (!review.ok) return reply.code(400).send({ error: review.error })
    const { signal, release } = createDeadline(budgetMs(request.query.timeout, options))
    const decision = await options.review(review.value, signal).finally(release)
    return answerReview(review.value.uid, decision)
  })
  server.get('/healthz', async () => ({ status: 'ok' }))
  server.setNotFoundHandler((_, reply) =>
    reply.code(404).send({ error: 'this is the pullgate webhook: POST an AdmissionReview to /validate' }),
  )
  server.setErrorHandler((error: { statusCode?: number; code?: string }, _, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) options.bug(error)
    return reply.code(status).send({ error: reasonOf(status, error.code) })
  })
  return server
}

const reasonOf = (status: number, code: string | undefined): string => {
  if (status === 413) return `the body is larger than ${mostBodyBytes / 1024 / 1024} MiB`
  if (status === 415) return 'the body is not application/json'
  if (code?.startsWith('FST_ERR_CTP') === true || status === 400) return 'the body is not JSON'
  return 'the review could not be handled'
}
