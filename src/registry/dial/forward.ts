import type { Route } from './proxy.ts'

/** What a request's first line and headers say beside the usual, because a proxy reads them. */
export interface Forward {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * How a request is written. A proxy gets a plain HTTP request whole, with its full URL, as Go's net/http sends it; of one
 * by HTTPS it sees no more than the tunnel. The connector has dialled the proxy in either case.
 */
export const forwardOf = (url: URL, route: Route): Forward => {
  const path = url.pathname + url.search
  if (route.kind !== 'proxy' || url.protocol !== 'http:') return { path, headers: {} }
  const { authorization } = route.proxy
  return {
    path: url.origin + path,
    headers: authorization === undefined ? {} : { 'proxy-authorization': authorization },
  }
}
