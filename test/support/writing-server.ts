import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { openSockets } from '../../src/lib/open-sockets.ts'
import { type Ending, type HttpAnswer, ownHost } from './arbitraries/http-answer.ts'

/** A server that writes whatever it is told to. */
export interface WritingServer {
  readonly host: string
  /** Answers from now on with these, in turn and again from the first. */
  readonly willAnswer: (answers: readonly HttpAnswer[], stuck: () => void) => void
  /** How many answers were given. */
  readonly answered: () => number
  readonly close: () => Promise<void>
}

/** Starts a server on a free port of 127.0.0.1. */
export const startWritingServer = async (): Promise<WritingServer> => {
  let answers: readonly HttpAnswer[] = []
  let stuck = (): void => {}
  let answered = 0

  const endings: Readonly<Record<Ending, (socket: Socket) => unknown>> = {
    // The asker may wait for more, which never comes.
    keep: () => setTimeout(stuck, 15),
    end: socket => socket.end(),
    reset: socket => socket.resetAndDestroy(),
    drip: socket => drip(socket, 0),
  }
  /** Half a line, a byte at a time; long before its end the asker has given up. */
  const drip = (socket: Socket, written: number): void => {
    if (written === 5) stuck()
    if (written < 200 && !socket.destroyed) socket.write('x', () => setImmediate(() => drip(socket, written + 1)))
  }

  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', () => {
      const answer = answers[answered++ % Math.max(1, answers.length)]
      if (answer === undefined || socket.destroyed) return
      socket.write(Buffer.from(answer.text.replaceAll(ownHost, host)), () => endings[answer.ending](socket))
    })
  })
  const sockets = openSockets(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    willAnswer: (given, whenStuck) => {
      answers = given
      stuck = whenStuck
    },
    answered: () => answered,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
