import { jsonIn } from '../lib/json.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { asList, asText, ownProperty, propertyAt } from '../lib/untrusted.ts'
import { isCode } from '../verdict/codes.ts'
import { distinctFingerprints, type Identity } from './fingerprint.ts'
import type { Sheet } from './sheet.ts'

/** The fingerprints of an earlier report. */
export type Earlier = ReadonlySet<string>

const identityOf = (finding: unknown): Identity | undefined => {
  const textAt = (...names: readonly string[]): string => asText(propertyAt(finding, ...names)) ?? ''
  const code = asText(ownProperty(finding, 'code'))
  // A code that this version does not know is one that it cannot find again either.
  if (code === undefined || !isCode(code)) return undefined
  const file = asText(ownProperty(finding, 'file'))
  return {
    code,
    image: textAt('image'),
    object: {
      apiVersion: textAt('object', 'apiVersion'),
      kind: textAt('object', 'kind'),
      namespace: textAt('object', 'namespace'),
      name: textAt('object', 'name'),
    },
    place: file === undefined ? undefined : { file },
  }
}

/** Reads what `-o json` wrote before. */
export const readEarlier = (text: string): Result<Earlier, string> => {
  const report = jsonIn(text)
  if (report === undefined) return fail('it is no JSON')
  if (ownProperty(report, 'version') !== 1 || !Array.isArray(ownProperty(report, 'findings')))
    return fail('it is no report of version 1, as -o json writes it')
  const identities = asList(ownProperty(report, 'findings')).map(identityOf)
  return ok(new Set(distinctFingerprints(identities.filter(identity => identity !== undefined))))
}

/** The sheet with its findings marked that the earlier report lacks, and with the number of those that are gone. */
export const compare = (sheet: Sheet, earlier: Earlier): Sheet => {
  const fingerprints = distinctFingerprints(sheet.findings)
  const findings = sheet.findings.map((finding, index) => ({
    ...finding,
    isNew: !earlier.has(fingerprints[index] ?? ''),
  }))
  const now = new Set(fingerprints)
  const gone = [...earlier].filter(fingerprint => !now.has(fingerprint)).length
  return { ...sheet, findings, change: { new: findings.filter(({ isNew }) => isNew).length, gone } }
}
