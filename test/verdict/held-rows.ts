import type { Held } from '../../src/verdict/evidence.ts'
import type { PullPolicy } from '../../src/workload/pull-policy.ts'

/** A node: what it lists, which kubelet it has, and whether its list is full. */
export interface ListingNode {
  readonly lists: readonly string[]
  readonly kubelet: string
  readonly isFull: boolean
}

const digest = (character: string): string => `sha256:${character.repeat(64)}`
const a = digest('a')
const b = digest('b')

const lists = (...names: readonly string[]): ListingNode => ({ lists: names, kubelet: 'v1.36.1', isFull: false })
const old = (node: ListingNode): ListingNode => ({ ...node, kubelet: 'v1.34.9' })
const versionless = (node: ListingNode): ListingNode => ({ ...node, kubelet: '' })
const full = (node: ListingNode): ListingNode => ({ ...node, isFull: true })

const app = 'registry.example/team/app'
const other = lists('registry.example/team/other:1')
const nothing = lists()
const pulled = lists(`${app}@${a}`, `${app}:1`)
const loaded = lists(`${app}:1`)
const nginx = 'docker.io/library/nginx'

const always = 'Always'
const ifNotPresent = 'IfNotPresent'
const never = 'Never'
const every: Held = 'every-node'
const some: Held = 'some-nodes'
const none: Held = 'no-node-known'
const untold: Held = 'untold'

/** What is known of an image on some nodes: why, the pull policy, the image, and the nodes that the pod may land on. */
export type HeldRow = readonly [
  held: Held,
  why: string,
  policy: PullPolicy,
  image: string,
  nodes: readonly ListingNode[],
]

/** The pull policy against what the nodes list. */
export const policyRows: readonly HeldRow[] = [
  [every, 'all list the tag', ifNotPresent, `${app}:1`, [pulled, pulled]],
  [every, 'all list the tag, and it must not be pulled', never, `${app}:1`, [pulled, pulled]],
  [none, 'it has to be pulled all the same', always, `${app}:1`, [pulled, pulled]],
  [some, 'one of two lists it', ifNotPresent, `${app}:1`, [pulled, other]],
  [some, 'one of two lists it, the second', ifNotPresent, `${app}:1`, [other, pulled]],
  [some, 'one of two lists it, and the other will not pull it', never, `${app}:1`, [pulled, other]],
  [none, 'one of two lists it, which does not help', always, `${app}:1`, [pulled, other]],
  [none, 'nobody lists it', ifNotPresent, `${app}:1`, [other, other]],
  [none, 'nobody lists it, and nobody pulls it', never, `${app}:1`, [other, other]],
  [none, 'nobody lists it, and it is pulled', always, `${app}:1`, [other, other]],
  [none, 'there is no node yet', ifNotPresent, `${app}:1`, []],
  [none, 'there is no node yet that needs no pull', never, `${app}:1`, []],
  [none, 'there is no node yet, and it is pulled', always, `${app}:1`, []],
  [none, 'a node lists nothing', ifNotPresent, `${app}:1`, [nothing]],
  [none, 'a node lists nothing, and pulls nothing', never, `${app}:1`, [nothing]],
  [some, 'one of three lists it, the last', ifNotPresent, `${app}:1`, [nothing, other, loaded]],
  [some, 'all but one list it', never, `${app}:1`, [loaded, pulled, loaded, nothing]],
  [every, 'the only node lists it', never, `${app}:1`, [loaded]],
]

