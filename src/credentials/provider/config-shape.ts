import { asRecord, ownProperty } from '../../lib/untrusted.ts'

// The types of the kubelet's CredentialProviderConfig, read strictly: no field that is unknown, none of the wrong type; null is as good as left out.

/** A value in a configuration, and the names and numbers that lead to it. */
export interface Field {
  readonly value: unknown
  readonly path: readonly (string | number)[]
}

/** What is wrong, and where. */
export interface Complaint {
  readonly path: readonly (string | number)[]
  readonly what: string
}

/** Takes down what is wrong. */
export type Complain = (field: Field, what: string) => void

/** The field of that name; undefined where it is left out, or null. */
export const fieldOf = (field: Field, name: string): Field => ({
  value: ownProperty(field.value, name) ?? undefined,
  path: [...field.path, name],
})

const wrong = (field: Field, type: string, complain: Complain): void => {
  if (field.value !== undefined) complain(field, `must be ${type}`)
}

/** The value as text; the empty text where there is none. */
export const text = (field: Field, complain: Complain): string => {
  if (typeof field.value === 'string') return field.value
  wrong(field, 'text', complain)
  return ''
}

/** The value as true or false; undefined where there is none. */
export const flag = (field: Field, complain: Complain): boolean | undefined => {
  if (typeof field.value === 'boolean') return field.value
  wrong(field, 'true or false', complain)
  return undefined
}

/** The elements of a list; none where there is no list. */
export const elements = (field: Field, complain: Complain): readonly Field[] => {
  if (!Array.isArray(field.value)) {
    wrong(field, 'a list', complain)
    return []
  }
  return field.value.map((value: unknown, index) => ({ value: value ?? undefined, path: [...field.path, index] }))
}

/** The texts of a list. */
export const texts = (field: Field, complain: Complain): readonly string[] =>
  elements(field, complain).map(element => text(element, complain))

/** Complains of an object's fields that nobody knows, and of what is no object. */
export const onlyFields = (field: Field, known: readonly string[], complain: Complain): void => {
  const record = asRecord(field.value)
  if (record === undefined) wrong(field, 'an object', complain)
  for (const name of Object.keys(record ?? {}))
    if (!known.includes(name))
      complain({ value: undefined, path: [...field.path, name] }, 'is no field that is known here')
}
