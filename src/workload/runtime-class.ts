import { fail, ok, type Result } from '../lib/result.ts'
import { asList, asTextMap, ownProperty, propertyAt } from '../lib/untrusted.ts'
import type { Placement } from './placement.ts'
import { type Toleration, tolerationOf } from './toleration.ts'

/** What a RuntimeClass adds to the placement of its pods. */
export interface RuntimeClassScheduling {
  readonly nodeSelector: ReadonlyMap<string, string>
  readonly tolerations: readonly Toleration[]
}

/** What is known of the RuntimeClass of that name; undefined where nothing is. */
export type FindRuntimeClass = (name: string) => RuntimeClassScheduling | undefined

/** That of a class which adds nothing. */
export const noScheduling: RuntimeClassScheduling = { nodeSelector: new Map(), tolerations: [] }

/** Reads a RuntimeClass object. */
export const runtimeClassOf = (object: unknown): RuntimeClassScheduling => {
  const scheduling = ownProperty(object, 'scheduling')
  return {
    nodeSelector: asTextMap(propertyAt(scheduling, 'nodeSelector')),
    tolerations: asList(propertyAt(scheduling, 'tolerations')).map(tolerationOf),
  }
}

/**
 * Adds what the RuntimeClass adds, if there is one, as the admission plug-in does: kubernetes plugin/pkg/admission/runtimeclass.
 * It fails where both ask for another value of one label: such a pod is refused. A pod that has been through admission stays as it is.
 */
export const withRuntimeClass = (
  placement: Placement,
  runtimeClass: RuntimeClassScheduling | undefined,
): Result<Placement, 'runtime-class-conflict'> => {
  if (runtimeClass === undefined) return ok(placement)
  const { nodeSelector, tolerations } = runtimeClass
  const conflicts = [...nodeSelector].some(([key, value]) => (placement.nodeSelector.get(key) ?? value) !== value)
  if (conflicts) return fail('runtime-class-conflict')
  return ok({
    ...placement,
    nodeSelector: new Map([...placement.nodeSelector, ...nodeSelector]),
    tolerations: [...placement.tolerations, ...tolerations],
  })
}
