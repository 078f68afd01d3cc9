import type { Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { buildConnector } from '../undici.ts'

/** Puts TLS over a connection that stands. */
export type WrapTls = (options: buildConnector.Options, raw: Socket, signal: AbortSignal) => Promise<Socket>

/**
 * Makes the function that puts TLS over connections, with options that are asked for with the first. Trap: tls.connect ignores a
 * net.BlockList, and a lookup of one's own is never asked about an address in a URL; so node:net connects to a judged address first.
 */
export const tlsWrapper = (
  tls: () => Pick<ConnectionOptions, 'rejectUnauthorized' | 'ca' | 'secureContext'>,
): WrapTls => {
  let wrap: buildConnector.connector | undefined
  return (options, raw, signal) =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        raw.destroy()
        reject(signal.reason)
      }
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      wrap ??= buildConnector({ allowH2: false, timeout: 0, ...tls() })
      wrap({ ...options, httpSocket: raw }, (error, socket) => {
        signal.removeEventListener('abort', abort)
        if (error === null) return resolve(socket)
        raw.destroy()
        reject(error)
      })
    })
}
