import { isIP, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { connectError, hasCode } from './connect-error.ts'
import { dial, type Resolve } from './dial.ts'
import type { Judgement } from './guard.ts'
import type { ProxyServer } from './proxy-address.ts'
import { tlsWrapper } from './wrap-tls.ts'

/** What lies behind a proxy. */
export interface Beyond {
  /** Without brackets. */
  readonly hostname: string
  /** `host:port`, with brackets where they are needed. */
  readonly authority: string
  readonly tunnel: boolean
}

/** Connects through a proxy; without a tunnel the connection is one to the proxy itself. */
export type ThroughProxy = (proxy: ProxyServer, to: Beyond, signal: AbortSignal) => Promise<Socket>

// The operator chose the proxy: its address is not judged.
const anywhere = (): Judgement => ({ kind: 'allowed', standing: 'public' })

/**
 * Makes the function that connects through proxies. Behind one only an address in the URL itself can be judged: which
 * one a name stands for is the proxy's to find out, and to refuse.
 */
export const createThroughProxy = (
  resolve: Resolve,
  judge: (address: string) => Judgement,
  tls: () => Pick<ConnectionOptions, 'rejectUnauthorized' | 'ca' | 'secureContext'>,
): ThroughProxy => {
  const wrapTls = tlsWrapper(tls)

  const dialProxy = async ({ hostname, port, tls }: ProxyServer, signal: AbortSignal): Promise<Socket> => {
    const { socket } = await dial({ name: hostname, port }, resolve, anywhere, signal)
    if (!tls) return socket
    const servername = isIP(hostname) === 0 ? hostname : ''
    const at = { hostname, host: hostname, protocol: 'https:', port: String(port), servername }
    return wrapTls(at, socket, signal)
  }

  return async (proxy, to, signal) => {
    if (isIP(to.hostname) !== 0 && judge(to.hostname).kind === 'refused') throw connectError('ERR_PULLGATE_BLOCKED')
    // Node's HTTP client takes long to load, and most have no proxy; before there is a socket that could fail meanwhile.
    const { openTunnel } = await import('./tunnel.ts')
    const socket = await dialProxy(proxy, signal).catch(error => {
      throw signal.aborted || hasCode(error, 'ETIMEDOUT') ? error : connectError('ERR_PULLGATE_PROXY_REFUSED')
    })
    return to.tunnel
      ? openTunnel(socket, { authority: to.authority, authorization: proxy.authorization }, signal)
      : socket
  }
}
