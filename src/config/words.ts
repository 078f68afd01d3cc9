import type { ErrorObject } from 'ajv'
import { closest, distance } from 'fastest-levenshtein'
import { quoted } from '../verdict/text.ts'
import { formats } from './formats.ts'

const mostShown = 60

const shown = (value: unknown): string => {
  if (typeof value === 'string') return quoted(value, mostShown)
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a group of options'
  return value === undefined || value === null ? 'nothing' : String(value)
}

const kinds: Readonly<Record<string, string>> = {
  object: 'a group of options',
  array: 'a list',
  integer: 'a whole number',
  boolean: 'true or false',
  string: 'text',
}

/** The known name that somebody may have meant. */
const nearest = (name: string, known: readonly string[]): string => {
  // Whoever wrote so much meant none of them, and to compare it takes its time.
  if (known.length === 0 || name.length > mostShown) return ''
  const near = closest(name, known)
  return distance(name, near) <= Math.max(2, name.length / 3) ? `; did you mean ${near}?` : ''
}

const unknownKey = ({ params, parentSchema }: ErrorObject): string => {
  const name = String(params['additionalProperty'])
  const known = Object.keys((parentSchema?.['properties'] as object | undefined) ?? {})
  return `there is no option ${quoted(name, mostShown)}${nearest(name, known)}`
}

const noneOf = ({ params, data }: ErrorObject): string => {
  const allowed = (params['allowedValues'] as readonly unknown[]).map(String)
  return `${shown(data)} is none of ${allowed.join(', ')}${typeof data === 'string' ? nearest(data, allowed) : ''}`
}

const otherType = ({ params, data }: ErrorObject): string => {
  const wanted = String(params['type'])
  const advice = wanted === 'string' && typeof data !== 'object' ? ': put it in quotes' : ''
  return `${shown(data)} is not ${kinds[wanted] ?? wanted}${advice}`
}

/** The words for one of the validator's errors. */
export const wordsFor = (error: ErrorObject): string => {
  const { keyword, instancePath, params, data } = error
  switch (keyword) {
    case 'additionalProperties':
      return unknownKey(error)
    case 'enum':
      return noneOf(error)
    case 'type':
      return otherType(error)
    case 'format':
      return `${shown(data)} ${formats.get(String(params['format']))?.(String(data)) ?? 'is malformed'}`
    case 'minimum':
      return `${shown(data)} is below ${String(params['limit'])}`
    case 'maximum':
      return `${shown(data)} is above ${String(params['limit'])}`
    case 'minItems':
      return 'the list is empty'
    case 'maxItems':
      return `the list has more than ${String(params['limit'])} elements`
    case 'required':
      return `${String(params['missingProperty'])} is missing`
    case 'anyOf':
      return `${shown(data)} is neither ${instancePath === '/serve/certificates' ? '"self" nor the files cert and key' : '"nodes" nor "any" nor a list'}`
    default:
      return `${shown(data)} does not fit`
  }
}
