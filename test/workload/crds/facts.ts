/** What one version's schema of a kind says, as paths in the grammar of src/workload/path.ts. */
export interface SchemaFacts {
  readonly versions: readonly string[]
  /** Objects that have a text called `image`. */
  readonly images: readonly string[]
  /** Elements of lists of a pod's volumes. */
  readonly volumes: readonly string[]
  /** Objects that say where a pod runs or with whose secrets it pulls. */
  readonly placements: readonly string[]
  /** Objects of which the schema says nothing but that anything is kept. */
  readonly opaque: readonly string[]
}

/** What a project's published definition says of one kind. */
export interface KindFacts {
  readonly project: string
  readonly commit: string
  readonly file: string
  /** The project's OpenAPI document that the schemas were read from, where the file itself keeps unknown fields. */
  readonly types: string
  readonly group: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  readonly schemas: readonly SchemaFacts[]
}
