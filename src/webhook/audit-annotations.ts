import type { Remark } from '../verdict/decide.ts'
import type { Finding } from '../verdict/finding.ts'
import { clip } from '../verdict/text.ts'
import { type Verdict, verdictOutcome } from '../verdict/verdict.ts'
import type { Ruling } from './ruling.ts'

/** What stands in the API server's audit log beside the request, below the webhook's name. */
export type AuditAnnotations = Readonly<Record<string, string>>

// The log has one line a request; a pod may have thousands of images.
const mostVerdicts = 50
const mostPath = 100

const codesOf = (findings: readonly Finding[]): string => [...new Set(findings.map(({ code }) => code))].join(', ')

const verdictText = (verdict: Verdict): string => {
  const path = clip(verdict.use.path, mostPath)
  if (verdict.kind === 'skipped') return `${path}: skipped (${verdict.reason})`
  const why = verdict.findings.length === 0 ? '' : ` [${codesOf(verdict.findings)}]`
  const stale = verdict.freshness === 'stale' ? ' (stale)' : ''
  return `${path}: ${verdictOutcome(verdict)}${why}${stale}`
}

const hasDenial = (remarks: readonly Remark[]): boolean => remarks.some(({ action }) => action === 'deny')

/** What became of a denial: answered, said as a warning, or only logged. */
const denialOf = ({ allowed, warnings, withheld }: Ruling): string => {
  if (!allowed) return 'answered'
  if (hasDenial(warnings)) return 'warned'
  return hasDenial(withheld) ? 'logged' : 'none'
}

/** Makes the annotations of a ruling; undefined where no image was looked at. */
export const auditAnnotations = (ruling: Ruling): AuditAnnotations | undefined => {
  const { mode, verdicts } = ruling
  if (verdicts.length === 0) return undefined
  const more = verdicts.length - mostVerdicts
  const texts = [...verdicts.slice(0, mostVerdicts).map(verdictText), ...(more > 0 ? [`and ${more} more`] : [])]
  return { mode, denial: denialOf(ruling), verdicts: texts.join('; ') }
}
