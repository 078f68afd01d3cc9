import { codes } from '../verdict/codes.ts'
import type { Context } from './format.ts'
import { headline } from './headline.ts'
import { plainLine } from './log-line.ts'
import { objectText, shown } from './names.ts'
import type { Sheet, SheetFinding, SheetImage } from './sheet.ts'

type Paint = (text: string, ...styles: readonly (keyof typeof sequences)[]) => string

const sequences = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36, underlined: 4 } as const

const painter =
  (colours: boolean): Paint =>
  (text, ...styles) =>
    colours ? `\u001b[${styles.map(style => sequences[style]).join(';')}m${text}\u001b[0m` : text

const colourOf = { pass: 'green', fail: 'red', unknown: 'yellow' } as const

const actionText = ({ action, code }: SheetFinding, paint: Paint): string => {
  if (action === 'deny') return paint('deny', 'red', 'bold')
  return codes[code].group === 'indefinite' ? paint('warn', 'cyan') : paint('warn', 'yellow')
}

const findingLines = (finding: SheetFinding, indent: string, paint: Paint): readonly string[] => {
  const { place, path, code, message, hint, isNew, pods } = finding
  const at = place === undefined ? shown(path) : `${place.line}:${place.column}`
  const more = [...(isNew === true ? ['new'] : []), ...(pods === undefined ? [] : [`${pods} running`])]
  const first = [paint(at, 'dim'), actionText(finding, paint), paint(code, 'bold'), ...more].join('  ')
  const hints = hint === '' ? [] : [`${indent}  → ${shown(hint)}`]
  return [`${indent}${first}`, `${indent}  ${shown(message)}`, ...hints]
}

const sectionLines = (findings: readonly SheetFinding[], paint: Paint): readonly string[] => {
  const file = findings[0]?.place?.file
  const heading = file === undefined ? [] : [paint(shown(file), 'underlined')]
  const indent = file === undefined ? '' : '  '
  const objects = Map.groupBy(findings, ({ object }) => objectText(object))
  const blocks = [...objects].flatMap(([object, inObject]) => [
    `${indent}${paint(object, 'bold')}`,
    ...inObject.flatMap(finding => findingLines(finding, `${indent}  `, paint)),
  ])
  return [...heading, ...blocks, '']
}

// A section is a file; what came from no file has one for each object.
const sectionKey = ({ place, object }: SheetFinding): string =>
  place === undefined ? `object ${objectText(object)}` : `file ${place.file}`

const isAskedByName = ({ object }: Pick<SheetFinding, 'object'>): boolean => object.kind === ''

const imageLines = (image: SheetImage, findings: readonly SheetFinding[], paint: Paint): readonly string[] => [
  `${paint(image.outcome, colourOf[image.outcome])}  ${paint(shown(image.image), 'bold')}`,
  ...(image.digest === undefined ? [] : [`  digest     ${image.digest}`]),
  ...(image.platforms.length === 0 ? [] : [`  platforms  ${image.platforms.map(shown).join(', ')}`]),
  ...findings.flatMap(finding => findingLines(finding, '  ', paint)),
  '',
]

/** Somebody who asks about images by name wants to see each of them, those with nothing to be said too. */
const askedLines = ({ images, uses, findings }: Sheet, paint: Paint): readonly string[] => {
  const asked = new Set(uses.filter(isAskedByName).map(({ image }) => image))
  const found = Map.groupBy(findings.filter(isAskedByName), ({ image }) => image)
  return images
    .filter(({ image }) => asked.has(image))
    .flatMap(image => imageLines(image, found.get(image.image) ?? [], paint))
}

/** For people at a terminal: what, where, why and what next, by file and object. */
export const text = (sheet: Sheet, { colours }: Context): string => {
  const paint = painter(colours)
  const sections = Map.groupBy(
    sheet.findings.filter(finding => !isAskedByName(finding)),
    sectionKey,
  )
  const lines = [
    ...askedLines(sheet, paint),
    ...[...sections.values()].flatMap(findings => sectionLines(findings, paint)),
    ...sheet.gaps.map(gap => `not looked at: ${shown(gap)}`),
    ...(sheet.gaps.length > 0 ? [''] : []),
    paint(headline(sheet), colourOf[sheet.outcome], 'bold'),
  ]
  return `${lines.map(plainLine).join('\n')}\n`
}
