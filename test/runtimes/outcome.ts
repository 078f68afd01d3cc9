import type { ProbeFailure } from '../../src/registry/failure.ts'
import type { Judged } from './judge.ts'
import type { Ours } from './ours.ts'

/** How a pull ended, in words that both sides have: by its content, or by what kept it from coming. */
export interface Outcome {
  readonly end: 'got' | 'refused' | 'absent' | 'part absent' | 'busy' | 'broken' | 'unreachable' | 'odd'
  readonly digest: string
  /** Whether it is thought to be the last word. */
  readonly isCertain: boolean
}

const byStatus = (status: number | undefined): Outcome['end'] => {
  // 400 is what OAuth answers to a wrong password.
  if (status === 400 || status === 401 || status === 403) return 'refused'
  if (status === 404) return 'absent'
  if (status === 429) return 'busy'
  return status === undefined ? 'odd' : 'broken'
}

const isPart = (step: string): boolean => step === 'child' || step === 'config'

/** The end of a pull by CRI-O's library. */
export const outcomeOfJudged = ({ step, cause, status, digest }: Judged): Outcome => {
  if (step === '') return { end: 'got', digest, isCertain: true }
  if (cause === 'network') return { end: 'unreachable', digest: '', isCertain: true }
  const end = cause === 'other' ? 'odd' : byStatus(status)
  return { end: end === 'absent' && isPart(step) ? 'part absent' : end, digest: '', isCertain: true }
}

const endOf = (failure: ProbeFailure): Outcome['end'] => {
  switch (failure.kind) {
    case 'refused':
      return 'refused'
    case 'absent':
      return isPart(failure.step) ? 'part absent' : 'absent'
    case 'rate-limited':
      return 'busy'
    case 'unreachable':
    case 'timed-out':
    case 'blocked':
      return 'unreachable'
    case 'bad-answer':
      return isPart(failure.step) && failure.status === 404 ? 'part absent' : byStatus(failure.status)
    case 'oversized':
    case 'wrong-content':
      return 'odd'
  }
}

const certain: ReadonlySet<ProbeFailure['kind']> = new Set(['refused', 'absent', 'wrong-content', 'oversized'])

const hasPart = (ours: Extract<Ours, { ok: true }>): boolean => {
  const { content } = ours.value.facts
  if (content.kind !== 'index') return true
  return content.entries.every(({ platform, presence }) => platform?.architecture !== 'amd64' || presence !== 'absent')
}

/** What our engine thinks that the end would be. */
export const outcomeOfOurs = (ours: Ours): Outcome => {
  if (!ours.ok) return { end: endOf(ours.error), digest: '', isCertain: certain.has(ours.error.kind) }
  if (!hasPart(ours)) return { end: 'part absent', digest: '', isCertain: true }
  return { end: 'got', digest: ours.value.facts.digest, isCertain: true }
}
