import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { multiArchImage } from '../../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept, RegistryOptions } from '../../../src/demo/registry.ts'
import { emptyShelf, placed, type Shelf } from '../../../src/demo/shelf.ts'
import { holdSilentPort } from '../../../src/demo/silent-port.ts'
import { openSockets } from '../../../src/lib/open-sockets.ts'
import { closedAfterTest, registryFor } from '../lifetime.ts'
import { startTokenServer, type TokenServer, type TokenServerOptions } from '../token-server.ts'
import { type BlackHole, openBlackHole } from './black-hole.ts'
import { goodCertificate } from './certificates.ts'
import type { Treatment } from './sockets.ts'

/** The image that the servers of a lab have, and that fits the nodes. */
export const web = multiArchImage(['linux/amd64', 'linux/arm64'])

/** A registry's shelf with that image on it, as `shop/web:1`. */
export const webShelf: Shelf = placed(emptyShelf, 'shop/web', '1', web)

/** Opens servers that live as long as the test, and counts what they see. */
export interface Lab {
  readonly registry: (options?: RegistryOptions) => Promise<EmbeddedRegistry>
  readonly tokens: (options?: TokenServerOptions) => Promise<TokenServer>
  /** A server that treats its connections so, behind a TLS handshake; its `127.0.0.1:port`. */
  readonly tls: (treatment: Treatment, options?: TlsOptions) => Promise<string>
  /** One without TLS, which treats them so as soon as the first byte has come. */
  readonly tcp: (treatment: Treatment) => Promise<string>
  readonly blackHole: () => Promise<BlackHole>
  /** An address at which nobody listens. */
  readonly closedPort: () => Promise<string>
  /** Requests that reached any server. */
  readonly requests: () => number
  /** Bytes that the servers got rid of. */
  readonly bytes: () => number
}

const noted =
  (sockets: Set<Socket>, intercept: Intercept | undefined): Intercept =>
  (request: IncomingMessage, response) => {
    sockets.add(request.socket)
    return intercept?.(request, response) ?? false
  }

const listenFor = async (server: Server): Promise<string> => {
  const open = openSockets(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closedAfterTest({
    close: async () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Makes a lab. */
export const createLab = (): Lab => {
  const counters: (() => number)[] = []
  const sockets = new Set<Socket>()
  let treated = 0
  counters.push(() => treated)

  const treat = (socket: Socket, below: Socket, treatment: Treatment, counts: boolean): void => {
    sockets.add(socket)
    socket
      .on('error', () => {})
      .once('data', () => {
        if (counts) treated += 1
        treatment(socket, below)
      })
  }

  const tls: Lab['tls'] = async (treatment, options) => {
    const { key, cert } = await goodCertificate('127.0.0.1')
    const below = new Map<number | undefined, Socket>()
    const server = createTlsServer({ key, cert, ...options }, socket =>
      treat(socket, below.get(socket.remotePort) ?? socket, treatment, true),
    )
    server.on('connection', (socket: Socket) =>
      below.set(
        socket.remotePort,
        socket.on('error', () => {}),
      ),
    )
    server.on('tlsClientError', () => {})
    return listenFor(server)
  }
  const tcp: Lab['tcp'] = treatment => listenFor(createServer(socket => treat(socket, socket, treatment, false)))

  const registry: Lab['registry'] = async (options = {}) => {
    const started = await registryFor({ shelf: webShelf, ...options, intercept: noted(sockets, options.intercept) })
    counters.push(() => started.requests.length)
    return started
  }
  const tokens: Lab['tokens'] = async (options = {}) => {
    const { answer } = options
    const watched: TokenServerOptions['answer'] =
      answer &&
      (response => {
        if (response.socket !== null) sockets.add(response.socket)
        answer(response)
      })
    const started = closedAfterTest(
      await startTokenServer(watched === undefined ? options : { ...options, answer: watched }),
    )
    counters.push(() => started.requests.length)
    return started
  }

  return {
    registry,
    tokens,
    tls,
    tcp,
    blackHole: async () => closedAfterTest(await openBlackHole()),
    closedPort: async () => {
      const { host } = await registryFor()
      const port = await holdSilentPort(host)
      closedAfterTest({ close: async () => port.close() })
      return port.host
    },
    requests: () => counters.reduce((sum, count) => sum + count(), 0),
    bytes: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
  }
}
