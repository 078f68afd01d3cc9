import { eligibleNodes } from './eligible.ts'
import type { Node } from './node.ts'
import type { Placement } from './placement.ts'
import type { RuntimeClassScheduling } from './runtime-class.ts'

/** The nodes on which a pod may land as far as we know: all of them where it cannot be said. */
export const possibleNodes = (
  placement: Placement,
  nodes: readonly Node[],
  runtimeClass: RuntimeClassScheduling | undefined,
): readonly Node[] => {
  const eligible = eligibleNodes(placement, nodes, runtimeClass)
  return eligible.ok ? eligible.value : nodes
}
