import type { ImageReference } from '../image/reference.ts'
import type { Credential } from '../registry/auth/credential.ts'
import type { Answer, Evidence } from '../verdict/evidence.ts'
import { heldOn } from '../verdict/held.ts'
import type { Node } from '../workload/node.ts'
import { hasPulledFrom } from '../workload/pulled-from.ts'

/** Whose lists of images count, and for what. */
export interface NodeLists {
  /** The nodes that the pod may land on; `unknown`: there are some, and nobody knows what they hold. */
  readonly nodes: readonly Pick<Node, 'images'>[] | 'unknown'
  readonly reference: ImageReference | undefined
  /** What a node would try for the image. */
  readonly credentials: readonly Credential[]
  /** How many images a kubelet lists at the most; -1: all. */
  readonly mostListed: number
}

/** Adds to the evidence what the nodes' lists of images tell: who holds the image, and who may have credentials that nobody told us. */
export const withNodeLists = (evidence: Evidence, lists: NodeLists): Evidence => {
  const { nodes, reference, credentials, mostListed } = lists
  if (reference === undefined) return evidence
  if (nodes === 'unknown') return withUnknownNodes(evidence, credentials)
  const held = heldOn(nodes, reference, evidence.use.pullPolicy, mostListed)
  // That a tag is missing is no word on credentials, though it was said to anybody.
  const isTurnedAway = credentials.length === 0 && isRefusal(evidence.answer)
  if (!isTurnedAway || !hasPulledFrom(nodes, reference)) return { ...evidence, held }
  return { ...evidence, held, notes: [...evidence.notes, { kind: 'nodes-may-hold' }] }
}

const isRefusal = (answer: Answer): boolean => answer.kind === 'failed' && answer.failure.kind === 'refused'

/** Who does not know the nodes knows neither that none holds the image, nor that none has pulled from there. */
const withUnknownNodes = (evidence: Evidence, credentials: readonly Credential[]): Evidence => {
  const held = evidence.use.pullPolicy === 'Always' ? 'no-node-known' : 'untold'
  if (credentials.length > 0 || !isRefusal(evidence.answer)) return { ...evidence, held }
  return { ...evidence, held, notes: [...evidence.notes, { kind: 'nodes-may-hold' }] }
}
