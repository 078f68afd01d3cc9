import { deadlineIn } from './deadline.ts'

/** Work that several wait for is done once, on a deadline of its own: whoever gives up hurts nobody else. */
export interface Flights<T> {
  /** The end of the work under way for this key, or of new work; undefined as soon as the signal fires. */
  readonly share: (
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ) => Promise<T | undefined>
}

/** Makes a place for work to be shared; each piece of it may take so long. */
export const createFlights = <T>(mostMs: number): Flights<T> => {
  const flights = new Map<string, Promise<T>>()

  const flightOf = (key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const known = flights.get(key)
    if (known !== undefined) return known
    const flight = work(deadlineIn(mostMs)).finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }
  return { share: (key, work, signal) => unlessAborted(() => flightOf(key, work), signal) }
}

/** The flight's end, or undefined as soon as this caller gives up; the flight goes on for the others. */
const unlessAborted = <T>(flight: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> => {
  if (signal.aborted) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const leave = (): void => resolve(undefined)
    signal.addEventListener('abort', leave, { once: true })
    flight()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', leave))
  })
}
