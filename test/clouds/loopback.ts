import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { openSockets } from '../../src/lib/open-sockets.ts'
import type { Certificate } from '../../src/webhook/certificate.ts'
import { closedAfterTest } from '../support/lifetime.ts'

/** A request as far as the stand-ins look at it. */
export interface Call {
  readonly method: string
  /** The whole address where the request came to a proxy, and else what comes behind the host. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What a stand-in answers. */
export interface Reply {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A server on this machine, as long as the test. */
export interface Loopback {
  readonly server: Server
  readonly url: string
}

/** An answer as JSON. */
export const json = (status: number, body: object, type = 'application/json'): Reply => ({
  status,
  type,
  body: JSON.stringify(body),
})

/** An answer as text. */
export const plain = (status: number, body: string): Reply => ({ status, type: 'text/plain', body })

const answering =
  (answer: (call: Call) => Reply): RequestListener =>
  async (request, response) => {
    const { method = '', url = '', headers } = request
    const reply = answer({ method, url, headers, body: await text(request) })
    response.writeHead(reply.status, { 'Content-Type': reply.type, ...reply.headers }).end(reply.body)
  }

/** Has a server listen on a free port, and end with the test. */
const listening = async (server: Server): Promise<number> => {
  const sockets = openSockets(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closedAfterTest({
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  })
  return (server.address() as AddressInfo).port
}

/** Starts a server on a free port, which answers by the function. */
export const startLoopback = async (answer: (call: Call) => Reply): Promise<Loopback> => {
  const server = createServer(answering(answer))
  return { server, url: `http://127.0.0.1:${await listening(server)}` }
}

/** A server that speaks TLS under a name, as long as the test. */
export interface NamedHost {
  readonly name: string
  readonly port: number
}

/** Starts a server that speaks TLS under a name of the certificate. */
export const startNamedHost = async (
  name: string,
  { cert, key }: Certificate,
  answer: (call: Call) => Reply,
): Promise<NamedHost> => ({ name, port: await listening(createTlsServer({ cert, key }, answering(answer))) })
