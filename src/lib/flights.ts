import { createDeadline } from './deadline.ts'

/** Work that several wait for is done once, on a deadline of its own: whoever gives up hurts nobody else. */
export interface Flights<T> {
  /** The end of the work under way for this key, or of new work; what `leave` says as soon as the caller's signal fires. */
  readonly share: (
    key: string,
    work: (flight: AbortSignal) => Promise<T>,
    leave: (flight: AbortSignal) => T,
    signal: AbortSignal,
  ) => Promise<T>
}

interface Flight<T> {
  readonly end: Promise<T>
  readonly signal: AbortSignal
}

/** Makes a place for work to be shared; each piece of it may take so long. */
export const createFlights = <T>(mostMs: number): Flights<T> => {
  const flights = new Map<string, Flight<T>>()

  const flightOf = (key: string, work: (flight: AbortSignal) => Promise<T>): Flight<T> => {
    const known = flights.get(key)
    if (known !== undefined) return known
    const { signal, release } = createDeadline(mostMs)
    const landed = (): void => {
      release()
      flights.delete(key)
    }
    const flight = { signal, end: work(signal).finally(landed) }
    flights.set(key, flight)
    return flight
  }

  return {
    share: (key, work, leave, signal) => {
      if (signal.aborted) return Promise.resolve(leave(signal))
      const flight = flightOf(key, work)
      return new Promise((resolve, reject) => {
        const left = (): void => resolve(leave(flight.signal))
        signal.addEventListener('abort', left, { once: true })
        flight.end.then(resolve, reject).finally(() => signal.removeEventListener('abort', left))
      })
    },
  }
}
