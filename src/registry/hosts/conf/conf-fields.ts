import { fail, ok, type Result } from '../../../lib/result.ts'
import { type Complaint, type Field, isTable, isText, type Place, type Table } from '../host-fields.ts'

type Read<T> = Result<T, Complaint>

/** The fields of one table, each held to its type when it is asked for; a name may be written in any case. */
export interface ConfTable {
  readonly path: readonly string[]
  /** The empty text where there is no such field. */
  readonly text: (name: string) => Read<Field<string>>
  readonly flag: (name: string) => Read<boolean>
  /** Undefined where there is no such field: an empty list says something. */
  readonly texts: (name: string) => Read<readonly Field<string>[] | undefined>
  readonly table: (name: string) => Read<ConfTable | undefined>
  readonly tables: (name: string) => Read<readonly ConfTable[]>
  readonly entries: () => readonly Field[]
}

const isTables = (value: unknown): value is readonly Table[] => Array.isArray(value) && value.every(isTable)
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText)

// BurntSushi/toml takes a field by its very name, else in any case (decode.go unifyStruct).
const fieldOf = ({ table, path }: Place, name: string): Field | undefined => {
  const names = Object.keys(table)
  const written = names.includes(name) ? name : names.findLast(each => each.toLowerCase() === name)
  return written === undefined ? undefined : { value: table[written], path: [...path, written] }
}

/** The fields of a table of a TOML document. */
export const confTable = (place: Place): ConfTable => {
  const { table, path } = place
  const read = <T, N>(name: string, is: (value: unknown) => value is T, wanted: string, none: N): Read<T | N> => {
    const field = fieldOf(place, name)
    if (field === undefined) return ok(none)
    return is(field.value) ? ok(field.value) : fail({ path: field.path, what: `${name} must be ${wanted}` })
  }
  const pathOf = (name: string) => fieldOf(place, name)?.path ?? path
  return {
    path,
    text: name => {
      const value = read(name, isText, 'text', '')
      return value.ok ? ok({ value: value.value, path: pathOf(name) }) : value
    },
    flag: name => read(name, value => typeof value === 'boolean', 'true or false', false),
    texts: name => {
      const values = read(name, isTexts, 'a list of texts', undefined)
      return values.ok ? ok(values.value?.map(value => ({ value, path: pathOf(name) }))) : values
    },
    table: name => {
      const value = read(name, isTable, `a table, [${name}]`, undefined)
      if (!value.ok) return value
      return ok(value.value && confTable({ table: value.value, path: pathOf(name) }))
    },
    tables: name => {
      const values = read<readonly Table[], readonly Table[]>(name, isTables, `a list of tables, [[${name}]]`, [])
      if (!values.ok) return values
      return ok(values.value.map((each, index) => confTable({ table: each, path: [...path, name, `${index}`] })))
    },
    entries: () => Object.keys(table).map(name => ({ value: table[name], path: [...path, name] })),
  }
}
