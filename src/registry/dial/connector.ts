import type { Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { buildConnector } from 'undici'
import { connectError } from './connect-error.ts'
import { type Dialled, dial, type Resolve } from './dial.ts'
import type { Guard, Reach, Standing } from './guard.ts'
import type { Route } from './proxy.ts'
import { type Beyond, createThroughProxy } from './through-proxy.ts'
import { tlsWrapper } from './wrap-tls.ts'

/** Whom to trust, and how to be trusted. */
export type ConnectorTls = Pick<ConnectionOptions, 'rejectUnauthorized' | 'ca' | 'secureContext'>

/** What a connector is made of; what takes reading authorities is called for with the first connection that has TLS. One serves one reach and one set of TLS options, and so must the pool that it fills. */
export interface ConnectorOptions {
  readonly guard: Guard
  readonly reach: Reach
  readonly route: (url: URL) => Route
  readonly resolve: Resolve
  /** For everything until the first request can be written: name, connection, proxy, handshake. */
  readonly connectMs: number
  readonly tls: () => ConnectorTls
  /** For a proxy that is spoken to by TLS: a client certificate is for the registry alone, and so is leave not to verify. */
  readonly proxyTls: () => ConnectorTls
  /** Told of each connection before anything is written to it. */
  readonly dialled: (origin: string, standing: Standing) => void
  /** Told of an origin that gave no answer in the time for connecting. */
  readonly stalled: (origin: string) => void
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
  const { guard, reach, route, resolve, connectMs, tls, proxyTls, dialled, stalled } = options
  const judge = (address: string) => guard(address, reach)
  const wrapTls = tlsWrapper(tls)
  const throughProxy = createThroughProxy(resolve, judge, proxyTls)

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

  const originOf = (to: buildConnector.Options): URL => new URL(`${to.protocol}//${authorityOf(to)}`)

  const open = async (to: buildConnector.Options, signal: AbortSignal): Promise<Socket> => {
    const origin = originOf(to)
    const { socket, standing } = await dialTo(to, origin, signal)
    const secured = to.protocol === 'https:' ? await wrapTls(to, socket, signal) : socket
    dialled(origin.origin, standing)
    return secured
  }

  const dialling = new Set<AbortController>()
  const connect: buildConnector.connector = (to, callback) => {
    const attempt = new AbortController()
    const { signal } = attempt
    dialling.add(attempt)
    const timer = setTimeout(() => {
      stalled(originOf(to).origin)
      attempt.abort(connectError('ETIMEDOUT'))
    }, connectMs)
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
