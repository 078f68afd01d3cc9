import { hostsOf } from '../../../src/registry/hosts/hosts.ts'
import { allCapabilities, type HostsFile } from '../../../src/registry/hosts/hosts-file.ts'
import type { Place } from '../../../src/registry/hosts/place.ts'
import { originOf, originsOf, type Play } from './play.ts'
import type { SceneHost } from './scene.ts'

type Entry = HostsFile['server']

const upstreamOf = ({ scene }: Play): SceneHost => scene.hosts.at(-1) as SceneHost

/** The host as images and files write it: with its port. */
const authorityOf = ({ ports }: Play, { name, isTls }: SceneHost): string => new URL(originOf(ports, name, isTls)).host

/** The image that a scene is about. */
export const imageOf = (play: Play): string => `${authorityOf(play, upstreamOf(play))}/d${play.scene.id}/app:1`

/** Headers that only this host may see. */
const headersOf = (play: Play, host: SceneHost): Entry['headers'] =>
  host.headers.map(name => {
    const canary = play.mint('static header')
    for (const origin of originsOf(play, host))
      play.ledger.grant(canary, origin, name === 'authorization' ? name : `header ${name}`)
    return [name, name === 'cookie' ? `session=${canary.marker}` : `ApiKey ${canary.marker}`] as const
  })

const entryOf = (play: Play, host: SceneHost): Entry => ({
  url: { scheme: host.isTls ? 'https' : 'http', host: authorityOf(play, host), path: '/v2' },
  capabilities: allCapabilities,
  tls: { of: 'pem', explicit: false, verify: true, ca: [], client: [] },
  headers: headersOf(play, host),
  dialTimeoutMs: undefined,
})

/** The places of a scene's image, as an operator's files lay them down. */
export const placesOf = (play: Play): readonly Place[] => {
  const { scene } = play
  const upstream = upstreamOf(play)
  const own = entryOf(play, upstream)
  const file: HostsFile = {
    hosts: scene.hosts.slice(0, -1).map(host => entryOf(play, host)),
    // Without a URL it is the registry as it would be asked anyway.
    server: upstream.isTls || scene.isLocal ? { ...own, url: undefined } : own,
  }
  return hostsOf(authorityOf(play, upstream), file).map((host, index) => ({
    host: { ...host, takesCredentials: scene.hosts[index]?.takesCredentials ?? true },
    repository: `d${scene.id}/app`,
  }))
}
