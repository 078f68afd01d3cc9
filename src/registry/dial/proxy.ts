import { literalAddress } from './address.ts'
import { contains, knownCidr } from './cidr.ts'
import { createNoProxy } from './no-proxy.ts'
import { type ProxyAddress, type ProxyServer, parseProxyAddress } from './proxy-address.ts'

/** The proxy variables of an environment; empty where not set. */
export interface ProxySettings {
  readonly httpProxy: string
  readonly httpsProxy: string
  readonly noProxy: string
}

/** How a URL is reached. */
export type Route =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly proxy: ProxyServer }
  | { readonly kind: 'unusable'; readonly why: 'scheme' | 'address' }

/** Reads the variables, in capitals or small; the capitals win. */
export const proxySettings = (environment: Readonly<Record<string, string | undefined>>): ProxySettings => {
  const read = (name: string): string => environment[name] || environment[name.toLowerCase()] || ''
  return { httpProxy: read('HTTP_PROXY'), httpsProxy: read('HTTPS_PROXY'), noProxy: read('NO_PROXY') }
}

const direct: Route = { kind: 'direct' }
const loopbacks = ['127.0.0.0/8', '::1'].map(knownCidr)

/** Says which proxy a URL is asked through, by the rules of Go's ProxyFromEnvironment, so as the node's runtime does. */
export const createRouting = (settings: ProxySettings): ((url: URL) => Route) => {
  const exempt = createNoProxy(settings.noProxy)
  const proxies: ReadonlyMap<string, ProxyAddress> = new Map([
    ['http:', parseProxyAddress(settings.httpProxy)],
    ['https:', parseProxyAddress(settings.httpsProxy)],
  ])
  return url => {
    const proxy = proxies.get(url.protocol)
    if (proxy === undefined || proxy.kind === 'none' || url.hostname === 'localhost') return direct
    const address = literalAddress(url.hostname)
    if (address !== undefined && loopbacks.some(range => contains(range, address))) return direct
    const port = url.port || (url.protocol === 'https:' ? '443' : '80')
    return exempt({ name: url.hostname, address, port }) ? direct : proxy
  }
}
