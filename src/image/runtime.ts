/** The ways of pulling that choose platforms differently; containerd's local mode is its setting use_local_image_pull. */
export type PullPath = 'containerd-local' | 'containerd-transfer' | 'cri-o'

/** What a container runtime does where runtimes differ. */
export interface RuntimeRules {
  /** For people: `containerd 2.3 and later by default`. */
  readonly name: string
  readonly pullPath: PullPath
  /** Whether an image's `os.features` must be the node's; older ones do not look. */
  readonly checksOsFeatures: boolean
  readonly pullsSchema1: boolean
  /** Whether an image for another operating system is unpacked, to fail only when it is started. */
  readonly unpacksAnySystem: boolean
}

const old: RuntimeRules = {
  name: 'containerd 2.0',
  pullPath: 'containerd-local',
  checksOsFeatures: false,
  pullsSchema1: false,
  unpacksAnySystem: true,
}
const oldest: RuntimeRules = { ...old, name: 'containerd 1', pullsSchema1: true }
const local: RuntimeRules = { ...old, name: 'containerd 2.1 and 2.2 in local mode' }
const transfer: RuntimeRules = { ...old, name: 'containerd 2.1 and 2.2 by default', pullPath: 'containerd-transfer' }
// containerd 2.3 has containerd/platforms v1.0.0-rc.4, which looks at features, and its transfer service unpacks only what
// is for its own system (plugins/transfer/plugin.go).
const localStrict: RuntimeRules = {
  ...local,
  name: 'containerd 2.3 and later in local mode',
  checksOsFeatures: true,
}
const transferStrict: RuntimeRules = {
  ...transfer,
  name: 'containerd 2.3 and later by default',
  checksOsFeatures: true,
  unpacksAnySystem: false,
}
const crio: RuntimeRules = {
  name: 'CRI-O',
  pullPath: 'cri-o',
  checksOsFeatures: false,
  pullsSchema1: true,
  unpacksAnySystem: true,
}

const containerd: readonly RuntimeRules[] = [oldest, old, local, transfer, localStrict, transferStrict]
const all: readonly RuntimeRules[] = [...containerd, crio]

/**
 * The rules that may be in force on a node, from its `containerRuntimeVersion`: `containerd://2.4.2`. From 2.1 on
 * containerd's configuration decides between two ways of pulling, which no node tells; of an unknown version or runtime all may be.
 */
export const runtimeRules = (version: string): readonly RuntimeRules[] => {
  if (version.startsWith('cri-o://')) return [crio]
  const [, major = '', minor = ''] = /^containerd:\/\/v?(\d{1,4})\.(\d{1,4})/.exec(version) ?? []
  if (major === '') return version.startsWith('containerd://') ? containerd : all
  if (Number(major) < 2) return [oldest]
  const release = Number(major) * 1000 + Number(minor)
  if (release < 2001) return [old]
  return release < 2003 ? [transfer, local] : [transferStrict, localStrict]
}

const families: readonly (readonly [name: string, members: readonly RuntimeRules[]])[] = [
  ['containerd', containerd],
  ['containerd 2', [old, local, transfer, localStrict, transferStrict]],
  ['containerd before 2.3', [oldest, old, local, transfer]],
  ['containerd from 2.3 on', [localStrict, transferStrict]],
  ['containerd before 2.1', [oldest, old]],
  ['containerd 2.1 and later by default', [transfer, transferStrict]],
  ['containerd in local mode', [local, localStrict]],
  ...all.map(rules => [rules.name, [rules]] as const),
]

/** The names of some rules, for people: as few as say it. */
export const runtimeNames = (rules: readonly RuntimeRules[]): readonly string[] => {
  const left = new Set(rules)
  return families.flatMap(([name, members]) => {
    if (!members.every(member => left.has(member))) return []
    for (const member of members) left.delete(member)
    return [name]
  })
}
