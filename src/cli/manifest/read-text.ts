import { type Lines, linesOf } from '../../lib/text-lines.ts'
import { asText, propertyAt } from '../../lib/untrusted.ts'
import type { Place } from '../../report/sheet.ts'
import { clip } from '../../verdict/text.ts'
import { findKind, type Kind } from '../../workload/kinds.ts'
import { textlessImagesIn, workloadsOf } from '../../workload/read.ts'
import { isBeingDeleted, isMirror, isOwned } from '../../workload/standing.ts'
import type { ImageUse, Workload } from '../../workload/workload.ts'
import type { InputProblem } from '../input/input-problem.ts'
import { problemWith } from '../input/input-problem.ts'
import type { NamedText } from '../input/named-text.ts'
import type { FoundObject } from './found-object.ts'
import { type Holding, holdingOf } from './holdings.ts'
import { groupOf, objectsIn, type PlacedObject } from './objects.ts'
import { type OtherFiles, otherWorkloads } from './other-files.ts'
import { type Piece, piecesOf } from './pieces.ts'
import { type ReadDocument, readDocuments } from './read-documents.ts'
import { type PathStep, stepsOf } from './steps.ts'
import { type Waivers, waiversIn } from './waivers.ts'

/** What a text tells. */
export interface FoundInText {
  readonly objects: readonly FoundObject[]
  readonly holdings: readonly Holding[]
  readonly problems: readonly InputProblem[]
}

/** Options of the reading. */
export interface ReadOptions {
  readonly kinds: readonly Kind[]
  readonly also: readonly OtherFiles[]
}

interface Reading extends ReadOptions {
  readonly source: NamedText
  readonly lines: Lines
  readonly waivers: (line: number) => Waivers
  readonly objects: FoundObject[]
  readonly holdings: Holding[]
  readonly problems: InputProblem[]
}

const complain = (reading: Reading, offset: number, what: string, weight: InputProblem['weight']): void => {
  const { line, column } = reading.lines.at(offset)
  const at = { line, column, text: reading.lines.text(line) }
  reading.problems.push({ weight, file: reading.source.name, at, what })
}

// A word that has to be written out, unless somebody writes a letter as an escape.
const mayName = /image|container|\\[xuU]/
const mayHold = /Secret|ServiceAccount|RuntimeClass|pullgate\.dev|\\[xuU]/

/** Whether a document of a folder is worth reading: most name no image, and to read them would take most of the time. */
const isOfUse = ({ text }: Piece, { origin, judged }: NamedText): boolean =>
  origin === 'named' || (judged && mayName.test(text)) || mayHold.test(text)

