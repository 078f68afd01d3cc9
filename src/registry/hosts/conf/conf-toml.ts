import { parse, TomlError } from 'smol-toml'
import { fail, ok, type Result } from '../../../lib/result.ts'
import type { Table } from '../host-fields.ts'
import type { HostsProblem } from '../hosts-toml.ts'
import { outlineOf, type Statement } from '../toml-outline.ts'

/** Reads a registries.conf as TOML. A byte order mark is let pass, as the reader of CRI-O does (BurntSushi/toml, parse.go). */
export const parseConfToml = (text: string): Result<Table, HostsProblem> => {
  try {
    return ok(parse(text, { integersAsBigInt: 'asNeeded' }))
  } catch (error) {
    if (!(error instanceof TomlError)) return fail({ line: 1, column: 1, what: 'not TOML' })
    const what = error.message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? 'not TOML'
    return fail({ line: error.line, column: error.column, what })
  }
}

const isNamed = (written: string | undefined, name: string): boolean => written?.toLowerCase() === name

/**
 * The headers and pairs of a registries.conf. Paths into the lists of registries and mirrors have numbers in them, so that
 * they lead to one entry: registry, 0, mirror, 1, location.
 */
export const confOutlineOf = (text: string): readonly Statement[] => {
  let registry = -1
  let mirror = -1
  return outlineOf(text).map(({ kind, path, offset }) => {
    const [room, inner, ...rest] = path
    if (!isNamed(room, 'registry') || (path.length === 1 && kind !== 'list')) return { kind, path, offset }
    if (path.length === 1) {
      registry++
      mirror = -1
      return { kind, path: ['registry', `${registry}`], offset }
    }
    const isMirror = isNamed(inner, 'mirror')
    if (isMirror && kind === 'list') mirror++
    // A list written in brackets is one pair: there is no closer place in it.
    const deeper = isMirror && mirror >= 0 ? ['mirror', `${mirror}`, ...rest] : path.slice(1)
    return { kind, path: ['registry', `${registry}`, ...deeper], offset }
  })
}
