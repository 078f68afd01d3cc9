/** For which references a mirror is asked. */
export type MirrorUse = 'all' | 'digest' | 'tag'

/** A mirror of a registry, or of a part of it. */
export interface ConfMirror {
  /** What the prefix is replaced by: a host, and perhaps the beginning of a path. */
  readonly location: string
  /** Whether its certificate is not verified, and plain HTTP will do. */
  readonly insecure: boolean
  readonly use: MirrorUse
}

/** What is said of the names that begin with a prefix. */
export interface ConfRegistry {
  /** A host, perhaps with the beginning of a path, or `*.example.com` for all hosts below one. */
  readonly prefix: string
  /** What the prefix is replaced by. The empty text, with a `*.` prefix alone: the name stays as it is. */
  readonly location: string
  readonly insecure: boolean
  /** Whether the location itself is not asked; its mirrors are. */
  readonly blocked: boolean
  /** In the order in which they are asked. */
  readonly mirrors: readonly ConfMirror[]
}

/** What becomes of a name without a registry that several could complete: all are tried, or none. */
export type ShortNameMode = 'disabled' | 'permissive' | 'enforcing'

/** The name of a repository with its registry. */
export interface FullName {
  readonly registry: string
  readonly repository: string
}

/** What a registries.conf says, version 2. */
export interface RegistriesConf {
  /** By their prefixes, each once. */
  readonly registries: readonly ConfRegistry[]
  /** The registries that complete a name without one; undefined where nothing is said of it. */
  readonly searchRegistries: readonly string[] | undefined
  readonly shortNameMode: ShortNameMode | undefined
  /** What stands for a name without a registry; undefined takes back what another file said. */
  readonly aliases: ReadonlyMap<string, FullName | undefined>
}

/** A file that says nothing. */
export const emptyConf: RegistriesConf = {
  registries: [],
  searchRegistries: undefined,
  shortNameMode: undefined,
  aliases: new Map(),
}