// Where YAML is broken, what it was to be is told by two of its lines.
const looksLikeManifest = (text: string): boolean =>
  /^\s*["']?apiVersion["']?\s*:/m.test(text) && /^\s*["']?kind["']?\s*:/m.test(text)

const pathsIn = (
  base: readonly PathStep[],
  found: readonly { readonly path: string }[],
): readonly (readonly PathStep[])[] =>
  found.map(({ path }) => {
    const steps = stepsOf(path)
    return [...base, ...(steps.ok ? steps.value : [])]
  })

interface Stand {
  readonly place: Place
  readonly codes: ReadonlySet<string>
}

const standsOf = (
  reading: Reading,
  {
    piece,
    document,
    base,
  }: { readonly piece: Piece; readonly document: ReadDocument; readonly base: readonly PathStep[] },
  uses: readonly ImageUse[],
): ReadonlyMap<ImageUse, Stand> => {
  const { source, lines, waivers } = reading
  const offsets = document.offsets(pathsIn(base, uses))
  return new Map(
    uses.flatMap((use, index): readonly (readonly [ImageUse, Stand])[] => {
      const offset = offsets[index]
      if (offset === undefined) return []
      const at = lines.at(piece.offset + offset)
      const { codes, flaws } = waivers(at.line)
      for (const { line, column, what } of flaws)
        reading.problems.push({ weight: 'note', file: source.name, at: { line, column, text: lines.text(line) }, what })
      return [[use, { place: { file: source.name, ...at }, codes }]]
    }),
  )
}

const found = (
  workloads: readonly Workload[],
  stands: ReadonlyMap<ImageUse, Stand>,
  isOwned: boolean,
): FoundObject => ({
  // Nobody has admitted it yet, not even a pod: what admission adds is still to come.
  workloads: workloads.map(workload => ({ ...workload, isTemplate: workload.pullAs.serviceAccount !== '' })),
  isOwned,
  isTemplate: workloads.some(({ isTemplate }) => isTemplate),
  placeOf: use => stands.get(use)?.place,
  waived: (use, code) => stands.get(use)?.codes.has(code) ?? false,
})

/** The API server refuses such an object as a whole; what else it names is looked at all the same. */
const complainOfTextless = (
  reading: Reading,
  piece: Piece,
  document: ReadDocument,
  { object, steps }: PlacedObject,
  kind: Kind,
): void => {
  const textless = textlessImagesIn(object, kind)
  const offsets = document.offsets(pathsIn(steps, textless))
  for (const [index, { path, is }] of textless.entries()) {
    const offset = piece.offset + (offsets[index] ?? 0)
    const hint = is === 'a number' || is === 'a boolean' ? ': put it in quotes' : ''
    complain(reading, offset, `${clip(path, 80)} is ${is}, and an image is named by a text${hint}`, 'error')
  }
}

const readObject = (reading: Reading, piece: Piece, document: ReadDocument, placed: PlacedObject): void => {
  const { kinds, source } = reading
  const { object, apiVersion } = placed
  const holding = holdingOf(placed)
  if (holding !== undefined) reading.holdings.push(holding)
  const kind = findKind(kinds, groupOf(apiVersion), placed.kind)
  if (!source.judged || kind === undefined || isBeingDeleted(object) || isMirror(object)) return
  const namespace = asText(propertyAt(object, 'metadata', 'namespace')) ?? ''
  complainOfTextless(reading, piece, document, placed, kind)
  const workloads = workloadsOf(object, kind, namespace)
  const uses = workloads.flatMap(({ images }) => images)
  if (uses.length === 0) return
  const stands = standsOf(reading, { piece, document, base: placed.steps }, uses)
  reading.objects.push(found(workloads, stands, isOwned(object, kinds)))
}

const readDocument = (reading: Reading, piece: Piece, document: ReadDocument): boolean => {
  const objects = objectsIn(document.value)
  for (const placed of objects) readObject(reading, piece, document, placed)
  const others = reading.source.judged && objects.length === 0 ? otherWorkloads(document.value, reading.also) : []
  for (const workload of others.filter(({ images }) => images.length > 0))
    reading.objects.push(found([workload], standsOf(reading, { piece, document, base: [] }, workload.images), false))
  if (objects.length > 0)
    for (const { offset, what } of document.twice)
      complain(reading, piece.offset + offset, `${clip(what, 60)} stands here twice: the last one counts`, 'note')
  return objects.length + others.length > 0
}

const templateHint = (line: string): string =>
  line.includes('{{') ? ': it looks like a template, which --helm renders and --exclude leaves out' : ''

/** Reads a piece; whether there was anything in it for us. */
const readPiece = (reading: Reading, piece: Piece): boolean => {
  if (!isOfUse(piece, reading.source)) return false
  const { documents, flaw } = readDocuments(piece.text)
  const used = documents.map(document => readDocument(reading, piece, document))
  if (flaw === undefined) return used.includes(true)
  if (reading.source.origin === 'found' && !looksLikeManifest(piece.text)) return used.includes(true)
  const offset = piece.offset + flaw.offset
  complain(reading, offset, flaw.what + templateHint(reading.lines.text(reading.lines.at(offset).line)), 'error')
  return true
}

/** Reads a text: what is wrong with one of its documents hides none of the others. */
export const readText = (source: NamedText, options: ReadOptions): FoundInText => {
  const pieces = piecesOf(source.text)
  if (pieces === undefined)
    return { objects: [], holdings: [], problems: [problemWith(source.name, 'has more than 100000 documents')] }
  const lines = linesOf(source.text)
  const reading: Reading = {
    ...options,
    source,
    lines,
    waivers: waiversIn(lines),
    objects: [],
    holdings: [],
    problems: [],
  }
  const used = pieces.map(piece => readPiece(reading, piece))
  if (source.origin === 'named' && !used.includes(true))
    reading.problems.push(problemWith(source.name, 'holds no Kubernetes object', 'note'))
  const { objects, holdings, problems } = reading
  return { objects, holdings, problems }
}
