import { Ajv, type ErrorObject } from 'ajv'
import { fail, ok, type Result } from '../lib/result.ts'
import { pointerStep } from './complaint.ts'
import type { Configuration } from './configuration.ts'
import { formats } from './formats.ts'
import { schema } from './schema.ts'
import { wordsFor } from './words.ts'

/** A part of the data, and what is wrong with it. */
export interface Misfit {
  readonly pointer: string
  /** Whether it is the key that is wrong. */
  readonly ofKey: boolean
  readonly what: string
}

const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: true, verbose: true })
for (const [name, problem] of formats) ajv.addFormat(name, text => problem(text) === undefined)
const isConfiguration = ajv.compile<Configuration>(schema)

/** Of a choice, either what is wrong within one of its branches is told, or that none fits. */
const withoutNoise = (errors: readonly ErrorObject[]): readonly ErrorObject[] => {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf')
  const isTest = ({ keyword, instancePath }: ErrorObject): boolean =>
    ['const', 'type'].includes(keyword) && choices.some(choice => choice.instancePath === instancePath)
  const isOutdone = (choice: ErrorObject): boolean =>
    errors.some(other => other.schemaPath.startsWith(`${choice.schemaPath}/`) && !isTest(other))
  // The key itself has an error of its own.
  return errors.filter(each =>
    each.keyword === 'anyOf' ? !isOutdone(each) : each.keyword !== 'propertyNames' && !isTest(each),
  )
}

const misfitOf = (error: ErrorObject): Misfit => {
  const { keyword, instancePath, params, propertyName } = error
  const key = keyword === 'additionalProperties' ? String(params['additionalProperty']) : propertyName
  const pointer = key === undefined ? instancePath : `${instancePath}${pointerStep(key)}`
  return { pointer, ofKey: key !== undefined, what: wordsFor(error) }
}

/** Holds data against the schema, and fills in every default. */
export const validated = (value: unknown): Result<Configuration, readonly Misfit[]> => {
  if (isConfiguration(value)) return ok(value)
  return fail(withoutNoise(isConfiguration.errors ?? []).map(misfitOf))
}
