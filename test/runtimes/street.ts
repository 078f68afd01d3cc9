import { once } from 'node:events'
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { openSockets } from '../../src/lib/open-sockets.ts'
import { type Certificate, makeCertificate } from '../../src/webhook/certificate.ts'
import { answerAt } from './host-behaviour.ts'
import type { Scene, Wire } from './scene.ts'
import { answerForToken } from './token-behaviour.ts'

/** What a server saw: which host it is, what was wanted there, and what was shown. */
export interface Sight {
  readonly host: number | 'tokens'
  readonly what: 'greeting' | 'content' | 'token'
  readonly shown: string
}

/** Servers that play the scenes, one after another. */
export interface Street {
  /** `127.0.0.2:41873`: the host of that place in a scene, reached by that wire. */
  readonly nameOf: (host: number, wire: Wire) => string
  /** Who vouches for the hosts that are no strangers. */
  readonly ca: string
  /** Plays from now on; what the servers see is noted down from the beginning. */
  readonly play: (scene: Scene) => void
  readonly sights: () => readonly Sight[]
  readonly close: () => Promise<void>
}

/** The most hosts that a scene has. */
export const mostHosts = 3

// Each host has an address of its own: Go hands a password on to another port of the same host.
const addressOf = (index: number): string => `127.0.0.${index + 2}`

const hourMs = 60 * 60 * 1000

/** Opens the servers. */
export const openStreet = async (): Promise<Street> => {
  let scene: Scene | undefined
  let sights: Sight[] = []
  const addresses = Array.from({ length: mostHosts + 1 }, (_, index) => addressOf(index))
  const [known, strange] = await Promise.all([0, 1].map(() => makeCertificate(addresses, new Date(), hourMs)))
  if (known === undefined || strange === undefined) throw new Error('no certificates')
  const servers: Server[] = []
  const closers: (() => void)[] = []
  const ports = new Map<string, number>()
  const note = (sight: Sight): void => void sights.push(sight)

  const listen = async (index: number, wire: Wire, certificate: Certificate | undefined): Promise<void> => {
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      if (scene === undefined) throw new Error('nothing is played')
      const origin = `${certificate === undefined ? 'http' : 'https'}://${request.headers.host}`
      if (request.url?.startsWith('/token/') === true) void answerForToken(scene, request, response, note)
      else answerAt(scene, index, { origin, tokens: tokensAt(wire) }, request, response, note)
    }
    const server = certificate === undefined ? createPlainServer(serve) : createTlsServer(certificate, serve)
    const open = openSockets(server)
    server.listen(0, addressOf(index))
    await once(server, 'listening')
    ports.set(`${index} ${wire}`, (server.address() as AddressInfo).port)
    servers.push(server)
    closers.push(() => {
      for (const socket of open) socket.destroy()
    })
  }
  const nameOf = (host: number, wire: Wire): string =>
    `${addressOf(host)}:${wire === 'closed' ? 1 : (ports.get(`${host} ${wire}`) ?? 0)}`
  const tokensAt = (wire: Wire): string =>
    wire === 'plain' ? `http://${nameOf(mostHosts, 'plain')}` : `https://${nameOf(mostHosts, 'tls')}`

  for (let index = 0; index <= mostHosts; index++) {
    await listen(index, 'tls', known)
    await listen(index, 'plain', undefined)
    await listen(index, 'stranger', strange)
  }
  return {
    nameOf,
    ca: known.ca,
    play: next => {
      scene = next
      sights = []
    },
    sights: () => sights,
    close: async () => {
      const closed = servers.map(server => once(server, 'close'))
      for (const server of servers) server.close()
      for (const close of closers) close()
      await Promise.all(closed)
    },
  }
}