/** Tags, digests, and both. */
export const referenceRows: readonly HeldRow[] = [
  [every, 'the digest is listed', ifNotPresent, `${app}@${a}`, [pulled]],
  [every, 'the digest is listed, and it must not be pulled', never, `${app}@${a}`, [pulled]],
  [none, 'the digest is listed, and it is pulled', always, `${app}@${a}`, [pulled]],
  [none, 'another digest is listed', ifNotPresent, `${app}@${b}`, [pulled]],
  [none, 'only the tag is listed, and who pins a digest means no tag', ifNotPresent, `${app}@${a}`, [loaded]],
  [every, 'the digest is listed, and the tag beside it is nothing', ifNotPresent, `${app}:9@${a}`, [pulled]],
  [none, 'the digest is not listed, and the tag beside it is nothing', ifNotPresent, `${app}:1@${b}`, [pulled]],
  [every, 'the digest is listed with a tag before it', ifNotPresent, `${app}@${a}`, [lists(`${app}:1@${a}`)]],
  [every, 'the digest is listed with another tag', ifNotPresent, `${app}:2@${a}`, [lists(`${app}:1@${a}`)]],
  [none, 'a tag before a digest is no name', ifNotPresent, `${app}:1`, [lists(`${app}:1@${a}`)]],
  [none, 'the digest is listed, and the tag is elsewhere by now', ifNotPresent, `${app}:1`, [lists(`${app}@${a}`)]],
  [none, 'another tag is listed', ifNotPresent, `${app}:2`, [pulled]],
  [none, 'a tag that it begins with is listed', ifNotPresent, `${app}:1.27.3`, [lists(`${app}:1.27`)]],
  [none, 'a tag in capitals is another', ifNotPresent, `${app}:RC`, [lists(`${app}:rc`)]],
  [none, 'the digest is listed in another repository', ifNotPresent, `${app}@${a}`, [lists(`r.example/app@${a}`)]],
  [none, 'the name is listed in another registry', ifNotPresent, `${app}:1`, [lists('r.example/team/app:1')]],
  [none, 'the name is listed at another port', ifNotPresent, `${app}:1`, [lists('registry.example:5000/team/app:1')]],
  [every, 'the port is the same', never, 'localhost:5000/app:1', [lists('localhost:5000/app:1')]],
  [some, 'one has the tag and one has the digest', ifNotPresent, `${app}@${a}`, [pulled, loaded]],
  [every, 'each has it under the same tag, whatever that is there', ifNotPresent, `${app}:1`, [pulled, loaded]],
  [every, 'without a tag it is latest', ifNotPresent, app, [lists(`${app}:latest`)]],
  [none, 'without a tag it is latest, which has to be pulled', always, app, [lists(`${app}:latest`)]],
]

/** Short names, and odd ones. */
export const nameRows: readonly HeldRow[] = [
  [every, 'a short name is that of Docker Hub', ifNotPresent, 'nginx:1.27', [lists(`${nginx}:1.27`)]],
  [every, 'a short name is listed by Docker', ifNotPresent, 'nginx:1.27', [lists('nginx:1.27')]],
  [every, 'a long name is listed by its short one', ifNotPresent, `${nginx}:1.27`, [lists('nginx:1.27')]],
  [every, 'a long name lacks library', ifNotPresent, 'nginx:1.27', [lists('docker.io/nginx:1.27')]],
  [every, 'Docker Hub has another name', never, 'nginx:1.27', [lists('index.docker.io/library/nginx:1.27')]],
  [every, 'a user of Docker Hub', never, 'user/app:1', [lists('docker.io/user/app:1')]],
  [every, 'a user of Docker Hub, as Docker lists', never, 'docker.io/user/app:1', [lists('user/app:1')]],
  [none, 'library is no user', ifNotPresent, 'nginx:1', [lists('docker.io/user/nginx:1')]],
  [every, 'a short name with its digest', ifNotPresent, `nginx@${a}`, [lists(`nginx@${a}`)]],
  [none, 'an image that lost its name', ifNotPresent, `nginx@${a}`, [lists(`<none>@${a}`, '<none>:<none>')]],
  [every, 'a name among such that are none', never, `${app}:1`, [lists('', '<none>@', '@:', '/', `${app}:1`)]],
  [none, 'a name in capitals is none', ifNotPresent, `${app}:1`, [lists('REGISTRY.example/TEAM/app:1')]],
  [none, 'what an archive was loaded under', never, 'app:1', [lists(`import-2026-11-21@${a}`)]],
  [
    every,
    'what an archive was loaded as',
    never,
    'app:1',
    [lists(`import-2026-11-21@${a}`, 'docker.io/library/app:1')],
  ],
]

