import { createHash } from 'node:crypto'
import type { Code } from '../verdict/codes.ts'
import type { ObjectName } from '../workload/workload.ts'

/** What a finding is known by when it is met again. */
export interface Identity {
  readonly code: Code
  readonly image: string
  readonly object: ObjectName
  /** Undefined where the object came from no file. */
  readonly place: { readonly file: string } | undefined
}

/**
 * Names a finding, so that it is known again in a later run. Lines, and the number of a container in its list, have no part
 * in it: they change when something is added above.
 */
export const fingerprintOf = ({ code, image, object, place }: Identity): string => {
  const { kind, namespace, name } = object
  const parts = JSON.stringify([code, place?.file ?? '', kind, namespace, name, image])
  return createHash('sha256').update(parts).digest('hex').slice(0, 32)
}

/** The fingerprints of findings in their order; one that occurs again gets a number, since some readers keep only one of equal ones. */
export const distinctFingerprints = (findings: readonly Identity[]): readonly string[] => {
  const met = new Map<string, number>()
  return findings.map(finding => {
    const fingerprint = fingerprintOf(finding)
    const before = met.get(fingerprint) ?? 0
    met.set(fingerprint, before + 1)
    return before === 0 ? fingerprint : `${fingerprint}-${before + 1}`
  })
}
