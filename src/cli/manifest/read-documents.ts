import { Composer, type CST, type Document } from 'yaml'
import { jsonIn } from '../../lib/json.ts'
import { ok, type Result } from '../../lib/result.ts'
import { type OutlineLimits, yamlOutline } from '../../lib/yaml-outline.ts'
import { clip } from '../../verdict/text.ts'
import { jsonOffsetsIn } from './json-offsets.ts'
import { type Flaw, plainOf } from './plain.ts'
import type { PathStep } from './steps.ts'
import { yamlOffset } from './yaml-offset.ts'

/** A document, and where its values stand. */
export interface ReadDocument {
  readonly value: unknown
  /** Where the values at the ends of these paths begin. */
  readonly offsets: (paths: readonly (readonly PathStep[])[]) => readonly (number | undefined)[]
  readonly twice: readonly Flaw[]
}

/** What a piece of text holds. */
export interface ReadPiece {
  readonly documents: readonly ReadDocument[]
  /** Undefined: all of it could be read. */
  readonly flaw: Flaw | undefined
}

const limits: OutlineLimits = {
  // Schemas of custom resources have some 60.
  levels: 200,
  // The definitions of a large operator are some 100,000 in one document.
  pieces: 500_000,
  // The API server keeps no object with more than 3 MiB, and no ConfigMap with more than one.
  textCharacters: 4 * 1024 * 1024,
}

// As Kubernetes reads YAML: YAML 1.2 is near enough to what Go's reader takes, and texts are what matters here. What is only
// untidy is let pass. Merge keys and keys that stand twice are looked after when plain data is made.
const yaml = { version: '1.2', schema: 'core', merge: false, uniqueKeys: false, strict: false } as const

const tidy = (message: string): string => {
  const [first = ''] = message.split('\n')
  const words = first.replace(/ at line \d+, column \d+:?$/, '')
  return clip(`${words.charAt(0).toLowerCase()}${words.slice(1)}`, 160)
}

/** Composes without the stack of each mistake: a text may hold a hundred thousand of them. */
const composed = (tokens: readonly CST.Token[], length: number): readonly Document.Parsed[] => {
  const before = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return [...new Composer(yaml).compose(tokens, true, length)]
  } finally {
    Error.stackTraceLimit = before
  }
}

/** The documents of a text, as they are written; fails where there is too much of them. */
export const composedIn = (text: string): Result<readonly Document.Parsed[], Flaw> => {
  const outline = yamlOutline(text, limits)
  return outline.ok ? ok(composed(outline.value, text.length)) : outline
}

const readYaml = (text: string): ReadPiece => {
  const written = composedIn(text)
  if (!written.ok) return { documents: [], flaw: written.error }
  const documents: ReadDocument[] = []
  for (const { errors, contents } of written.value) {
    const [error] = errors
    if (error !== undefined) return { documents, flaw: { offset: error.pos[0], what: tidy(error.message) } }
    const { value, targets, fatal, twice } = plainOf(contents)
    if (fatal !== undefined) return { documents, flaw: fatal }
    documents.push({ value, twice, offsets: paths => paths.map(steps => yamlOffset(contents, steps, targets)) })
  }
  return { documents, flaw: undefined }
}

/** Reads a piece of text: as JSON where it is some, and as YAML otherwise. */
export const readDocuments = (text: string): ReadPiece => {
  const json = /^\s*[[{]/.test(text) ? jsonIn(text) : undefined
  if (json === undefined) return readYaml(text)
  return { documents: [{ value: json, twice: [], offsets: jsonOffsetsIn(text) }], flaw: undefined }
}
