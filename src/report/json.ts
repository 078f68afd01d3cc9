import type { Format } from './format.ts'
import { jsonText } from './json-text.ts'
import type { SheetFinding, SheetImage } from './sheet.ts'

const imageRecord = ({ image, outcome, digest, platforms }: SheetImage) => ({ image, outcome, digest, platforms })

// JSON leaves out what is undefined.
const findingRecord = ({ place, object, isNew, pods, ...finding }: SheetFinding) => ({
  code: finding.code,
  action: finding.action,
  image: finding.image,
  object: { apiVersion: object.apiVersion, kind: object.kind, namespace: object.namespace, name: object.name },
  path: finding.path,
  file: place?.file,
  line: place?.line,
  column: place?.column,
  message: finding.message,
  hint: finding.hint,
  pods,
  new: isNew,
})

/** For programs: the stable form that schemas/report.v1.json describes. */
export const json: Format = ({ outcome, summary, images, findings, gaps, change }) => {
  const report = {
    version: 1,
    outcome,
    summary,
    images: images.map(imageRecord),
    findings: findings.map(findingRecord),
    gaps: gaps.length === 0 ? undefined : gaps,
    change,
  }
  return jsonText(report)
}
