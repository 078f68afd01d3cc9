import { type ImageReference, parseReference } from '../../../image/reference.ts'
import { fail, ok, type Result } from '../../../lib/result.ts'
import { findRegistry, matchedLength } from './find-registry.ts'
import { isKnownHost, namesRegistry } from './names-registry.ts'
import type { ConfRegistry, FullName, RegistriesConf } from './registries-conf.ts'

/** Where an image is asked for, and under what name. */
export interface PullSource extends FullName {
  readonly insecure: boolean
  /** Whether another entry, or the same one, forbids to ask there. */
  readonly blocked: boolean
  /** Whether the pod's credentials are shown there: only where the host is the one that the image names (docker/docker_image_src.go). */
  readonly takesCredentials: boolean
}

type Endpoint = Pick<ConfRegistry, 'location' | 'insecure'>

/** The mirrors that are asked for such a reference, then the location itself (pkg/sysregistriesv2, PullSourcesFromReference). */
const endpointsOf = (registry: ConfRegistry, { target }: ImageReference): readonly Endpoint[] => [
  ...registry.mirrors.filter(({ use }) => use === 'all' || use === target.kind),
  registry,
]

/** The target as it is written, with the tag beside a digest. */
const wholeTarget = ({ target }: ImageReference): string => {
  const tag = target.tag === undefined ? '' : `:${target.tag}`
  return target.kind === 'tag' ? tag : `${tag}@${target.digest}`
}

/** A reference that is no other once it is read: `quay.io:1.0` for example would be an image of Docker Hub. */
const readWhole = (text: string): ImageReference | undefined => {
  const parsed = parseReference(text)
  if (!parsed.ok) return undefined
  const { registry, repository } = parsed.value
  const isSame = `${registry}/${repository}${wholeTarget(parsed.value)}` === text
  return isSame && namesRegistry(registry) && isKnownHost(registry) ? parsed.value : undefined
}

const suffixOf = ({ target }: ImageReference): string =>
  target.kind === 'tag' ? `:${target.tag}` : `@${target.digest}`

/**
 * The places that CRI-O asks for an image, in its order. Where one of the names that the configuration makes
 * is none, nothing is asked at all.
 */
export const pullSourcesOf = (
  conf: RegistriesConf,
  reference: ImageReference,
): Result<readonly PullSource[], { readonly kind: 'no-such-name'; readonly location: string }> => {
  const name = `${reference.registry}/${reference.repository}`
  const registry = findRegistry(conf, name) ?? { ...nothingSaid, prefix: name, location: name }
  const length = matchedLength(name, registry.prefix) ?? 0
  const sources: PullSource[] = []
  for (const { location, insecure } of endpointsOf(registry, reference)) {
    const text = `${location === '' ? name : location + name.slice(length)}${suffixOf(reference)}`
    const source = readWhole(text)
    if (source === undefined) return fail({ kind: 'no-such-name', location })
    // With tag and digest nothing is asked there, but at the next one (docker/docker_transport.go newReference).
    if (source.target.kind === 'digest' && source.target.tag !== undefined) continue
    const { registry: host, repository } = source
    const blocked = findRegistry(conf, `${host}/${repository}`)?.blocked === true
    sources.push({ registry: host, repository, insecure, blocked, takesCredentials: host === reference.registry })
  }
  return ok(sources)
}

const nothingSaid = { insecure: false, blocked: false, mirrors: [] } as const
