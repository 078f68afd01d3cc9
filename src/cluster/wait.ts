import { setTimeout } from 'node:timers/promises'

/** Waits; over at once when the signal fires, and it never fails. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>

/** Waits by the clock; a program that has nothing else to do ends all the same. */
export const waitByClock: Wait = (milliseconds, signal) =>
  setTimeout(milliseconds, undefined, { signal, ref: false }).catch(() => undefined)
