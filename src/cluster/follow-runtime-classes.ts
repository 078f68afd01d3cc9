import { isDeepStrictEqual } from 'node:util'
import { type RuntimeClassScheduling, runtimeClassOf } from '../workload/runtime-class.ts'
import type { ApiServer } from './api-server.ts'
import { type Following, type FollowOptions, follow } from './follow.ts'
import type { RuntimeClasses } from './runtime-classes.ts'
import { createShelf } from './shelf.ts'

/** Follows the cluster's RuntimeClasses, and keeps of each what it adds to the placement of its pods. */
export const followRuntimeClasses = (
  api: Pick<ApiServer, 'get' | 'watch'>,
  options: FollowOptions,
): RuntimeClasses & Following => {
  const shelf = createShelf<RuntimeClassScheduling>({ read: runtimeClassOf, isSame: isDeepStrictEqual })
  const following = follow(api, '/apis/node.k8s.io/v1/runtimeclasses', shelf, options)
  return { ...following, find: name => shelf.kept()?.get(name) }
}
