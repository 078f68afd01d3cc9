import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { closedAfterTest } from '../support/lifetime.ts'

/** A request that went by, with nothing changed. */
export interface PassingRequest {
  /** `HEAD /v2/shop/web/manifests/1.0`, digests as DIGEST. */
  readonly line: string
  readonly authorization: string | undefined
  /** Whether its connection is of no use for another. */
  readonly closes: boolean
}

/** A way to a registry on which every request is written down. */
export interface CountingForwarder {
  readonly host: string
  readonly requests: readonly PassingRequest[]
  readonly close: () => Promise<void>
}

// The dialogue sends a registry no bodies, so what goes that way is nothing but headers.
const read = (head: string): PassingRequest => ({
  line: (head.split('\r\n')[0] ?? '').replace(/ HTTP\/1\.1$/, '').replaceAll(/sha256:[0-9a-f]{64}/g, 'DIGEST'),
  authorization: /^authorization: (.*)$/im.exec(head)?.[1]?.trim(),
  closes: /^connection: close\r?$/im.test(head),
})

const noteInto =
  (requests: PassingRequest[]) =>
  (socket: Socket): void => {
    let rest = ''
    socket.on('data', (chunk: Buffer) => {
      const heads = (rest + chunk.toString('latin1')).split('\r\n\r\n')
      rest = heads.pop() ?? ''
      requests.push(...heads.map(read))
    })
  }

/** Forwards bytes to a registry that speaks plain HTTP, as long as the test lives. */
export const countingForwarder = async (registryHost: string): Promise<CountingForwarder> => {
  const to = new URL(`http://${registryHost}`)
  const requests: PassingRequest[] = []
  const note = noteInto(requests)
  const sockets = new Set<Socket>()
  const server = createServer(near => {
    const far = connect(Number(to.port), to.hostname)
    note(near)
    near.pipe(far).pipe(near)
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(one)
      one.once('error', () => other.destroy())
      one.once('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return closedAfterTest({
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  })
}
