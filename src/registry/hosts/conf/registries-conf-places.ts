import { LRUCache } from 'lru-cache'
import type { ImageReference } from '../../../image/reference.ts'
import { reReading } from '../../../lib/re-read.ts'
import { fail, ok, type Result } from '../../../lib/result.ts'
import type { FileProblem } from '../../../lib/small-file.ts'
import type { HostsComplaint } from '../certs-dir.ts'
import type { FindPlaces, Place, PlacesProblem } from '../place.ts'
import { type ConfPaths, type ConfProblem, readConfFiles } from './conf-files.ts'
import { confHostOf } from './conf-host.ts'
import { type HostCertificates, readCertificates } from './host-certificates.ts'
import { type PullSource, pullSourcesOf } from './pull-sources.ts'
import type { RegistriesConf, ShortNameMode } from './registries-conf.ts'
import { isShortName, shortNameCandidates } from './short-name.ts'

/** Options of a reader of registries.conf. */
export interface RegistriesConfOptions extends ConfPaths {
  /** Directories with one directory a host, usually /etc/containers/certs.d and /etc/docker/certs.d. */
  readonly certsDirs: readonly string[]
  /** What CRI-O's own short_name_mode says, in the place of the file's: from 1.34 on it says `enforcing` unless told otherwise. */
  readonly shortNameMode: ShortNameMode | undefined
  /** A clock in milliseconds that never goes back. */
  readonly nowMs: () => number
  /** Told of each mistake whenever it was read. */
  readonly complain: (complaint: HostsComplaint) => void
}

type Certificates = (host: string) => Promise<Result<HostCertificates, FileProblem>>

interface Known {
  readonly conf: RegistriesConf
  readonly certificates: Certificates
}

// Whoever writes a pod names the registry: names are not kept without bound.
const mostHosts = 1000

const rememberedCertificates = (roots: readonly string[]): Certificates => {
  const known = new LRUCache<string, ReturnType<Certificates>>({ max: mostHosts })
  return host => {
    const flight = known.get(host) ?? readCertificates(roots, host)
    known.set(host, flight)
    return flight
  }
}

const problemOf = (problem: ConfProblem): PlacesProblem =>
  problem.kind === 'unreadable' ? problem : { kind: 'mistake' }

/** The places to ask for each of the images that the reference may stand for; a name that is none fails that image alone. */
const sourcesOf = (conf: RegistriesConf, candidates: readonly ImageReference[]): readonly PullSource[] =>
  candidates.flatMap(candidate => {
    const sources = pullSourcesOf(conf, candidate)
    return sources.ok ? sources.value : []
  })

const placesAt = async (
  sources: readonly PullSource[],
  reference: ImageReference,
  certificates: Certificates,
): Promise<Result<readonly Place[], PlacesProblem>> => {
  const places: Place[] = []
  let unusable: FileProblem | undefined
  for (const source of sources) {
    const found = await certificates(source.registry)
    const host = found.ok ? confHostOf(source, reference, found.value) : undefined
    if (host !== undefined) places.push({ host, repository: source.repository })
    // A node passes over a place whose certificate and key do not fit. What we may not read, the node may.
    if (!found.ok && found.error.problem !== 'no-key-pair') return fail({ kind: 'unreadable', problem: found.error })
    if (!found.ok) unusable ??= found.error
  }
  return places.length === 0 && unusable !== undefined ? fail({ kind: 'unreadable', problem: unusable }) : ok(places)
}

/** The images that a reference may stand for; none where CRI-O finds none, or more than it may choose from. */
const candidatesFor = (
  conf: RegistriesConf,
  reference: ImageReference,
  { shortNameMode }: RegistriesConfOptions,
): readonly ImageReference[] => {
  const { written } = reference
  if (!isShortName(written)) return [reference]
  const mode = shortNameMode ?? conf.shortNameMode
  const candidates = shortNameCandidates({ ...conf, shortNameMode: mode }, written)
  return candidates.ok ? candidates.value.map(each => ({ ...each, target: reference.target })) : []
}

const findIn = async (
  { conf, certificates }: Known,
  reference: ImageReference,
  options: RegistriesConfOptions,
): ReturnType<FindPlaces> => {
  const candidates = candidatesFor(conf, reference, options)
  if (candidates.length === 0) return fail({ kind: 'short-name' })
  const sources = sourcesOf(conf, candidates)
  if (sources.length === 0) return fail({ kind: 'no-capable-host' })
  const open = sources.filter(({ blocked }) => !blocked)
  return open.length === 0 ? fail({ kind: 'forbidden' }) : placesAt(open, reference, certificates)
}

/** Finds places as CRI-O does: mirrors in order, then the location itself, for each image that a short name may stand for. */
export const placesFromRegistriesConf = (options: RegistriesConfOptions): FindPlaces => {
  const { nowMs, complain, certsDirs } = options
  const known = reReading(nowMs, async (): Promise<Result<Known, ConfProblem>> => {
    const conf = await readConfFiles(options)
    if (!conf.ok && conf.error.kind === 'mistake') complain(conf.error.complaint)
    return conf.ok ? ok({ conf: conf.value, certificates: rememberedCertificates(certsDirs) }) : conf
  })
  return async reference => {
    const found = await known()
    return found.ok ? findIn(found.value, reference, options) : fail(problemOf(found.error))
  }
}
