import { Composer, type CST } from 'yaml'
import { fail, ok, type Result } from '../lib/result.ts'
import { clip } from '../verdict/text.ts'
import type { Complaint, Mistake } from './complaint.ts'
import type { Configuration } from './configuration.ts'
import { contradictionsIn } from './contradiction.ts'
import { type Origin, unentitled } from './origin.ts'
import { outlineOf } from './outline.ts'
import { placed } from './place.ts'
import { type Tree, treeOf } from './tree.ts'
import { type Misfit, validated } from './validate.ts'

export type { Complaint } from './complaint.ts'

/** The most that a configuration may have. */
export const mostBytes = 1024 * 1024

// YAML 1.2, as JSON is; a %YAML directive changes nothing. Keys that stand twice are found with the rest.
const yaml = { version: '1.2', schema: 'core', merge: false, uniqueKeys: false, strict: true } as const

/** The documents of a text, read, and what is wrong with the YAML. */
const composed = (tokens: readonly CST.Token[], length: number) => {
  const documents = [...new Composer(yaml).compose(tokens, true, length)]
  const wrong = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])
  // Of what is said of one place the first is nearest to the cause.
  const first = [...new Map(wrong.toReversed().map(each => [each.pos[0], each])).values()]
  const mistakes: Mistake[] = first.map(({ pos, message }) => ({ offset: pos[0], pointer: '', what: tidy(message) }))
  const second = documents[1]
  if (second !== undefined)
    mistakes.push({
      offset: second.range[0],
      pointer: '',
      what: 'a second document begins: one file is one configuration',
    })
  return { contents: documents[0]?.contents, mistakes }
}

const tidy = (message: string): string => clip(`${message.charAt(0).toLowerCase()}${message.slice(1)}`, 160)

/** Where the part that does not fit stands; of one that does not stand at all, what it would stand in. */
const offsetOf = (standings: Tree['standings'], pointer: string, ofKey: boolean): number => {
  const standing = standings.get(pointer)
  if (standing !== undefined) return ofKey ? standing.key : standing.value
  return pointer === '' ? 0 : offsetOf(standings, pointer.slice(0, pointer.lastIndexOf('/')), ofKey)
}

const misfitsAt = (tree: Tree, misfits: readonly Misfit[]): readonly Mistake[] => {
  // What could not be made data of has had its complaint.
  const told = new Set(tree.mistakes.map(({ pointer }) => pointer))
  return misfits
    .filter(({ pointer }) => !told.has(pointer))
    .map(({ pointer, ofKey, what }) => ({ offset: offsetOf(tree.standings, pointer, ofKey), pointer, what }))
}

const judged = (tree: Tree, origin: Origin): Result<Configuration, readonly Mistake[]> => {
  const entitlement = origin === 'found' ? unentitled(tree.standings) : []
  const before = [...tree.mistakes, ...entitlement]
  const data = validated(tree.value)
  const misfits = data.ok ? contradictionsIn(data.value).map(each => ({ ...each, ofKey: true })) : data.error
  const mistakes = [...before, ...misfitsAt(tree, misfits)]
  return data.ok && mistakes.length === 0 ? data : fail(mistakes)
}

const readText = (text: string, origin: Origin): Result<Configuration, readonly Mistake[]> => {
  if (Buffer.byteLength(text) > mostBytes) return fail([{ offset: 0, pointer: '', what: 'it is larger than 1 MiB' }])
  const outline = outlineOf(text)
  if (!outline.ok) return fail([outline.error])
  const { contents, mistakes } = composed(outline.value, text.length)
  const tree = treeOf(contents)
  // What is broken reads as something else, of which there would be much to say.
  if (mistakes.length > 0) return fail([...mistakes, ...tree.mistakes])
  return judged(tree, origin)
}

/** Reads a configuration in YAML or JSON: whole, with every default filled in, or every complaint at once. */
export const readConfiguration = (
  text: string,
  origin: Origin = 'named',
): Result<Configuration, readonly Complaint[]> => {
  // A mark of byte order is no part of the first line.
  const plain = text.replace(/^\ufeff/, '')
  const read = readText(plain, origin)
  return read.ok ? ok(read.value) : fail(placed(plain, read.error))
}
