import type { Wait } from '../cluster/wait.ts'
import type { SheetEntry } from '../report/sheet-of.ts'
import type { Code } from '../verdict/codes.ts'
import type { Owned } from './inventory.ts'
import { type Counts, firstRound, type MovingRound, nextRound, noteDone, type Round } from './round.ts'
import type { Stock } from './stock.ts'

/** What was found in a namespace; nothing where there is nothing left that could be judged. */
export interface Found {
  readonly namespace: string
  readonly owners: readonly Owned[]
  readonly entries: readonly SheetEntry[]
  /** What of it was not looked at, and why: one sentence each. */
  readonly gaps: readonly string[]
}

/** What a round after a round is made of. */
export interface RoundsOptions {
  readonly everyMs: number
  /** Milliseconds since 1970: a round may outlive the process that began it. */
  readonly nowMs: () => number
  /** From 0 up to 1. */
  readonly random: () => number
  readonly wait: Wait
  /** The round that was kept last; undefined: none. */
  readonly load: (signal: AbortSignal) => Promise<MovingRound | undefined>
  /** Keeps a round: every few seconds, and when all that was left is done. */
  readonly keep: (round: Round, signal: AbortSignal) => Promise<void>
  /** Undefined where the cluster could not be read. */
  readonly stock: (signal: AbortSignal) => Promise<Stock | undefined>
  /** Judges the owners of one namespace; undefined where the signal fired before it was whole. */
  readonly judge: (owners: readonly Owned[], signal: AbortSignal) => Promise<readonly SheetEntry[] | undefined>
  /** Whether it is certain that there is no such namespace any more. */
  readonly isGone: (namespace: string, signal: AbortSignal) => Promise<boolean>
  /** Publishes what was found in a namespace, in the place of what stood there; and says how much it is. */
  readonly publish: (found: Found, signal: AbortSignal) => Promise<Counts>
  /** Told how things stand after each namespace, and when a round is over. */
  readonly told: (round: Round) => void
}

// The rest of the interval is for what takes longer than the last time.
const spreadOver = 0.8
// After a cluster that could not be read.
const againMs = 60_000
// So often: an operator whose API is broken for good keeps nobody from the rest.
const mostBroken = 3

// So many namespaces are done once more after a crash as this takes; written after each, the rounds of thousands of them would be gigabytes.
const keepEveryMs = 5000

/** A wait from half to one and a half times as long, so that many clusters do not ask one registry in step. */
const jittered = (milliseconds: number, random: () => number): number => milliseconds * (0.5 + random())

/** Audits one namespace after another, spread over the interval, for ever; goes on where the round that was kept had come to. */
export const auditForEver = async (options: RoundsOptions, signal: AbortSignal): Promise<void> => {
  const { everyMs, nowMs, random, wait, load, keep, stock, judge, isGone, publish, told } = options

  let patience = mostBroken
  /** Whether what is missing may be there in a minute. What is missing for good is a gap, and not waited for in each round again. */
  const isWaitedFor = ({ isBroken }: Stock): boolean => {
    patience = isBroken ? patience - 1 : mostBroken
    return isBroken && patience > 0
  }

  /** Namespaces that had something before, and have nothing now. What cannot be seen is not gone, unless its namespace is. */
  const goneOf = async (before: readonly string[], { gaps }: Stock): Promise<readonly string[]> => {
    if (gaps.length === 0) return before
    const gone: string[] = []
    for (const namespace of before) if (await isGone(namespace, signal)) gone.push(namespace)
    return gone
  }

  const namespaceDone = async (
    round: MovingRound,
    { namespace, owners, gaps }: Omit<Found, 'entries'>,
  ): Promise<void> => {
    const entries = await judge(owners, signal)
    if (entries === undefined) return
    const counts = await publish({ namespace, owners, entries, gaps }, signal)
    noteDone(round, namespace, owners.length === 0 ? undefined : counts)
    told(round)
  }

  let keptMs = Number.NEGATIVE_INFINITY
  const keepSeldom = async (round: Round, isLast: boolean): Promise<void> => {
    if (!isLast && nowMs() - keptMs < keepEveryMs) return
    keptMs = nowMs()
    await keep(round, signal)
  }

  /** Whether the cluster could be read. */
  const goOn = async (round: MovingRound): Promise<boolean> => {
    const found = await stock(signal)
    if (signal.aborted || found === undefined || isWaitedFor(found)) return false
    const namespaces = Map.groupBy(found.owners, ({ object }) => object.namespace)
    const unseen = [...round.before.keys()].filter(namespace => !namespaces.has(namespace))
    const gone = await goneOf(unseen, found)
    const left = [...namespaces.keys(), ...gone].filter(namespace => !round.done.has(namespace)).toSorted()
    // Nobody waits an hour for the first results.
    const pauseMs = round.before.size === 0 ? 0 : (everyMs * spreadOver) / left.length
    for (const [index, namespace] of left.entries()) {
      if (signal.aborted) return true
      const startedMs = nowMs()
      const owners = namespaces.get(namespace) ?? []
      await namespaceDone(round, { namespace, owners, gaps: found.gapsIn(namespace) })
      await keepSeldom(round, index === left.length - 1)
      await wait(Math.max(0, jittered(pauseMs, random) - (nowMs() - startedMs)), signal)
    }
    return true
  }

  let round = (await load(signal)) ?? firstRound(nowMs())
  told(round)
  while (!signal.aborted) {
    if (nowMs() - round.startedMs >= everyMs) round = nextRound(round, nowMs())
    const isRead = await goOn(round)
    const leftMs = Math.max(1000, round.startedMs + everyMs - nowMs())
    await wait(isRead ? leftMs : jittered(Math.min(againMs, leftMs), random), signal)
  }
}

/** How many findings of each code. */
export const countCodes = (codes: readonly Code[]): Counts =>
  Object.fromEntries([...Map.groupBy(codes, code => code)].map(([code, all]) => [code, all.length]))
