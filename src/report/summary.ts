import { parseReference } from '../image/reference.ts'
import { allCodes } from '../verdict/codes.ts'
import { outcomeOf } from '../verdict/verdict.ts'
import type { ObjectName } from '../workload/workload.ts'
import type { SheetFinding, SheetImage, SheetUse, Summary, Tally } from './sheet.ts'

/** What is counted. */
export interface Counted {
  /** One for each report; the same object may be judged in several. */
  readonly objects: readonly ObjectName[]
  readonly uses: readonly SheetUse[]
  readonly images: readonly SheetImage[]
  readonly findings: readonly SheetFinding[]
  readonly waived: number
}

/** The registry that the text names; '' where it is no reference. */
export const registryOf = (image: string): string => {
  const reference = parseReference(image)
  return reference.ok ? reference.value.registry : ''
}

const tallyOf = (findings: readonly SheetFinding[]): Tally => {
  const deny = findings.filter(({ action }) => action === 'deny').length
  return { deny, warn: findings.length - deny }
}

const mostFirst = <T extends Tally>(named: (row: T) => string, rows: readonly T[]): readonly T[] =>
  rows.toSorted(
    (a, b) => b.deny - a.deny || b.warn - a.warn || (named(a) < named(b) ? -1 : Number(named(a) > named(b))),
  )

const registriesOf = ({ images, findings }: Counted): Summary['registries'] => {
  const byImage = new Map(images.map(({ image }) => [image, registryOf(image)]))
  const found = Map.groupBy(findings, ({ image }) => byImage.get(image) ?? registryOf(image))
  const named = Map.groupBy(images, ({ image }) => byImage.get(image) ?? '')
  const rows = [...new Set([...named.keys(), ...found.keys()])].map(registry => ({
    registry,
    images: named.get(registry)?.length ?? 0,
    ...tallyOf(found.get(registry) ?? []),
  }))
  return mostFirst(({ registry }) => registry, rows)
}

const namespacesOf = ({ objects, findings }: Counted): Summary['namespaces'] => {
  const found = Map.groupBy(findings, ({ object }) => object.namespace)
  const rows = [...Map.groupBy(objects, ({ namespace }) => namespace)].map(([namespace, inIt]) => ({
    namespace,
    objects: inIt.length,
    ...tallyOf(found.get(namespace) ?? []),
  }))
  return mostFirst(({ namespace }) => namespace, rows)
}

const codesOf = (findings: readonly SheetFinding[]): Summary['codes'] => {
  const found = Map.groupBy(findings, ({ code }) => code)
  return allCodes.flatMap(code => {
    const all = found.get(code)
    return all === undefined ? [] : [{ code, ...tallyOf(all) }]
  })
}

/** Counts what a sheet lists. */
export const summaryOf = (counted: Counted): Summary => ({
  objects: counted.objects.length,
  uses: counted.uses.length,
  images: counted.images.length,
  ...tallyOf(counted.findings),
  unknown: counted.findings.filter(({ code }) => outcomeOf(code) === 'unknown').length,
  waived: counted.waived,
  skipped: counted.uses.filter(({ outcome }) => outcome === 'skipped').length,
  codes: codesOf(counted.findings),
  registries: registriesOf(counted),
  namespaces: namespacesOf(counted),
})
