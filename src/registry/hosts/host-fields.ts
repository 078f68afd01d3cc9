import { fail, ok, type Result } from '../../lib/result.ts'

/** A table of a TOML document. */
export type Table = Readonly<Record<string, unknown>>

/** What is wrong, and the names that lead to it. */
export interface Complaint {
  readonly path: readonly string[]
  readonly what: string
}

/** A table, and the names that lead to it. */
export interface Place {
  readonly table: Table
  readonly path: readonly string[]
}

/** A value, and the names that lead to it. */
export interface Field<T = unknown> {
  readonly value: T
  readonly path: readonly string[]
}

/** The fields of a host, each of the right type and not yet understood. */
export interface HostFields {
  readonly capabilities: Field<readonly string[]> | undefined
  readonly ca: Field | undefined
  readonly client: Field | undefined
  readonly skipVerify: Field<boolean> | undefined
  readonly header: Field<Table> | undefined
  readonly overridePath: Field<boolean> | undefined
  readonly dialTimeout: Field<string> | undefined
}

/** Whether a value is a table: the TOML reader gives these no prototype, and a date has one. */
export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null

/** Whether a value is text. */
export const isText = (value: unknown): value is string => typeof value === 'string'

const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText)

/** The field of that name in any case, as go-toml finds it; the last of several. */
const fieldNamed = ({ table, path }: Place, name: string): Field | undefined => {
  const written = Object.keys(table).findLast(key => key.toLowerCase() === name)
  return written === undefined ? undefined : { value: table[written], path: [...path, written] }
}

const typed = <T>(
  place: Place,
  name: string,
  is: (value: unknown) => value is T,
  wanted: string,
): Result<Field<T> | undefined, Complaint> => {
  const field = fieldNamed(place, name)
  if (field === undefined) return ok(undefined)
  const { value, path } = field
  return is(value) ? ok({ value, path }) : fail({ path, what: `${name} must be ${wanted}` })
}

/** The text that the field holds, or undefined where there is no such field. */
export const textField = (place: Place, name: string): Result<Field<string> | undefined, Complaint> =>
  typed(place, name, isText, 'text')

/** Reads the fields of a host and holds them to their types: one that is wrong spoils the file, wherever it stands. */
export const readFields = (place: Place): Result<HostFields, Complaint> => {
  const capabilities = typed(place, 'capabilities', isTexts, 'a list of texts')
  if (!capabilities.ok) return capabilities
  const skipVerify = typed(place, 'skip_verify', isFlag, 'true or false')
  if (!skipVerify.ok) return skipVerify
  const header = typed(place, 'header', isTable, 'a table')
  if (!header.ok) return header
  const overridePath = typed(place, 'override_path', isFlag, 'true or false')
  if (!overridePath.ok) return overridePath
  const dialTimeout = textField(place, 'dial_timeout')
  if (!dialTimeout.ok) return dialTimeout
  return ok({
    capabilities: capabilities.value,
    ca: fieldNamed(place, 'ca'),
    client: fieldNamed(place, 'client'),
    skipVerify: skipVerify.value,
    header: header.value,
    overridePath: overridePath.value,
    dialTimeout: dialTimeout.value,
  })
}
