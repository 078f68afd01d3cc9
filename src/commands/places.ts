import { fail } from '../lib/result.ts'
import { createCertsDir, type HostsComplaint } from '../registry/hosts/certs-dir.ts'
import { placesFromRegistriesConf } from '../registry/hosts/conf/registries-conf-places.ts'
import { isShortName } from '../registry/hosts/conf/short-name.ts'
import { placesFromRegistriesYaml } from '../registry/hosts/k3s/registries-yaml-places.ts'
import { type FindPlaces, placesFromCertsDir } from '../registry/hosts/place.ts'

/** Where the nodes are told of mirrors: by containerd's directories, by CRI-O's file, or by that of K3s and RKE2. */
export interface PlacesOptions {
  readonly certsDirs: readonly string[]
  readonly registriesConf: string | undefined
  readonly registriesYaml: string | undefined
  /** Whether some node runs CRI-O. */
  readonly hasCrio: () => boolean
}

/** Finds the places of images in the files that the nodes have, too. */
export const placesFor = (
  { certsDirs, registriesConf, registriesYaml, hasCrio }: PlacesOptions,
  nowMs: () => number,
  complain: (complaint: HostsComplaint) => void,
): FindPlaces => {
  if (registriesConf !== undefined)
    return placesFromRegistriesConf({
      file: registriesConf,
      dropIns: [`${registriesConf}.d`],
      aliases: undefined,
      certsDirs,
      // CRI-O's own, from 1.34 on, and OpenShift's.
      shortNameMode: 'enforcing',
      nowMs,
      complain,
    })
  if (registriesYaml !== undefined)
    return placesFromRegistriesYaml({ file: registriesYaml, defaultEndpoint: true, nowMs, complain })
  const find = placesFromCertsDir(createCertsDir({ roots: certsDirs, nowMs, complain }))
  // Which registry CRI-O adds is said in a file that nobody showed us.
  return reference =>
    hasCrio() && isShortName(reference.written) ? Promise.resolve(fail({ kind: 'short-name' })) : find(reference)
}
