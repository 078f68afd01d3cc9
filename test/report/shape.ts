import { Ajv, type ValidateFunction } from 'ajv'

const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  const isOpen = inner['type'] === 'object' && inner['properties'] !== undefined
  return isOpen && inner['additionalProperties'] === undefined ? { ...inner, additionalProperties: false } : inner
}

/** A validator that refuses what the schema does not name too: the API server would drop it without a word. */
export const strictValidator = (schema: object): ValidateFunction =>
  new Ajv({ strict: false, validateFormats: false }).compile(closed(schema) as object)

/** What a validator has against a value; undefined where it has nothing. */
export const complaint = (validate: ValidateFunction, value: unknown): string | undefined => {
  if (validate(value)) return undefined
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`).join('\n')
}
