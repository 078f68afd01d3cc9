import type { Taking } from '../cluster/lease.ts'
import { counted } from '../report/headline.ts'
import type { SheetEntry } from '../report/sheet-of.ts'
import { allCodes } from '../verdict/codes.ts'
import { type Counts, knownCounts, type Round } from './round.ts'
import type { Stock } from './stock.ts'

/** What one replica of an audit that goes on and on has seen itself, and where the rest stands. */
export interface Knowledge {
  /** Another number each time that something else is known. */
  readonly version: () => number
  readonly entries: () => readonly SheetEntry[]
  readonly isSeen: (namespace: string) => boolean
  /** What this replica did not look at, and why: one sentence each. */
  readonly gaps: () => readonly string[]
  /** Told whose turn it is to work. */
  readonly turn: (taking: Taking) => void
  /** Told what the cluster has, or in a sentence why it cannot be read. */
  readonly stood: (stock: Pick<Stock, 'owners' | 'gaps'> | string) => void
  /** Told how far the round has come, whoever brought it there. */
  readonly counted: (round: Round) => void
  /** Told what was found in a namespace. */
  readonly found: (namespace: string, entries: readonly SheetEntry[]) => void
}

/** Where the lease is kept that says whose turn it is. */
interface KeptAt {
  readonly namespace: string
  readonly name: string
}

const elsewhere = 'the reports in the cluster (kubectl get policyreports,reports -A)'

const turnGaps = (taking: Taking, { namespace, name }: KeptAt, hasEntries: boolean): readonly string[] => {
  const before = hasEntries ? ' What stands here was found before that, and is not looked at any more.' : ''
  switch (taking.kind) {
    case 'taken':
      return []
    case 'theirs':
      return [
        `This replica stands by: ${taking.holder} holds the Lease ${namespace}/${name}, and its page shows what is found, as do ${elsewhere}.${before}`,
      ]
    case 'unsure':
      return [
        `This replica waits: the Lease ${namespace}/${name} could not be taken (${taking.failure}), so it does not know whether another one works.${before}`,
      ]
  }
}

const sumOf = (all: readonly Counts[]): string =>
  allCodes
    .flatMap(code => {
      const sum = all.reduce((total, counts) => total + (counts[code] ?? 0), 0)
      return sum === 0 ? [] : [`${sum} ${code}`]
    })
    .join(', ')

/** What of the namespaces that there are was not looked at by this replica. */
const roundGaps = (
  namespaces: ReadonlySet<string>,
  seen: ReadonlySet<string>,
  stored: ReadonlyMap<string, Counts>,
): readonly string[] => {
  const unseen = [...namespaces].filter(namespace => !seen.has(namespace))
  if (unseen.length === 0) return []
  const ofOthers = unseen.flatMap(namespace => stored.get(namespace) ?? [])
  const progress = `${namespaces.size - unseen.length} of ${counted(namespaces.size, 'namespace')} ${namespaces.size === 1 ? 'was' : 'were'} looked at since this replica began.`
  if (ofOthers.length === 0) return [`No round is done yet: ${progress}`]
  const sum = sumOf(ofOthers)
  const before = `Of ${ofOthers.length} of the others it is known what was found before that, ${sum === '' ? 'nothing' : sum}: see ${elsewhere}.`
  return [`${progress} ${before}`]
}

const notYet = 'Nothing was looked at yet: this replica has just begun.'

/** Makes what knows nothing yet. */
export const createKnowledge = (keptAt: KeptAt): Knowledge => {
  const latest = new Map<string, readonly SheetEntry[]>()
  const seen = new Set<string>()
  let version = 0
  let taking: Taking | undefined
  let stock: Pick<Stock, 'gaps'> | undefined
  let namespaces: ReadonlySet<string> = new Set()
  let problem: string | undefined
  let round: Round | undefined

  const changing =
    <T extends readonly unknown[]>(change: (...given: T) => void) =>
    (...given: T): void => {
      change(...given)
      version += 1
    }
  const forget = (): void => {
    latest.clear()
    seen.clear()
  }
  return {
    version: () => version,
    entries: () => [...latest.values()].flat(),
    isSeen: namespace => seen.has(namespace),
    gaps: () => {
      if (taking === undefined) return [notYet]
      if (taking.kind !== 'taken') return turnGaps(taking, keptAt, latest.size > 0)
      const unread = problem === undefined ? [] : [`${problem} What stands here was found before that.`]
      if (stock === undefined) return problem === undefined ? [notYet] : unread
      const stored = round === undefined ? new Map() : knownCounts(round)
      return [...unread, ...roundGaps(namespaces, seen, stored), ...stock.gaps]
    },
    turn: next => {
      if (JSON.stringify(next) === JSON.stringify(taking)) return
      // What another has found since then is newer.
      if (next.kind === 'taken' && taking?.kind === 'theirs') forget()
      taking = next
      version += 1
    },
    stood: changing(next => {
      problem = typeof next === 'string' ? next : undefined
      if (typeof next === 'string') return
      stock = { gaps: next.gaps }
      namespaces = new Set(next.owners.map(({ object }) => object.namespace))
    }),
    counted: changing(next => {
      round = next
    }),
    found: changing((namespace, entries) => {
      seen.add(namespace)
      if (entries.length === 0) latest.delete(namespace)
      else latest.set(namespace, entries)
    }),
  }
}
