import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** A port of 127.0.0.1, or the path of a Unix socket: the one is of a network namespace, the other of a file system. */
export type End = number | string

/** Passes every connection to one end on to the other. */
export interface Tunnel {
  readonly close: () => void
}

const place = (end: End) => (typeof end === 'string' ? { path: end } : { host: '127.0.0.1', port: end })

/** Opens a tunnel. Somebody has to be at the far end only when a connection comes. */
export const openTunnel = async (from: End, to: End): Promise<Tunnel> => {
  // Either side may have said all that it has to say before it has heard all.
  const server = createServer({ allowHalfOpen: true }, near => {
    const far = connect({ ...place(to), allowHalfOpen: true })
    near.on('error', () => far.destroy()).on('close', () => far.destroy())
    far.on('error', () => near.destroy()).on('close', () => near.destroy())
    near.pipe(far).pipe(near)
  })
  server.listen(place(from))
  await once(server, 'listening')
  return { close: () => server.close() }
}
