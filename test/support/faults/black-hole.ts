import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'

/** An address of this machine at which connections are neither accepted nor refused. */
export interface BlackHole {
  readonly host: string
  readonly close: () => Promise<void>
}

// Its thread sleeps as soon as the port listens, so that nobody accepts what the system queues.
const listener = `
  const { parentPort } = require('node:worker_threads')
  const server = require('node:net').createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })
`

// Linux queues one more than the backlog, and drops the rest without a word.
const queued = 2

/** Opens one: a port whose queue of connections is full. */
export const openBlackHole = async (): Promise<BlackHole> => {
  const worker = new Worker(listener, { eval: true })
  const [port] = (await once(worker, 'message')) as [number]
  const fillers = Array.from({ length: queued }, () => connect({ port, host: '127.0.0.1' }))
  await Promise.all(fillers.map(filler => once(filler, 'connect')))
  return {
    host: `127.0.0.1:${port}`,
    close: async () => {
      for (const filler of fillers) filler.on('error', () => {}).destroy()
      await worker.terminate()
    },
  }
}
