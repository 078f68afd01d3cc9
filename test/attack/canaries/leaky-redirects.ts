import type { Reply, Request, Send } from '../../../src/registry/send.ts'

const isRedirect = ({ status }: Reply): boolean => [301, 302, 303, 307, 308].includes(status)

/** Follows redirects with all that the first request had. */
export const followingBlindly =
  (send: Send, isFollowed: (request: Request, target: URL) => boolean): Send =>
  async (first, signal) => {
    let request = first
    for (let hops = 0; ; hops++) {
      const reply = await send(request, signal)
      const location = reply.ok && isRedirect(reply.value) ? reply.value.header('location') : undefined
      const target = location === undefined ? null : URL.parse(location, request.url)
      if (target === null || hops === 3 || !isFollowed(request, target)) return reply
      target.username = ''
      target.password = ''
      request = { ...request, url: target.href, namedBy: request.url }
    }
  }

/** Whether a URL leads to a host, at whichever of its ports. */
export const isSameHost = (one: string, { hostname }: URL): boolean => new URL(one).hostname === hostname

/** Sends to another origin than the one that named it only what anybody may see. */
export const withoutSecrets =
  (send: Send): Send =>
  (request, signal) => {
    const isAway =
      request.namedBy !== undefined &&
      request.step !== 'token' &&
      new URL(request.namedBy).origin !== new URL(request.url).origin
    return send(isAway ? { ...request, headers: { accept: '*/*' } } : request, signal)
  }
