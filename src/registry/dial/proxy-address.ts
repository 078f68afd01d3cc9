import { readGoUrl } from '../hosts/go-url.ts'

/** A proxy that can be dialled. */
export interface ProxyServer {
  /** Whether the proxy itself is spoken to by TLS. */
  readonly tls: boolean
  /** Without brackets. */
  readonly hostname: string
  readonly port: number
  /** The value of `Proxy-Authorization`: a secret. */
  readonly authorization: string | undefined
}

/** What the text of a proxy variable means. */
export type ProxyAddress =
  | { readonly kind: 'none' }
  | { readonly kind: 'proxy'; readonly proxy: ProxyServer }
  /** It names a proxy to whoever sets it, and none that can be used: SOCKS, or a host or port that cannot be. */
  | { readonly kind: 'unusable'; readonly why: 'scheme' | 'address' }

const none: ProxyAddress = { kind: 'none' }

/** What Go's url.Parse finds in a text. */
type Reading =
  | { readonly kind: 'error' }
  | { readonly kind: 'no-host' }
  | { readonly kind: 'host'; readonly scheme: string }

const readUrl = (text: string): Reading => {
  const url = readGoUrl(text)
  if (!url.ok) return { kind: 'error' }
  const { scheme, host } = url.value
  return scheme === '' || host === '' ? { kind: 'no-host' } : { kind: 'host', scheme }
}

// As bytes: a password need not be UTF-8 once its percent signs are resolved.
const decoded = (text: string): Buffer =>
  Buffer.from(
    text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )

// Whoever writes an @ sends credentials, empty ones too.
const authorizationOf = (text: string, { username, password }: URL): string | undefined => {
  if (!/^[^/]*\/\/[^/?#]*@/.test(text)) return undefined
  return `Basic ${Buffer.concat([decoded(username), Buffer.from(':'), decoded(password)]).toString('base64')}`
}

const proxyAt = (text: string): ProxyAddress => {
  const url = URL.parse(text)
  if (url === null) return unusable('address')
  const tls = url.protocol === 'https:'
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port)
  return { kind: 'proxy', proxy: { tls, hostname, port, authorization: authorizationOf(text, url) } }
}

const unusable = (why: 'scheme' | 'address'): ProxyAddress => ({ kind: 'unusable', why })

/**
 * Reads the value of HTTP_PROXY or HTTPS_PROXY: a URL, or `host:port` for one by HTTP. As in Go
 * (golang.org/x/net/http/httpproxy parseProxy), what is no URL even with `http://` before it means that there is no proxy.
 */
export const parseProxyAddress = (text: string): ProxyAddress => {
  if (text === '') return none
  const asIs = readUrl(text)
  if (asIs.kind === 'host') return /^https?$/.test(asIs.scheme) ? proxyAt(text) : unusable('scheme')
  const byHttp = readUrl(`http://${text}`)
  if (byHttp.kind === 'host') return proxyAt(`http://${text}`)
  // Go goes on with a proxy without a host, and fails when it dials it.
  return asIs.kind === 'error' && byHttp.kind === 'error' ? none : unusable('address')
}
