import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Resolve } from '../../../src/registry/dial/dial.ts'
import { makeCertificate } from '../../../src/webhook/certificate.ts'

/** Answers as one host. */
export type Host = (request: IncomingMessage, response: ServerResponse) => void

/** A network where each address there is has listeners; every connection is noted by the address that accepted it. */
export interface World {
  /** The authority that the servers' certificates are by. */
  readonly trust: () => readonly string[]
  /** How the hosts of the present case answer, by the address that was dialled, or else by name. */
  readonly hosts: Map<string, Host>
  /** What names stand for, asked in turn: the last answer stays. */
  readonly names: Map<string, readonly (readonly string[])[]>
  readonly resolve: Resolve
  /** Addresses that accepted a connection, in order. */
  readonly accepted: string[]
  /** Addresses that answered a request, in order. */
  readonly answered: string[]
  /** Addresses at which the proxy was asked for a connection. */
  readonly tunnels: string[]
  /** Forgets the case. */
  readonly clear: () => void
  readonly close: () => void
}

/** At which a proxy listens, which connects anybody with anybody. */
export const proxyPort = 3128

const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '')

const listening = async (server: Server, port: number): Promise<void> => {
  server.listen(port, '::')
  await once(server, 'listening')
}

const hostnameOf = (authority: string): string => authority.replace(/:\d+$/, '')

/** Makes the world, with servers on ports 80 and 5000 by HTTP and 443 by HTTPS. */
export const createWorld = async (certified: readonly string[]): Promise<World> => {
  const { key, cert, ca } = await makeCertificate(certified, new Date(), 60 * 60 * 1000)
  const authorities = [ca]
  const hosts: World['hosts'] = new Map()
  const names: World['names'] = new Map()
  const asked = new Map<string, number>()
  const [accepted, answered, tunnels]: [string[], string[], string[]] = [[], [], []]
  const sockets = new Set<Socket>()

  const resolve: Resolve = async name => {
    const answers = names.get(name.toLowerCase().replace(/\.$/, ''))
    if (answers === undefined) throw Object.assign(new Error(), { code: 'ENOTFOUND' })
    const times = asked.get(name) ?? 0
    asked.set(name, times + 1)
    return answers[Math.min(times, answers.length - 1)] ?? []
  }

  const answer: Host = (request, response) => {
    const address = plainAddress(request.socket.localAddress ?? '')
    answered.push(address)
    const host = hosts.get(address) ?? hosts.get(hostnameOf(request.headers.host ?? ''))
    if (host === undefined) response.writeHead(418).end('you should not be here')
    else host(request, response)
  }

  const accept = (socket: Socket): void => {
    accepted.push(plainAddress(socket.localAddress ?? ''))
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }

  /** Connects with whomever it is told to, as a proxy without an access list does. */
  const tunnel = async (request: IncomingMessage, client: Duplex): Promise<void> => {
    const url = new URL(`http://${request.url}`)
    const hostname = url.hostname.replace(/^\[|\]$/g, '')
    const [address = hostname] = names.has(hostname) ? await resolve(hostname) : [hostname]
    tunnels.push(address)
    const server = connect(Number(url.port || 80), address, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      client.pipe(server).pipe(client)
    })
    server.on('error', () => client.destroy())
    client.on('error', () => server.destroy())
  }

  const proxy = createServer(answer).on('connect', (request, client) => void tunnel(request, client))
  const servers: readonly (readonly [Server, number])[] = [
    [createServer(answer), 80],
    [createServer(answer), 5000],
    [createTlsServer({ key, cert }, answer), 443],
    [proxy, proxyPort],
  ]
  for (const [server, port] of servers) {
    server.on('connection', accept)
    await listening(server, port)
  }

  return {
    ...{ trust: () => authorities, hosts, names, resolve, accepted, answered, tunnels },
    clear: () => {
      for (const memory of [hosts, names, asked]) memory.clear()
      for (const list of [accepted, answered, tunnels]) list.length = 0
    },
    close: () => {
      for (const [server] of servers) server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
