import type { Intercept } from '../../src/demo/registry.ts'
import { basicGate } from '../support/token-server.ts'
import { hangingUp, refusing } from './behaviours.ts'
import type { Held } from './row.ts'
import { accounts } from './secrets.ts'

/** What became of repositories since nodes pulled from them. */
export interface RegistryStates {
  readonly set: (repository: string, state: Exclude<Held['since'], undefined>) => void
  readonly intercept: Intercept
}

const repositoryOf = (url: string): string =>
  /^\/v2\/(.+)\/(?:(?:manifests|blobs)\/[^/]+|tags\/list)/.exec(url)?.[1] ?? ''

const states: Readonly<Record<Exclude<Held['since'], undefined>, Intercept>> = {
  gone: refusing(404, 'NAME_UNKNOWN'),
  down: hangingUp,
  closed: basicGate(accounts),
  // Another image was pushed by then.
  moved: () => false,
}

/** Keeps the states. */
export const createRegistryStates = (): RegistryStates => {
  const known = new Map<string, Intercept>()
  return {
    set: (repository, state) => void known.set(repository, states[state]),
    intercept: (request, response) => known.get(repositoryOf(request.url ?? ''))?.(request, response) ?? false,
  }
}
