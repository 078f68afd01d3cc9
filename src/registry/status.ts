import type { ImageReference } from '../image/reference.ts'
import { asList, asRecord, asText, ownProperty } from '../lib/untrusted.ts'
import type { Answer } from './exchange.ts'
import type { AnswerProblem, Missing, ProbeFailure, Step } from './failure.ts'
import { parseJson } from './json.ts'

/** The first error code of a registry's error body, where it has one. Its prose is never read. */
const errorCode = (body: Uint8Array): string | undefined => {
  const record = asRecord(parseJson(body))
  const first = asRecord(asList(record && ownProperty(record, 'errors'))[0])
  return first && asText(ownProperty(first, 'code'))
}

const missingOf = (code: string | undefined, reference: ImageReference, step: Step): Missing | undefined => {
  switch (code) {
    case 'NAME_UNKNOWN':
      return 'repository'
    case 'MANIFEST_UNKNOWN':
    case 'NOT_FOUND':
      return step === 'child' ? 'digest' : reference.target.kind
    case 'BLOB_UNKNOWN':
      return 'digest'
    default:
      return undefined
  }
}

// More than a day is not believed: a registry must not keep us away for ever.
const mostRetryAfterSeconds = 24 * 60 * 60

const retryAfterMs = (answer: Answer): number | undefined => {
  const text = answer.header('retry-after') ?? ''
  return /^\d{1,9}$/.test(text) ? Math.min(Number(text), mostRetryAfterSeconds) * 1000 : undefined
}

const problemOf = (status: number): AnswerProblem => {
  if (status === 401 || status === 403) return 'unsupported-challenge'
  if (status === 404) return 'bare-not-found'
  if (status >= 300 && status < 400) return 'bad-redirect'
  return status >= 500 || status === 408 ? 'server-error' : 'unexpected-status'
}

/** What an answer other than 200 means. A 404 is believed only from a body that says what is missing. */
export const failureOf = (answer: Answer, reference: ImageReference, step: Step): ProbeFailure => {
  const at = { host: reference.registry, step }
  const { status } = answer
  if (status === 429) return { ...at, kind: 'rate-limited', retryAfterMs: retryAfterMs(answer) }
  const missing = status === 404 ? missingOf(errorCode(answer.body), reference, step) : undefined
  if (missing !== undefined) return { ...at, kind: 'absent', missing, askedAs: 'unchallenged' }
  return { ...at, kind: 'bad-answer', problem: problemOf(status), status }
}
