import { fail, type Result } from '../../lib/result.ts'
import type { AskedAs, ProbeFailure } from '../failure.ts'
import type { AskedBy } from './hosts.ts'

/** How far a failure came, and so which of several hosts' failures is the one to tell (containerd, core/remotes/docker/resolver.go Resolve). */
const rankOf = (failure: ProbeFailure, isLast: boolean): number => {
  // An authorizer that gives up is to the runtime as a connection that broke: the question itself was never answered.
  if (failure.step === 'token') return 1
  switch (failure.kind) {
    case 'unreachable':
    case 'timed-out':
    case 'blocked':
      return 1
    case 'refused':
      return failure.status === 401 ? 1 : 4
    case 'absent':
      // A 404 that says what is missing tells more than one to HEAD, which is enough for the runtime to go on.
      return failure.missing === 'unnamed' && !isLast ? 2 : 3
    case 'bad-answer':
      if (failure.problem === 'bare-not-found') return 2
      return failure.status === undefined ? 1 : 4
    case 'rate-limited':
    case 'wrong-content':
      return 4
    case 'oversized':
      return 5
  }
}

/** Whether this is the registry's last word, which a node would hear as well. */
const isNo = ({ kind }: ProbeFailure): boolean =>
  kind === 'absent' || kind === 'refused' || kind === 'wrong-content' || kind === 'oversized'

/**
 * Whether the host was heard: with any other failure a node may fare better there. A 404 without a word sends the runtime
 * on to the next host; of the last one it is not believed.
 */
const wasHeard = (failure: ProbeFailure, isLast: boolean): boolean => {
  // To nobody it says no; but the node may hold credentials for it.
  if (!isLast && failure.kind === 'refused' && failure.askedAs === 'anonymous') return false
  if (isNo(failure)) return true
  if (failure.kind !== 'bad-answer' || failure.step === 'token') return false
  const { problem, status } = failure
  if (problem === 'bare-not-found') return !isLast
  // A 403 that is no word on credentials comes from something in front, which may let the nodes pass.
  return (problem === 'unexpected-status' && status !== 403) || problem === 'unsupported-challenge'
}

/** What was heard from the hosts of one registry, in the order in which they are asked: none twice, and at least one. */
export type Outcomes<T> = readonly [Result<T, ProbeFailure>, ...Result<T, ProbeFailure>[]]

type Failures = readonly [ProbeFailure, ...ProbeFailure[]]

const highest = (failures: Failures): ProbeFailure => {
  const ranks = failures.map((failure, index) => rankOf(failure, index === failures.length - 1))
  return failures[ranks.indexOf(Math.max(...ranks))] ?? failures[0]
}

const isBare = (failure: ProbeFailure): boolean => failure.kind === 'bad-answer' && failure.problem === 'bare-not-found'

/** Whose failure is told: of the highest rank the first, as containerd does it, or the last, which to CRI-O is the registry itself. */
const toldOf = (failures: Failures, askedBy: AskedBy): ProbeFailure => {
  const last = failures.at(-1) ?? failures[0]
  if (askedBy === 'cri-o') return last
  const best = highest(failures)
  // containerd tells the mirror's 404. But the registry has not said that it lacks the image: it may show it to another.
  return last.kind === 'refused' && (best.kind === 'absent' || isBare(best)) ? last : best
}

/** As what a host was asked that said no; one that refused, or may have hidden what is there, might let another in. */
const hopeIn = (failure: ProbeFailure): AskedAs => {
  // Nobody knows as what somebody was asked who says 404 and no more.
  if (failure.kind === 'refused' || isBare(failure)) return 'anonymous'
  if (failure.kind !== 'absent') return 'unchallenged'
  const isHidden = failure.missing === 'repository' || failure.missing === 'unnamed'
  return failure.askedAs === 'credentials' && isHidden ? 'anonymous' : failure.askedAs
}

/** What is told to be absent, with the most hope that any of the hosts leaves to better credentials: a node shows them to all. */
const withHope = (told: ProbeFailure, failures: Failures): ProbeFailure => {
  if (told.kind !== 'absent') return told
  const hopes = failures.map(failure => (failure === told ? told.askedAs : hopeIn(failure)))
  const askedAs = (['anonymous', 'credentials'] as const).find(hope => hopes.includes(hope)) ?? 'unchallenged'
  return { ...told, askedAs }
}

/**
 * What all the hosts together answer: the first success, else the failure that the runtime tells. But a "no" counts
 * only if every host was heard: a node may reach the one that we could not ask, and find the image there.
 */
export const wholeAnswer = <T>(outcomes: Outcomes<T>, askedBy: AskedBy): Result<T, ProbeFailure> => {
  const failures: ProbeFailure[] = []
  for (const outcome of outcomes) {
    if (outcome.ok) return outcome
    failures.push(outcome.error)
  }
  const [first, ...rest] = failures
  const all: Failures = [first as ProbeFailure, ...rest]
  const best = toldOf(all, askedBy)
  const unheard = failures.find((failure, index) => !wasHeard(failure, index === rest.length))
  if (!isNo(best) || unheard === undefined) return fail(withHope(best, all))
  // Of a host that comes later its own failure tells more than that it was not asked.
  return failures.indexOf(unheard) > failures.indexOf(best)
    ? fail(unheard)
    : fail({ host: unheard.host, step: unheard.step, kind: 'unreachable', problem: 'mirror-unasked' })
}

/** How hard a failure is on the image: what is no "no" is nothing, and where nobody was asked who asks, nobody gets more. */
const hardnessOf = (failure: ProbeFailure): number => {
  if (!isNo(failure)) return 0
  if (failure.kind === 'refused') return 1
  return failure.kind === 'absent' && failure.askedAs !== 'unchallenged' ? 2 : 3
}

/** Of the failures of several, at least one, that which leaves most hope. */
export const softest = (failures: readonly ProbeFailure[]): ProbeFailure =>
  failures.reduce((best, failure) => (hardnessOf(failure) < hardnessOf(best) ? failure : best))
