/** The ways of pulling that choose platforms differently. */
export type PullPath = 'containerd-local' | 'containerd-transfer' | 'cri-o'

/** What a container runtime does where runtimes differ. */
export interface RuntimeRules {
  /** For people: `containerd 2.1 and later`. */
  readonly name: string
  readonly pullPath: PullPath
  /** Whether an image's `os.features` must be the node's; older ones do not look. */
  readonly checksOsFeatures: boolean
  readonly pullsSchema1: boolean
}

const old: RuntimeRules = {
  name: 'containerd before 2.1',
  pullPath: 'containerd-local',
  checksOsFeatures: false,
  pullsSchema1: false,
}
const oldest: RuntimeRules = { ...old, name: 'containerd 1', pullsSchema1: true }
const local: RuntimeRules = { ...old, name: 'containerd with use_local_image_pull' }
const transfer: RuntimeRules = { ...old, name: 'containerd 2.1 and later', pullPath: 'containerd-transfer' }
// containerd 2.3 has containerd/platforms v1.0.0-rc.4, which looks at features.
const localStrict: RuntimeRules = { ...local, checksOsFeatures: true }
const transferStrict: RuntimeRules = { ...transfer, checksOsFeatures: true }
const crio: RuntimeRules = { name: 'CRI-O', pullPath: 'cri-o', checksOsFeatures: false, pullsSchema1: true }

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

/** The names of some rules, for people: all of containerd's together are `containerd`. */
export const runtimeNames = (rules: readonly RuntimeRules[]): readonly string[] => {
  const given = new Set(rules.map(({ name }) => name))
  if (!containerd.every(({ name }) => given.has(name))) return [...given]
  return ['containerd', ...[...given].filter(name => !containerd.some(rules => rules.name === name))]
}
