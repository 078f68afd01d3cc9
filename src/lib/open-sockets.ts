import type { Server, Socket } from 'node:net'

/** The connections that a server has now, those in the middle of a TLS handshake included. */
export const openSockets = (server: Server): ReadonlySet<Socket> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}
