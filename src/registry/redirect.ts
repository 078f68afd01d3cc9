import { fail } from '../lib/result.ts'
import type { AnswerProblem } from './failure.ts'
import type { Headers, Reply, Request, Send } from './send.ts'

// A registry hands its blobs to a content network: one step, or two.
const mostRedirects = 3

const isRedirect = ({ status }: Reply): boolean => [301, 302, 303, 307, 308].includes(status)

/** Where the answer leads; undefined where we do not follow: to no URL, to one with a user in it, or from HTTPS to HTTP. */
const targetOf = (reply: Reply, from: URL): URL | undefined => {
  const location = reply.header('location') ?? ''
  if (location === '' || !URL.canParse(location, from.href)) return undefined
  const target = new URL(location, from)
  const isWeb = target.protocol === 'https:' || (target.protocol === 'http:' && from.protocol === 'http:')
  return isWeb && target.username === '' && target.password === '' ? target : undefined
}

// What a hosts.toml adds may be as secret as a password.
const harmless = new Set(['accept'])

const harmlessOf = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.has(name)))

/** The same request to another address; what proves who asks stays where it was asked for. */
const moved = (request: Request, from: URL, target: URL): Request => ({
  ...request,
  url: target.href,
  namedBy: from.href,
  headers: target.origin === from.origin ? request.headers : harmlessOf(request.headers),
})

/** Follows redirects by hand, since no HTTP client's own way is careful enough with credentials. */
export const followingRedirects =
  (send: Send): Send =>
  async (first, signal) => {
    const problem = (of: AnswerProblem, status: number) =>
      fail({ host: first.host, step: first.step, kind: 'bad-answer', problem: of, status } as const)
    let request = first
    for (let redirects = 0; ; redirects++) {
      const reply = await send(request, signal)
      if (!reply.ok) return reply
      const from = new URL(request.url)
      // A content network that turns us away says nothing about our credentials, which it never saw.
      const isAway = from.origin !== new URL(first.url).origin
      if (isAway && [401, 403].includes(reply.value.status))
        return problem('refused-after-redirect', reply.value.status)
      if (!isRedirect(reply.value) || first.step === 'token') return reply
      const target = redirects < mostRedirects ? targetOf(reply.value, from) : undefined
      if (target === undefined) return problem('bad-redirect', reply.value.status)
      request = moved(request, from, target)
    }
  }