/** What is full, and which kubelet it is. */
export const nodeRows: readonly HeldRow[] = [
  [every, 'a full list has it', ifNotPresent, `${app}:1`, [full(pulled)]],
  [every, 'a full list has it, and it must not be pulled', never, `${app}:1`, [full(loaded)]],
  [none, 'a full list has it, and it is pulled', always, `${app}:1`, [full(pulled)]],
  [untold, 'a full list may lack what the node has', ifNotPresent, `${app}:1`, [full(other)]],
  [untold, 'a full list may lack what the node has, and must not pull', never, `${app}:1`, [full(other)]],
  [none, 'a full list may lack what the node has, and is of no use', always, `${app}:1`, [full(other)]],
  [untold, 'all lists are full and lack it', ifNotPresent, `${app}:1`, [full(other), full(nothing), full(other)]],
  [none, 'one list is whole and lacks it', ifNotPresent, `${app}:1`, [full(other), nothing, full(other)]],
  [none, 'one list is whole and lacks it, and there it must not be pulled', never, `${app}:1`, [nothing, full(other)]],
  [every, 'all lists are full and have it', ifNotPresent, `${app}:1`, [full(pulled), full(loaded)]],
  [some, 'one full list lacks it', ifNotPresent, `${app}:1`, [pulled, full(other)]],
  [some, 'one full list lacks it, and there it must not be pulled', never, `${app}:1`, [loaded, full(other)]],
  [every, 'an old kubelet asks for no credentials', ifNotPresent, `${app}:1`, [old(pulled)]],
  [every, 'an old kubelet asks for none under Never', never, `${app}:1`, [old(pulled)]],
  [none, 'an old kubelet pulls too', always, `${app}:1`, [old(pulled)]],
  [every, 'a new kubelet may ask, but not who loaded it', ifNotPresent, `${app}:1`, [loaded]],
  [every, 'a new kubelet may ask, and may have pulled as anybody', ifNotPresent, `${app}:1`, [pulled]],
  [every, 'a new kubelet may ask under Never, and may have pulled as anybody', never, `${app}:1`, [pulled]],
  [every, 'a kubelet that tells no version', ifNotPresent, `${app}:1`, [versionless(pulled)]],
  [every, 'kubelets of all versions', never, `${app}:1`, [pulled, old(loaded), versionless(pulled), full(loaded)]],
  [some, 'the old one lacks it', ifNotPresent, `${app}:1`, [pulled, old(nothing)]],
  [some, 'the new one lacks it', ifNotPresent, `${app}:1`, [old(pulled), nothing]],
]

/** Images by their IDs. */
export const idRows: readonly HeldRow[] = [
  [untold, 'any node may have an ID, and lists none', ifNotPresent, a, [other]],
  [untold, 'any node may have an ID, and must', never, a, [other, nothing]],
  [none, 'an ID cannot be pulled', always, a, [other]],
  [none, 'there is no node that could have it', never, a, []],
  [untold, 'the beginning of an ID is one too', ifNotPresent, 'sha256:0123456789ab', [full(other)]],
  [untold, 'a digest in the list is no ID', never, a, [pulled]],
  [none, 'an ID with a registry is a name', ifNotPresent, `docker.io/library/${a}`, [other]],
  [none, 'a tag that is no number of such is a name', ifNotPresent, 'sha256:latest', [other]],
  [every, 'a tag that is no number of such is listed', ifNotPresent, 'sha256:v1', [lists('sha256:v1')]],
]
