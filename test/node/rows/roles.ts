import { chart } from '../artifacts.ts'
import { runnable, single } from '../images.ts'
import { offering } from '../indexes.ts'
import { waiting } from '../programs.ts'
import {
  badSecret,
  broken,
  denied,
  doubted,
  invalid,
  noPlatform,
  notFound,
  otherPlatform,
  type Row,
  runs,
} from '../row.ts'
import { auths, raw, right } from '../secrets.ts'

const gone = '$:gone'
const closed = 'closed.test'
const empty = doubted(['not-an-image'], 'runs', 'it is mounted as an empty folder')
const unmounted = (codes: Row['expect']['codes']) => doubted(codes, 'runs', 'nothing waits for it')

/** In which part of a pod the image is. */
// biome-ignore format: a row is a line
export const roles: readonly Row[] = [
  { name: 'an init container', role: 'init', expect: runs },
  { name: 'an init container that is not there', role: 'init', image: gone, expect: notFound },
  { name: 'an init container for arm64', role: 'init', push: single({ platform: 'linux/arm64' }), expect: otherPlatform },
  { name: 'an init container of no reference', role: 'init', image: 'App:1', push: 'none', expect: invalid },
  { name: 'an init container with a secret', role: 'init', at: closed, secrets: [auths({ [closed]: right })], expect: runs },
  { name: 'an init container without a secret', role: 'init', at: closed, expect: denied },
  { name: 'a sidecar', role: 'sidecar', push: single({ files: [runnable('app', waiting)] }), expect: runs },
  { name: 'a sidecar that is not there', role: 'sidecar', image: gone, expect: notFound },
  { name: 'a second container', role: 'second container', expect: runs },
  { name: 'a second container that is not there', role: 'second container', image: gone, expect: notFound },
  { name: 'a second container, and a malformed secret', role: 'second container', secrets: [raw('{"auths":[]}')], expect: badSecret },
  { name: 'an ephemeral container', role: 'ephemeral', expect: runs },
  { name: 'an ephemeral container that is not there', role: 'ephemeral', image: gone, expect: notFound },
  { name: 'an ephemeral container for others', role: 'ephemeral', push: offering(['linux/arm64']), expect: noPlatform },
  { name: 'an ephemeral container that is denied', role: 'ephemeral', at: closed, expect: denied },
  { name: 'a volume', role: 'volume', expect: runs },
  { name: 'a volume that is an index', role: 'volume', push: offering(['linux/arm64', 'linux/amd64']), expect: runs },
  { name: 'a volume that is not there', role: 'volume', image: gone, expect: notFound },
  { name: 'a volume that is denied', role: 'volume', at: closed, expect: denied },
  { name: 'a volume with a secret', role: 'volume', at: closed, secrets: [auths({ [closed]: right })], expect: runs },
  { name: 'a volume of no reference', role: 'volume', image: 'App:1', push: 'none', expect: invalid },
  { name: 'a volume of a chart', role: 'volume', push: chart, expect: empty },
  { name: 'a volume for arm64', role: 'volume', push: single({ platform: 'linux/arm64' }), expect: runs },
  { name: 'a volume offered for others', role: 'volume', push: offering(['linux/arm64']), expect: noPlatform },
  { name: 'a volume whose child is missing', role: 'volume', push: offering(['missing:linux/amd64']), expect: broken },
  { name: 'a volume without a command in it', role: 'volume', push: single({ start: { Entrypoint: undefined } }), expect: runs },
  { name: 'a volume that is never pulled', role: 'volume', policy: 'Never', expect: doubted(['never-pulled'], 'ErrImageNeverPull', 'a node need not list what it has') },
  { name: 'a volume that is not there, and nobody mounts it', role: 'unmounted volume', image: gone, expect: unmounted(['not-found']) },
  { name: 'a volume that is denied, and nobody mounts it', role: 'unmounted volume', at: closed, expect: unmounted(['denied']) },
  { name: 'a volume that nobody mounts', role: 'unmounted volume', expect: runs },
]
