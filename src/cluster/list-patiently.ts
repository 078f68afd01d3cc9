import type { Result } from '../lib/result.ts'
import type { ApiFailure } from './api-failure.ts'
import { type ListOptions, listObjects } from './list.ts'
import { type Patience, patiently } from './patiently.ts'

/** A list, and how patiently it is asked for. */
export interface PatientOptions extends ListOptions, Patience {}

/** Lists objects, from the beginning again where the list broke off: whoever takes them may be given one twice. */
export const listPatiently = (
  { wait, random, mostTries, ...options }: PatientOptions,
  take: (object: unknown) => void,
  signal: AbortSignal,
): Promise<Result<string, ApiFailure>> =>
  patiently({ wait, random, mostTries }, () => listObjects(options, take, signal), signal)
