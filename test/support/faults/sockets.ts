import type { Socket } from 'node:net'

/** What a server does with a connection, once a request has begun to come in; below TLS there is another one. */
export type Treatment = (socket: Socket, below: Socket) => void

/** Sends this, and says no more. */
export const saying =
  (text: string): Treatment =>
  socket =>
    void socket.write(text)

/** Sends this, and hangs up. */
export const sayingLast =
  (text: string): Treatment =>
  socket =>
    void socket.end(text)

/** Sends this, and resets the connection. */
export const sayingThenReset =
  (text: string): Treatment =>
  (socket, below) =>
    void socket.write(text, () => below.resetAndDestroy())

/** Sends the text again and again, a byte at a time. */
export const dripping =
  (text: string, everyMs: number): Treatment =>
  socket => {
    let at = 0
    const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), everyMs)
    socket.once('close', () => clearInterval(timer))
  }

/** Takes what comes, and says nothing. */
export const silent: Treatment = () => {}
