import { lookup } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import { abortable } from '../../lib/abort.ts'
import { connectError } from './connect-error.ts'
import type { Judgement, Standing } from './guard.ts'
import { firstConnected, interleaved } from './race.ts'

/** All addresses of a name, in the order in which they are to be tried; rejects with the resolver's error. */
export type Resolve = (name: string) => Promise<readonly string[]>

/** Asks the system's resolver, so /etc/hosts and search domains count as they do for everybody else. */
export const lookupAll: Resolve = async name =>
  (await lookup(name, { all: true, order: 'verbatim' })).map(({ address }) => address)

/** A connection, and where it led. */
export interface Dialled {
  readonly socket: Socket
  readonly standing: Standing
}

// As undici does for the sockets that it opens itself.
const keepAliveProbeMs = 60_000

// A name with hundreds of addresses does not make us knock at hundreds of doors.
const mostAttempts = 8

const openSocket = (host: string, port: number): Socket =>
  connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveProbeMs })

/**
 * Connects to a host. The name is resolved once, here; every address is judged, and the connection goes to an address
 * that was judged, so it does not matter what the name stands for a moment later. No refused address gets a packet.
 */
export const dial = async (
  host: { readonly name: string; readonly port: number },
  resolve: Resolve,
  judge: (address: string) => Judgement,
  signal: AbortSignal,
): Promise<Dialled> => {
  const addresses = isIP(host.name) === 0 ? await abortable(resolve(host.name), signal) : [host.name]
  if (addresses.length === 0) throw connectError('ENOTFOUND')
  const standings = new Map<string, Standing>()
  for (const address of addresses) {
    const judgement = judge(address)
    if (judgement.kind === 'allowed') standings.set(address, judgement.standing)
  }
  if (standings.size === 0) throw connectError('ERR_PULLGATE_BLOCKED')
  const led = new Map<Socket, Standing>()
  const open = (address: string): Socket => {
    const socket = openSocket(address, host.port)
    led.set(socket, standings.get(address) ?? 'public')
    return socket
  }
  const socket = await firstConnected(interleaved([...standings.keys()]).slice(0, mostAttempts), open, signal)
  return { socket, standing: led.get(socket) ?? 'public' }
}
