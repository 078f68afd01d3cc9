import type { Nodes } from '../cluster/nodes.ts'
import { loadedLate } from '../lib/loaded-late.ts'
import { remembering } from '../lib/remember.ts'
import { createCertsDir, type HostsComplaint } from '../registry/hosts/certs-dir.ts'
import { type FindPlaces, placesFromCertsDir } from '../registry/hosts/place.ts'
import type { Node } from '../workload/node.ts'

/** The kinds of runtimes that some node runs. */
export interface Runtimes {
  readonly crio: boolean
  /** Whatever is not CRI-O. */
  readonly containerd: boolean
}

/** Where the nodes are told of mirrors: by containerd's directories, by CRI-O's file, or by that of K3s and RKE2. */
export interface PlacesOptions {
  readonly certsDirs: readonly string[]
  readonly registriesConf: string | undefined
  readonly registriesYaml: string | undefined
  /** The runtimes of the nodes; where no node is known, none. */
  readonly runtimes: () => Runtimes
}

/** Finds places as the nodes do, and as those do that run another runtime. */
export interface FoundPlaces {
  readonly findPlaces: FindPlaces
  readonly findOtherwise: () => readonly FindPlaces[]
}

// Asked for with each question to a registry, and the nodes may be thousands.
const runtimesAmong = remembering((nodes: readonly Node[]): Runtimes => {
  const crio = nodes.filter(({ runtime }) => runtime.startsWith('cri-o://')).length
  return { crio: crio > 0, containerd: nodes.length > crio }
})

/** Tells what the nodes of a cluster run. */
export const runtimesOf =
  ({ nodes }: { readonly nodes: Pick<Nodes, 'current'> | undefined }) =>
  (): Runtimes =>
    runtimesAmong(nodes?.current() ?? [])

/** Finds the places of images in the files that the nodes have, too. */
export const createFindPlaces = (
  { certsDirs, registriesConf, registriesYaml, runtimes }: PlacesOptions,
  nowMs: () => number,
  complain: (complaint: HostsComplaint) => void,
): FoundPlaces => {
  const asCrio = loadedLate(async () => {
    const { placesFromRegistriesConf } = await import('../registry/hosts/conf/registries-conf-places.ts')
    return placesFromRegistriesConf({
      file: registriesConf,
      dropIns: registriesConf === undefined ? [] : [`${registriesConf}.d`],
      aliases: undefined,
      certsDirs,
      // CRI-O's own, from 1.34 on, and OpenShift's.
      shortNameMode: 'enforcing',
      nowMs,
      complain,
    })
  })
  const asContainerd =
    registriesYaml === undefined
      ? placesFromCertsDir(createCertsDir({ roots: certsDirs, nowMs, complain }))
      : loadedLate(async () => {
          const { placesFromRegistriesYaml } = await import('../registry/hosts/k3s/registries-yaml-places.ts')
          return placesFromRegistriesYaml({ file: registriesYaml, defaultEndpoint: true, nowMs, complain })
        })

  /** Whoever names CRI-O's file has such nodes, though there may be none just now. */
  const ways = (): readonly [FindPlaces, ...FindPlaces[]] => {
    const { crio, containerd } = runtimes()
    if (!crio && registriesConf === undefined) return [asContainerd]
    // CRI-O first: of a name without a registry it tells more.
    return containerd ? [asCrio, asContainerd] : [asCrio]
  }
  return { findPlaces: reference => ways()[0](reference), findOtherwise: () => ways().slice(1) }
}
