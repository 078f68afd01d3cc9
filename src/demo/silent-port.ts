import { once } from 'node:events'
import { connect } from 'node:net'

/** An address of this machine at which connections are refused. */
export interface SilentPort {
  /** `127.0.0.1:41874` */
  readonly host: string
  close(): void
}

/**
 * Holds a port at which nobody listens: the near end of a connection to `host`. While the connection is open,
 * the system gives that port to no one else.
 */
export const holdSilentPort = async (host: string): Promise<SilentPort> => {
  const { hostname, port } = new URL(`tcp://${host}`)
  const socket = connect({ host: hostname, port: Number(port) })
  await once(socket, 'connect')
  // The far end may hang up first, and its reset is no news.
  socket.on('error', () => {})
  return { host: `${hostname}:${socket.localPort}`, close: () => void socket.destroy() }
}
