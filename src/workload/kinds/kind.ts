/** Text that a kind's own controller fills in: Tekton's `$(params.x)`, Argo's `{{inputs.parameters.x}}`. */
export type Expansion = '$()' | '{{}}'

/** Where a pod spec, or an object like one, stands in an object; path.ts has the grammar of paths. */
export interface PodPlace {
  /** Path of the object that holds the containers, `volumes` and what decides credentials and placement. */
  readonly podSpec: string
  /** Paths below `podSpec` of the objects that have an `image`; the empty path is the object at `podSpec` itself. */
  readonly containers: readonly string[]
  /** Paths from the top, first one first, of objects that stand in for the credentials and placement `podSpec` leaves out. */
  readonly fallbacks: readonly string[]
}

/** One kind of object that carries pods. */
export interface Kind {
  readonly group: string
  readonly versions: readonly string[]
  readonly kind: string
  /** The plural that requests and admission rules name it by. */
  readonly resource: string
  readonly namespaced: boolean
  readonly pods: readonly PodPlace[]
  readonly expands: readonly Expansion[]
  /** Whether it runs a pod on every node that fits, as a DaemonSet does. */
  readonly daemon: boolean
  /**
   * What a missing pull secret, service account, node selector or toleration means: Kubernetes' default, or nothing at all,
   * because the controller's own settings or the object that refers to this one may add it.
   */
  readonly omitted: 'default' | 'unknown'
  /** What it was read from: `owner/repository path/of/file`. */
  readonly sources: readonly string[]
}

/** Where the containers of a real pod spec stand. */
export const podContainers: readonly string[] = ['containers[*]', 'initContainers[*]', 'ephemeralContainers[*]']

/** The place of a real pod spec. */
export const pod = (podSpec: string, ...fallbacks: readonly string[]): PodPlace => ({
  podSpec,
  containers: podContainers,
  fallbacks,
})

/** What most kinds have in common. */
export const plain = { namespaced: true, expands: [], daemon: false, omitted: 'default' } as const

/** What kinds have in common that are only a part of what will run. */
export const partial = { ...plain, omitted: 'unknown' } as const
