import type { Remark } from '../verdict/decide.ts'
import { lineOf } from '../verdict/line.ts'
import { lengthOf } from '../verdict/text.ts'
import { type AuditAnnotations, auditAnnotations } from './audit-annotations.ts'
import type { Ruling } from './ruling.ts'

/** The review that goes back to the API server. */
export interface ReviewAnswer {
  readonly apiVersion: 'admission.k8s.io/v1'
  readonly kind: 'AdmissionReview'
  readonly response: {
    readonly uid: string
    readonly allowed: boolean
    readonly status?: { readonly code: 403; readonly reason: 'Forbidden'; readonly message: string }
    readonly warnings?: readonly string[]
    readonly auditAnnotations?: AuditAnnotations
  }
}

// With more than 4,096 characters of warnings the API server cuts each to 256 and drops the last ones
// (apiserver endpoints/filters/warning.go).
const mostWarningCharacters = 4000
// A pod may have thousands of containers; a person reads the first lines.
const mostDenials = 20

const denialMessage = (denials: readonly Remark[]): string => {
  const lines = denials.slice(0, mostDenials).map(({ subject }) => lineOf(subject))
  const more = denials.length - lines.length
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}

/** The lines that fit, and how many do not. */
const fittingWarnings = (warnings: readonly Remark[]): readonly string[] => {
  const lines: string[] = []
  let characters = 0
  for (const { subject } of warnings) {
    const line = lineOf(subject)
    const rest = warnings.length - lines.length
    const last = `and ${rest} more images have warnings`
    if (characters + lengthOf(line) + (rest > 1 ? last.length : 0) > mostWarningCharacters) return [...lines, last]
    characters += lengthOf(line)
    lines.push(line)
  }
  return lines
}

/** Phrases a ruling as the API server wants it: never a patch, and 403 Forbidden for a denial, since kubectl prints that best. */
export const answerReview = (uid: string, ruling: Ruling): ReviewAnswer => {
  const warnings = fittingWarnings(ruling.warnings)
  const annotations = auditAnnotations(ruling)
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: {
      uid,
      allowed: ruling.allowed,
      ...(ruling.allowed ? {} : { status: { code: 403, reason: 'Forbidden', message: denialMessage(ruling.denials) } }),
      ...(warnings.length > 0 ? { warnings } : {}),
      ...(annotations === undefined ? {} : { auditAnnotations: annotations }),
    },
  }
}

/** What is answered to a review that nobody has the time to read. */
export const answerUnread = (uid: string): ReviewAnswer => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: {
    uid,
    allowed: true,
    warnings: ['its images were not looked at: too many requests reach Pullgate at once [overload]'],
    auditAnnotations: { overload: 'true' },
  },
})
