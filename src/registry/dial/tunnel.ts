import { request } from 'node:http'
import type { Duplex } from 'node:stream'
import { connectError } from './connect-error.ts'

/** A host that a proxy is asked to connect us with. */
export interface TunnelTo {
  /** `host:port`, the host in brackets where it is an IPv6 address. */
  readonly authority: string
  readonly authorization: string | undefined
}

/**
 * Asks a proxy for a tunnel over a fresh connection to it. Only a 200 is a tunnel, as in Go's net/http. The connection
 * is destroyed on failure.
 */
export const openTunnel = <S extends Duplex>(
  socket: S,
  { authority, authorization }: TunnelTo,
  signal: AbortSignal,
): Promise<S> =>
  new Promise((resolve, reject) => {
    const credentials = authorization === undefined ? {} : { 'proxy-authorization': authorization }
    const connect = request({
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...credentials },
      createConnection: () => socket,
      signal,
    })
    const refuse = (code: 'ERR_PULLGATE_PROXY_AUTH' | 'ERR_PULLGATE_PROXY_REFUSED'): void => {
      socket.destroy()
      reject(connectError(code))
    }
    // Nothing is to be closed after this request: it becomes the connection.
    connect.removeHeader('connection')
    connect.once('connect', ({ statusCode }, _, head) => {
      if (statusCode !== 200)
        return refuse(statusCode === 407 ? 'ERR_PULLGATE_PROXY_AUTH' : 'ERR_PULLGATE_PROXY_REFUSED')
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    connect.on('error', () => refuse('ERR_PULLGATE_PROXY_REFUSED'))
    connect.end()
  })
