import { jsonIn } from '../lib/json.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { asList, asText, ownProperty } from '../lib/untrusted.ts'
import { fingerprintOf } from '../report/fingerprint.ts'
import type { Sheet, SheetFinding } from '../report/sheet.ts'

/** Findings that were there before somebody began to look. */
export type Baseline = ReadonlySet<string>

/** Reads a baseline; a failure is the end of a sentence that begins with its name. */
export const readBaseline = (text: string): Result<Baseline, string> => {
  const root = jsonIn(text)
  if (root === undefined) return fail('is not JSON')
  if (ownProperty(root, 'version') !== 1 || !Array.isArray(ownProperty(root, 'findings')))
    return fail('is no baseline: write one with --write-baseline')
  const names = asList(ownProperty(root, 'findings')).map(finding => asText(ownProperty(finding, 'fingerprint')))
  return ok(new Set(names.filter(name => name !== undefined)))
}

const entryOf = (finding: SheetFinding) => ({
  fingerprint: fingerprintOf(finding),
  code: finding.code,
  image: finding.image,
  object: [finding.object.kind, finding.object.namespace, finding.object.name].filter(part => part !== '').join('/'),
  ...(finding.place === undefined ? {} : { file: finding.place.file }),
})

/** Writes the findings of a sheet as a baseline: sorted, so that versions of it can be compared. */
export const baselineOf = ({ findings }: Pick<Sheet, 'findings'>): string => {
  const entries = new Map(findings.map(finding => [fingerprintOf(finding), entryOf(finding)]))
  const sorted = [...entries.values()].toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))
  return `${JSON.stringify({ version: 1, findings: sorted }, null, 2)}\n`
}
