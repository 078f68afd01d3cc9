import type { Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { buildConnector } from 'undici'
import { connectError } from './connect-error.ts'
import { type Dialled, dial, type Resolve } from './dial.ts'
import type { Guard, Reach, Standing } from './guard.ts'
import type { Route } from './proxy.ts'
import { type Beyond, createThroughProxy } from './through-proxy.ts'
import { wrapTls } from './wrap-tls.ts'

/** What a connector is made of. One serves one reach and one set of TLS options, and so must the pool that it fills. */
export interface ConnectorOptions {
  readonly guard: Guard
  readonly reach: Reach
  readonly route: (url: URL) => Route
  readonly resolve: Resolve
  /** For everything until the first request can be written: name, connection, proxy, handshake. */
  readonly connectMs: number
  readonly tls: Pick<ConnectionOptions, 'rejectUnauthorized' | 'ca' | 'cert' | 'key'>
  /** Told of each connection before anything is written to it. */
  readonly dialled: (origin: string, standing: Standing) => void
}

/** A connector for undici, and the function that gives up what it is still dialling. */
export interface Connector {
  readonly connect: buildConnector.connector
  readonly close: () => void
}

const portOf = ({ protocol, port }: buildConnector.Options): number =>
  Number(port || (protocol === 'https:' ? 443 : 80))

const authorityOf = (options: buildConnector.Options): string =>
  `${options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname}:${portOf(options)}`

const beyond = (to: buildConnector.Options): Beyond => ({
  hostname: to.hostname,
  authority: authorityOf(to),
  tunnel: to.protocol === 'https:',
})

/** Makes a connector that judges each address before it gets a packet. The name in the URL stays the name in TLS and in `Host`. */
export const createConnector = (options: ConnectorOptions): Connector => {
  const { guard, reach, route, resolve, connectMs, tls, dialled } = options
  const judge = (address: string) => guard(address, reach)
  const toServer = buildConnector({ allowH2: false, timeout: 0, ...tls })
  // A client certificate is for the registry alone, and so is leave not to verify.
  const throughProxy = createThroughProxy(resolve, judge, tls.ca === undefined ? {} : { ca: tls.ca })

  const dialTo = async (to: buildConnector.Options, origin: URL, signal: AbortSignal): Promise<Dialled> => {
    const way = route(origin)
    switch (way.kind) {
      case 'direct':
        return dial({ name: to.hostname, port: portOf(to) }, resolve, judge, signal)
      case 'proxy':
        return { socket: await throughProxy(way.proxy, beyond(to), signal), standing: 'public' }
      case 'unusable':
        throw connectError('ERR_PULLGATE_PROXY_REFUSED')
    }
  }

  const open = async (to: buildConnector.Options, signal: AbortSignal): Promise<Socket> => {
    const origin = new URL(`${to.protocol}//${authorityOf(to)}`)
    const { socket, standing } = await dialTo(to, origin, signal)
    const secured = to.protocol === 'https:' ? await wrapTls(toServer, to, socket, signal) : socket
    dialled(origin.origin, standing)
    return secured
  }

  const dialling = new Set<AbortController>()
  const connect: buildConnector.connector = (to, callback) => {
    const attempt = new AbortController()
    const { signal } = attempt
    dialling.add(attempt)
    const timer = setTimeout(() => attempt.abort(connectError('ETIMEDOUT')), connectMs)
    const settled = (): void => {
      clearTimeout(timer)
      dialling.delete(attempt)
    }
    void open(to, signal).then(
      socket => {
        settled()
        callback(null, socket)
      },
      error => {
        settled()
        callback(signal.aborted ? signal.reason : error, null)
      },
    )
  }
  return { connect, close: () => dialling.forEach(attempt => void attempt.abort(connectError('ETIMEDOUT'))) }
}
