import { isDeepStrictEqual } from 'node:util'
import { type Node, nodeOf } from '../workload/node.ts'
import type { ApiServer } from './api-server.ts'
import { type Following, type FollowOptions, follow } from './follow.ts'
import type { Nodes } from './nodes.ts'
import { createSharedTexts } from './shared-texts.ts'
import { createShelf } from './shelf.ts'

/** Follows the cluster's nodes, and keeps of each what decides where pods land and what runs there. */
export const followNodes = (api: Pick<ApiServer, 'get' | 'watch'>, options: FollowOptions): Nodes & Following => {
  const { shared, tidy } = createSharedTexts()
  const shelf = createShelf<Node>({ read: object => shared(nodeOf(object)), isSame: isDeepStrictEqual, tidy })
  return { ...follow(api, '/api/v1/nodes', shelf, options), current: shelf.all }
}
