import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'

/**
 * Puts TLS over a connection that stands. Trap: tls.connect ignores a net.BlockList, and a lookup of one's own is never
 * asked about an address in a URL; so node:net connects to a judged address first.
 */
export const wrapTls = (
  wrap: buildConnector.connector,
  options: buildConnector.Options,
  raw: Socket,
  signal: AbortSignal,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const abort = (): void => {
      raw.destroy()
      reject(signal.reason)
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    wrap({ ...options, httpSocket: raw }, (error, socket) => {
      signal.removeEventListener('abort', abort)
      if (error === null) return resolve(socket)
      raw.destroy()
      reject(error)
    })
  })
