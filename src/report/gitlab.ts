import { codes } from '../verdict/codes.ts'
import { distinctFingerprints } from './fingerprint.ts'
import type { Format } from './format.ts'
import { jsonText } from './json-text.ts'
import { objectText, shown } from './names.ts'
import type { SheetFinding } from './sheet.ts'

const severityOf = ({ action, code }: SheetFinding): string => {
  if (action === 'deny') return 'critical'
  return codes[code].group === 'indefinite' ? 'minor' : 'major'
}

// GitLab wants a path without ./ before it, and of what came from no file the object is the nearest thing to one.
const pathOf = ({ place, object, path }: SheetFinding): string =>
  place === undefined ? objectText(object) || shown(path) : shown(place.file).replace(/^(?:\.\/)+/, '')

/** GitLab's code quality report. */
export const gitlab: Format = ({ findings }) => {
  const fingerprints = distinctFingerprints(findings)
  const issues = findings.map((finding, index) => ({
    description: [finding.message, finding.hint]
      .filter(part => part !== '')
      .map(shown)
      .join('; '),
    check_name: finding.code,
    fingerprint: fingerprints[index],
    severity: severityOf(finding),
    location: { path: pathOf(finding), lines: { begin: finding.place?.line ?? 1 } },
  }))
  return jsonText(issues)
}
