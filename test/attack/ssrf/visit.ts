import { createRegistry } from '../../../src/registry/registry.ts'
import { referenceOf } from '../../support/reference-of.ts'
import { floorOptions } from '../registry-of.ts'
import { placesBy } from './corpus.ts'
import type { Premises } from './premises.ts'
import { configDigest } from './shop.ts'
import type { World } from './world.ts'

/** What came of a visit: what went wrong, and who of those who had to answer did not. */
export interface Visit {
  readonly reason: string
  readonly failures: readonly string[]
  readonly unheard: readonly string[]
  readonly answered: number
}

/** Asks an honest registry for its image and the image's configuration. */
export const visit = async (premises: Premises, world: World): Promise<Visit> => {
  const { reason, guard, image, names, hosts, hostsToml, proxy = '', reached } = premises
  world.clear()
  for (const [name, answers] of Object.entries(names)) world.names.set(name, answers)
  for (const [name, host] of Object.entries(hosts)) world.hosts.set(name, host)
  const reference = referenceOf(image)
  const places = hostsToml === undefined ? undefined : await placesBy(hostsToml, reference.registry)
  const registry = createRegistry(
    floorOptions({
      ...{ guard, resolve: world.resolve, trust: world.trust },
      proxies: { httpProxy: proxy, httpsProxy: proxy, noProxy: '' },
      ...(places && { findPlaces: places.findPlaces }),
    }),
  )
  const pull = { reference, credential: undefined }
  const signal = AbortSignal.timeout(10_000)
  const answers = [
    await registry.dialogue.resolve(pull, signal),
    await registry.dialogue.config(pull, configDigest, signal),
  ]
  await registry.close()
  await places?.remove()
  const failures = answers.flatMap(answer => (answer.ok ? [] : [JSON.stringify(answer.error)]))
  const unheard = reached.filter(address => !world.answered.includes(address))
  return { reason, failures, unheard, answered: world.answered.length }
}
