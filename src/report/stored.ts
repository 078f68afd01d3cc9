import { asList, asText, ownProperty, propertyAt } from '../lib/untrusted.ts'
import { isCode } from '../verdict/codes.ts'
import { outcomeOf, worstOutcome } from '../verdict/verdict.ts'
import { shown } from './names.ts'
import type { Sheet, SheetFinding } from './sheet.ts'
import { summaryOf } from './summary.ts'

const findingIn = (result: unknown): SheetFinding | undefined => {
  const textAt = (...names: readonly string[]): string => shown(asText(propertyAt(result, ...names)) ?? '')
  const code = textAt('rule')
  // Others may write reports of this name too, and a code that is not known is of another version.
  if (textAt('source') !== 'pullgate' || !isCode(code)) return undefined
  const [resource] = asList(ownProperty(result, 'resources'))
  const named = (name: string): string => shown(asText(ownProperty(resource, name)) ?? '')
  const [apiVersion = '', kind = '', namespace = '', name = '', path = ''] = [
    ...['apiVersion', 'kind', 'namespace', 'name', 'fieldPath'].map(named),
  ]
  const pods = Number(textAt('properties', 'pods') || Number.NaN)
  return {
    code,
    action: textAt('result') === 'fail' ? 'deny' : 'warn',
    image: textAt('properties', 'image'),
    object: { apiVersion, kind, namespace, name },
    path,
    place: undefined,
    // The hint is in it.
    message: textAt('message'),
    hint: '',
    pods: Number.isSafeInteger(pods) ? pods : undefined,
    isNew: undefined,
  }
}

/** The findings of a PolicyReport that we wrote before. */
export const storedFindings = (report: unknown): readonly SheetFinding[] =>
  asList(ownProperty(report, 'results'))
    .map(findingIn)
    .filter(finding => finding !== undefined)

const objectKey = ({ object }: Pick<SheetFinding, 'object'>): string => JSON.stringify(object)

/** A sheet with findings that somebody else made: what passed there is not known, and not counted. */
export const withStored = (sheet: Sheet, stored: readonly SheetFinding[]): Sheet => {
  if (stored.length === 0) return sheet
  const outcomeIn = ({ action, code }: SheetFinding) => (action === 'deny' ? 'fail' : outcomeOf(code))
  const known = new Set(sheet.images.map(({ image }) => image))
  const byImage = Map.groupBy(stored, ({ image }) => image)
  const images = [...byImage].flatMap(([image, all]) =>
    known.has(image) ? [] : [{ image, outcome: worstOutcome(all.map(outcomeIn)), digest: undefined, platforms: [] }],
  )
  const uses = stored.map(finding => ({ ...finding, outcome: outcomeIn(finding) }))
  const findings = [...sheet.findings, ...stored]
  const own = new Map([...sheet.uses, ...uses].map(use => [objectKey(use), use.object]))
  const all = { images: [...sheet.images, ...images], uses: [...sheet.uses, ...uses], findings }
  const summary = summaryOf({ ...all, objects: [...own.values()], waived: sheet.summary.waived })
  const outcome = findings.some(({ action }) => action === 'deny') ? 'fail' : sheet.outcome
  return { ...sheet, ...all, summary, outcome }
}
