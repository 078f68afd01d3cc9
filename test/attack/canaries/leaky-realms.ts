import { ok } from '../../../src/lib/result.ts'
import type { Reply, Request, Send } from '../../../src/registry/send.ts'

/** A reply whose challenges are other ones. */
const withChallenges = (reply: Reply, change: (line: string) => string): Reply => ({
  ...reply,
  lines: name => (name === 'www-authenticate' ? reply.lines(name).map(change) : reply.lines(name)),
})

/** Asks the realms that a careful reader of challenges turns down. */
export const trustingRealms = (send: Send): Send => {
  const meant = new Map<string, string>()
  const disguised = (line: string): string =>
    line.replace(/realm="(https?:[^"]*)"/, (_, text: string) => {
      const url = URL.parse(text)
      if (url === null) return 'realm=""'
      url.username = ''
      url.password = ''
      url.hash = ''
      const disguise = new URL(url.href.replace(/^http:/, 'https:'))
      meant.set(`${disguise.origin}${disguise.pathname}`, url.origin)
      return `realm="${disguise.href}"`
    })
  return async (request, signal) => {
    const url = new URL(request.url)
    const origin = request.step === 'token' ? meant.get(`${url.origin}${url.pathname}`) : undefined
    const asked = origin === undefined ? request : { ...request, url: `${origin}${url.pathname}${url.search}` }
    const reply = await send(asked, signal)
    return reply.ok ? ok(withChallenges(reply.value, disguised)) : reply
  }
}

/** Keeps the answers of token servers under a key of its own. */
export const keepingTokens = (keyOf: (request: Request) => string) => (send: Send) => {
  const kept = new Map<string, Reply>()
  const sender: Send = async (request, signal) => {
    if (request.step !== 'token') return send(request, signal)
    const known = kept.get(keyOf(request))
    if (known !== undefined) return ok(known)
    const reply = await send(request, signal)
    if (reply.ok && reply.value.status === 200) kept.set(keyOf(request), reply.value)
    return reply
  }
  return sender
}

/** An address without what is asked for. */
export const withoutQuery = (url: string): string => url.replace(/\?.*/, '')
