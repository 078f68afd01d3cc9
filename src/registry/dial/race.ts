import type { Socket } from 'node:net'

// RFC 8305 §8: the recommended delay between two attempts.
const staggerMs = 250

/** Takes turns between the families, beginning with the resolver's first choice, so that one dead family costs one turn. */
export const interleaved = (addresses: readonly string[]): readonly string[] => {
  const isV6 = (address: string): boolean => address.includes(':')
  const leads = isV6(addresses[0] ?? '')
  const first = addresses.filter(address => isV6(address) === leads)
  const second = addresses.filter(address => isV6(address) !== leads)
  return first
    .flatMap((address, index) => [address, second[index] ?? ''])
    .concat(second.slice(first.length))
    .filter(Boolean)
}

/** Opens sockets one after the other, the next when one fails or takes its time; the first to connect is kept, the others destroyed. */
export const firstConnected = (
  addresses: readonly string[],
  open: (address: string) => Socket,
  signal: AbortSignal,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const waiting = [...addresses]
    const sockets = new Set<Socket>()
    let firstError: unknown
    let timer: NodeJS.Timeout | undefined

    const finish = (winner: Socket | undefined): void => {
      clearTimeout(timer)
      waiting.length = 0
      signal.removeEventListener('abort', abort)
      for (const socket of sockets) if (socket !== winner) socket.destroy()
    }
    const abort = (): void => {
      finish(undefined)
      reject(signal.reason)
    }
    const lost = (socket: Socket, error: unknown): void => {
      sockets.delete(socket)
      firstError ??= error
      if (waiting.length > 0) next()
      if (sockets.size > 0) return
      finish(undefined)
      reject(firstError)
    }
    const next = (): void => {
      clearTimeout(timer)
      const address = waiting.shift()
      if (address === undefined) return
      const socket = open(address)
      sockets.add(socket)
      // The error listener stays: until the next owner has its own, nobody else would catch one.
      socket.on('error', error => lost(socket, error))
      socket.once('connect', () => {
        if (!sockets.has(socket)) return
        finish(socket)
        resolve(socket)
      })
      timer = setTimeout(next, staggerMs)
    }

    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    next()
  })
