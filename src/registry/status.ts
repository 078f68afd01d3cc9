import type { ImageReference } from '../image/reference.ts'
import { asList, asRecord, asText, ownProperty } from '../lib/untrusted.ts'
import type { Authorized } from './auth/authorize.ts'
import type { AnswerProblem, Missing, Origin, ProbeFailure, Step } from './failure.ts'
import { parseJson } from './json.ts'
import { retryAfterMs } from './retry-after.ts'

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
    // Quay's, of a tag that was given a last day.
    case 'TAG_EXPIRED':
      return step === 'child' ? 'digest' : reference.target.kind
    case 'BLOB_UNKNOWN':
      return 'digest'
    default:
      return undefined
  }
}

/** What is wrong with an answer of this status, whoever gives it. */
export const problemOf = (status: number): AnswerProblem => {
  if (status >= 300 && status < 400) return 'bad-redirect'
  return status >= 500 || status === 408 ? 'server-error' : 'unexpected-status'
}

/** What an answer other than 200 means. A "no" is believed only from a body that says why, as a registry's does. */
export const failureOf = ({ reply, askedAs }: Authorized, reference: ImageReference, at: Origin): ProbeFailure => {
  const { status } = reply
  if (status === 429) return { ...at, kind: 'rate-limited', retryAfterMs: retryAfterMs(reply.header('retry-after')) }
  const code = errorCode(reply.body)
  // Without a challenge it is no word on credentials: a firewall in front refuses our address, and may let the nodes pass.
  if (status === 403 && code !== undefined && askedAs !== 'unchallenged')
    return { ...at, kind: 'refused', status, askedAs }
  const missing = status === 404 ? missingOf(code, reference, at.step) : undefined
  if (missing !== undefined) return { ...at, kind: 'absent', missing, askedAs }
  return { ...at, kind: 'bad-answer', problem: status === 404 ? 'bare-not-found' : problemOf(status), status }
}
