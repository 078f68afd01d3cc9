import type { Node } from '../workload/node.ts'

/** Keeps equal texts of nodes once. */
export interface SharedTexts {
  /** The same node, made of texts that are kept already where they are equal. */
  readonly shared: (node: Node) => Node
  /** Forgets texts that none of these nodes has, when it is time to. */
  readonly tidy: (nodes: Iterable<Node>) => void
}

// So many texts come and go before it is worth looking who still has them.
const slack = 10_000

const textsOf = ({ labels, runtime, images }: Node): readonly string[] => [
  ...[...labels].flat(),
  runtime,
  ...images.names,
]

/**
 * Makes a place for texts. Nodes have most labels and images in common: 5,000 nodes with 50 images of two names of 100 bytes would
 * else hold 50 MB, and a watch brings new ones for as long as we run.
 */
export const createSharedTexts = (): SharedTexts => {
  let texts = new Map<string, string>()
  let worthTidying = slack
  const once = (text: string): string => {
    const known = texts.get(text)
    if (known === undefined) texts.set(text, text)
    return known ?? text
  }
  return {
    shared: node => ({
      ...node,
      labels: new Map([...node.labels].map(([key, value]) => [once(key), once(value)])),
      runtime: once(node.runtime),
      images: { ...node.images, names: node.images.names.map(once) },
    }),
    tidy: nodes => {
      if (texts.size < worthTidying) return
      texts = new Map()
      for (const node of nodes) for (const text of textsOf(node)) texts.set(text, text)
      worthTidying = texts.size * 2 + slack
    },
  }
}
