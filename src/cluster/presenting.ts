import type { Result } from '../lib/result.ts'
import type { Identity, Presented } from './identity.ts'

/** Reads what is to be shown; `anew`: what was shown last is not known any more. */
export type ReadPresented = (anew: boolean) => Promise<Result<Presented, 'no-credentials'>>

// A mounted token has still a fifth of its life when it is renewed, minutes at the least: kubernetes pkg/kubelet/token/token_manager.go.
const keptMs = 10_000
// As long as a node lets a credential provider run: kubernetes pkg/credentialprovider/plugin/plugin.go.
const mostReadingMs = 60_000

interface Reading {
  readonly atMs: number
  readonly flight: ReturnType<ReadPresented>
  isOver: boolean
}

/** Makes an identity that is read anew after seconds: many questions read it once, and a program that hangs is not started again and again. */
export const createIdentity = (nowMs: () => number, read: ReadPresented): Identity => {
  let last: Reading | undefined
  const begin = (anew: boolean): Reading => {
    const reading: Reading = { atMs: nowMs(), flight: read(anew), isOver: false }
    const over = (): void => {
      reading.isOver = true
    }
    reading.flight.then(over, over)
    return reading
  }
  const isGood = ({ atMs, isOver }: Reading, anew: boolean): boolean =>
    isOver ? !anew && nowMs() - atMs < keptMs : nowMs() - atMs < mostReadingMs
  return {
    present: anew => {
      if (last === undefined || !isGood(last, anew)) last = begin(anew)
      return last.flight
    },
  }
}
