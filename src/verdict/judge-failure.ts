import type { CredentialNote } from '../credentials/note.ts'
import type { AskedAs, ProbeFailure } from '../registry/failure.ts'
import type { Evidence } from './evidence.ts'
import type { Finding } from './finding.ts'

/** What a failed question means for the pull. */
export const judgeFailure = (failure: ProbeFailure, evidence: Evidence): readonly Finding[] => {
  const { host, step } = failure
  switch (failure.kind) {
    case 'absent':
      // The image was found, and a part of it was not.
      if (step === 'config') return [{ code: 'broken-image', damage: 'missing-config', platforms: [] }]
      return (
        doubtedAbsence(failure, evidence) ?? [
          { code: 'not-found', host, missing: failure.missing, near: evidence.nearTags ?? [] },
        ]
      )
    case 'refused':
      return (
        doubt(failure.askedAs, host, evidence.notes) ??
        nodesMay(host, evidence.notes) ?? [
          { code: 'denied', host, askedAs: failure.askedAs, without: secretsWithout(evidence.notes) },
        ]
      )
    case 'rate-limited':
      return [
        {
          ...{ code: 'rate-limited', host, retryAfterMs: failure.retryAfterMs },
          ...(failure.spared && { spared: 'content' }),
        },
      ]
    case 'unreachable':
      return [{ code: 'unreachable', host, problem: failure.problem }]
    case 'bad-answer':
      return [{ code: 'registry-error', host, step, problem: failure.problem, status: failure.status }]
    case 'timed-out':
      return [{ code: 'timed-out', host, step }]
    case 'blocked':
      return [{ code: 'blocked-address', host }]
    case 'oversized':
      return [{ code: 'oversized-manifest', sizeBytes: failure.sizeBytes }]
    case 'wrong-content':
      return [{ code: 'broken-image', damage: 'wrong-digest', platforms: [] }]
  }
}

type Absent = Extract<ProbeFailure, { kind: 'absent' }>

const doubtedAbsence = (failure: Absent, { notes, tagsShown }: Evidence): readonly Finding[] | undefined =>
  tagsShown === true ? undefined : (doubt(failure.askedAs, failure.host, notes) ?? hidden(failure, notes))

/**
 * A "no" to an incomplete set of credentials is none: the node may have a better one. But a registry that asked for no
 * credentials at all never sees the node's either, since containerd sends them only after a challenge.
 */
const doubt = (askedAs: AskedAs, host: string, notes: readonly CredentialNote[]): readonly Finding[] | undefined => {
  if (askedAs === 'unchallenged') return undefined
  const unread = notes.find(note => note.kind === 'unreadable')
  if (unread !== undefined) {
    const { kind: _, ...data } = unread
    return [{ code: 'unknown-credentials', ...data }]
  }
  return askedAs === 'anonymous' ? nodesMay(host, notes) : undefined
}

/** A registry that hides what one may not see says of it that there is none: another credential may see it. */
const hidden = (
  { askedAs, missing, host }: Absent,
  notes: readonly CredentialNote[],
): readonly Finding[] | undefined =>
  askedAs === 'credentials' && missing === 'repository' ? nodesMay(host, notes) : undefined

const nodesMay = (host: string, notes: readonly CredentialNote[]): readonly Finding[] | undefined =>
  notes.some(({ kind }) => kind === 'nodes-may-hold') ? [{ code: 'node-credentials', host }] : undefined

const secretsWithout = (notes: readonly CredentialNote[]): Extract<Finding, { code: 'denied' }>['without'] =>
  notes.flatMap(note => {
    if (note.kind !== 'missing-secret' && note.kind !== 'unusable-secret') return []
    return [{ name: note.secret, exists: note.kind === 'unusable-secret' }]
  })
