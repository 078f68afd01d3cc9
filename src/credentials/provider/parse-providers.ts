import { type Document, LineCounter, parseAllDocuments } from 'yaml'
import { jsonIn } from '../../lib/json.ts'
import type { Complaint } from './config-shape.ts'
import type { ProviderConfig } from './provider-config.ts'
import { readProviders } from './read-providers.ts'

/** Why a CredentialProviderConfig cannot be used, and where; lines and columns begin at 1. */
export interface ProviderProblem {
  readonly line: number
  readonly column: number
  readonly what: string
}

/** What a file says, and everything in it that a kubelet would refuse. */
export interface ParsedProviders {
  readonly providers: readonly ProviderConfig[]
  readonly problems: readonly ProviderProblem[]
}

const rangeOf = (node: unknown): number | undefined => {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined
}

/** Where the value stands, or the innermost thing that would hold it. */
const offsetOf = (document: Document, path: readonly (string | number)[]): number => {
  for (let length = path.length; length > 0; length--) {
    const offset = rangeOf(document.getIn(path.slice(0, length), true))
    if (offset !== undefined) return offset
  }
  return rangeOf(document.contents) ?? 0
}

const sentence = ({ path, what }: Complaint): string => (path.length === 0 ? what : `${path.join('.')} ${what}`)

const toValue = (document: Document): unknown => {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    return undefined
  }
}

/** What begins as JSON is read as JSON alone, though YAML would take more. */
const isBrokenJson = (content: string): boolean => /^\s*\{/.test(content) && jsonIn(content) === undefined

/** Parses a CredentialProviderConfig in YAML or JSON, of which a kubelet reads the first document alone. */
export const parseProviders = (content: string): ParsedProviders => {
  const counter = new LineCounter()
  const place = (offset: number): { readonly line: number; readonly column: number } => {
    const { line, col } = counter.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  // As go-yaml v2 reads: `yes` is true, and `<<` merges.
  const documents = parseAllDocuments(content, {
    version: '1.1',
    merge: true,
    lineCounter: counter,
    logLevel: 'silent',
  })
  const document: Document | undefined = Array.isArray(documents) ? documents[0] : undefined
  if (document === undefined) return { providers: [], problems: [{ line: 1, column: 1, what: 'is empty' }] }
  if (document.errors.length > 0) {
    const problems = document.errors.map(error => ({
      ...place(error.pos[0]),
      what: error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'is no YAML',
    }))
    return { providers: [], problems }
  }
  if (isBrokenJson(content))
    return { providers: [], problems: [{ line: 1, column: 1, what: 'begins as JSON and is none' }] }
  const complaints: Complaint[] = []
  const providers = readProviders(toValue(document), ({ path }, what) => complaints.push({ path, what }))
  const problems = complaints.map(complaint => ({
    ...place(offsetOf(document, complaint.path)),
    what: sentence(complaint),
  }))
  return { providers, problems }
}
