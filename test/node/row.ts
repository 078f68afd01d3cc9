import type { Image } from '../../src/demo/content.ts'
import type { Intercept } from '../../src/demo/registry.ts'
import type { Code } from '../../src/verdict/codes.ts'
import type { Craft } from './images.ts'
import type { PodSecret } from './secrets.ts'

/** How it ends on the node. */
export type End =
  | 'runs'
  | 'ErrImagePull'
  | 'InvalidImageName'
  | 'ErrImageNeverPull'
  | 'CreateContainerError'
  | 'RunContainerError'
  /** Started, and ended by the kernel's word that it is for another processor. */
  | 'exec format error'
  /** The kubelet cannot decode a pull secret, and shows the decoder's own words as the reason. */
  | 'undecodable secret'

/** What we say, worst first, and how it ends on the node. */
export interface Expectation {
  readonly codes: readonly Code[]
  readonly end: End
  /** Why it cannot be known beforehand: without it each "no" must be a denial and everything else silence. */
  readonly doubt?: string
  /** What it is about that nobody asks: such rows are counted apart, and may pass and yet fail. */
  readonly limit?: string
}

/** A registry of the street, and its address. */
export interface Addresses {
  readonly open: string
  readonly mirror: string
  readonly closed: string
  readonly bearer: string
  readonly tls: string
  readonly stern: string
  /** Where nobody listens. */
  readonly nobody: string
  /** The row's own registry, where it has one. */
  readonly own: string
  /** Beside which the hosts.toml stands. */
  readonly folder: string
}

/** Which registries stand for all rows. */
export type Standing = Exclude<keyof Addresses, 'nobody' | 'own' | 'folder'>

/** In which part of a pod the image is used. */
export type Role = 'container' | 'init' | 'sidecar' | 'ephemeral' | 'volume' | 'unmounted volume' | 'second container'

/** What the node has before, and what happens to the registry after it got it. */
export interface Held {
  /** Loaded by hand, or pulled for an earlier pod: as anybody, or with these secrets. */
  readonly by: 'hand' | 'anybody' | readonly PodSecret[]
  /** The earlier pod's reference, where that is another. */
  readonly image?: string
  readonly since?: 'gone' | 'down' | 'moved' | 'closed'
}

/** One case. Texts have places: `$` host and repository, `%id` the row's own name, `%digest`, `%child`, `%open` the address of the open registry. */
export interface Row {
  readonly name: string
  readonly expect: Expectation
  /** `$:1` unless given. */
  readonly image?: string
  /** What was pushed: an image for linux/amd64 unless given; none: nothing. */
  readonly push?: Craft | 'none'
  readonly tag?: string
  /** The registry by name; a name of its own where the row has an own registry or hosts.toml. */
  readonly at?: string
  /** Where the content is, if not where the host's name leads. */
  readonly on?: Standing
  /** `%id/app` unless given. */
  readonly repository?: string
  /** What the row's own registry does. */
  readonly registry?: (image: Image) => Intercept
  /** What certs.d says of the row's own host. */
  readonly hosts?: (at: Addresses) => string
  /** The folder in certs.d, where that is not the host's name. */
  readonly hostFolder?: string
  /** Files beside it. */
  readonly files?: Readonly<Record<string, string>>
  readonly secrets?: readonly PodSecret[]
  /** The secrets of the pod's ServiceAccount; the default one has none. */
  readonly account?: readonly PodSecret[]
  readonly policy?: 'Always' | 'IfNotPresent' | 'Never'
  readonly held?: Held
  readonly role?: Role
  /** More fields of the container. */
  readonly container?: Readonly<Record<string, unknown>>
  /** More fields of the pod's spec. */
  readonly pod?: Readonly<Record<string, unknown>>
  /** Nodes wait half a minute and more for it. */
  readonly isSlow?: true
  /** What is otherwise on containerd 1.7; `same`: nothing; rows without it are not asked there. */
  readonly old?: 'same' | Expectation
}

/** A row with its place in the tables. */
export interface Case extends Row {
  /** `shapes-07`. */
  readonly id: string
}

const expectation = (codes: readonly Code[], end: End): Expectation => ({ codes, end })

/** What rows expect most often. */
export const runs = expectation([], 'runs')
export const notFound = expectation(['not-found'], 'ErrImagePull')
export const denied = expectation(['denied'], 'ErrImagePull')
export const deniedWithout = expectation(['denied', 'missing-pull-secret'], 'ErrImagePull')
export const badSecret = expectation(['bad-pull-secret'], 'undecodable secret')
export const invalid = expectation(['invalid-reference'], 'InvalidImageName')
export const broken = expectation(['broken-image'], 'ErrImagePull')
export const noPlatform = expectation(['no-platform'], 'ErrImagePull')
export const otherPlatform = expectation(['other-platform'], 'exec format error')

/** What cannot be known, and why. */
export const doubted = (codes: readonly Code[], end: End, doubt: string): Expectation => ({ codes, end, doubt })

/** Words on doubts that come again. */
export const doubts = {
  network: 'the nodes may reach what we cannot',
  passing: 'a registry that fails now may serve the node a moment later',
  noWord: 'it is not said what is missing: whatever stands in front of a registry answers so',
  limit: 'a limit on our address or account need not be the nodes’',
  needless: 'the secret is missed, and the pull does without it',
  held: 'the kubelet alone knows with which credentials it pulled what it has',
  lists: 'nodes list no image IDs',
  contradiction: 'what contradicts itself may be read otherwise elsewhere',
  garbled: 'something in between may have changed it',
  mirrors: 'the nodes may hold credentials for the mirror',
  settings: 'no node tells whether it pulls in local mode',
} as const

/** What is not asked. */
export const limits = {
  layers: 'layers are not asked for',
  children: 'of an index’s child it is asked only whether it is there',
  records: 'the kubelet alone knows with which credentials it pulled what it has',
} as const

/** About what is in the layers. */
export const inLayers = (end: End): Expectation => ({ codes: [], end, limit: limits.layers })

/** About what is below the children of an index. */
export const inChildren = (end: End): Expectation => ({ codes: [], end, limit: limits.children })
