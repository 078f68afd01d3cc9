import type { AskedBy } from './hosts/hosts.ts'

/** What is accepted, by the runtime that asks. */
export type Accepted = Readonly<Record<AskedBy, string>>

/** A list of images, one a platform. */
export const indexTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
])

/** One image, or an artifact in the shape of one. */
export const manifestTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
])

/** A manifest of the format before, with signatures in it that its digest does not count. */
export const signedSchema1Type = 'application/vnd.docker.distribution.manifest.v1+prettyjws'

/** The format before digests named content; containerd 2.1 no longer pulls it. `text/plain` is what some old servers call it. */
export const schema1Types: ReadonlySet<string> = new Set([
  signedSchema1Type,
  'application/vnd.docker.distribution.manifest.v1+json',
  'text/plain',
])

/** Configurations that make a manifest a container image. */
export const imageConfigTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
])

/** What containerd accepts, in its order (core/remotes/docker/resolver.go): a registry may choose its answer by it. */
const acceptedByContainerd = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  '*/*',
].join(', ')

/** What CRI-O accepts, in its order (go.podman.io/image, manifest/manifest.go DefaultRequestedManifestMIMETypes). */
const acceptedByCrio = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
].join(', ')

/** What is accepted where manifests are asked for. */
export const acceptManifests: Accepted = { containerd: acceptedByContainerd, 'cri-o': acceptedByCrio }

/** What is accepted where nobody minds. */
export const acceptAnything: Accepted = { containerd: '*/*', 'cri-o': '*/*' }

/** What is accepted of a list of tags, which no runtime asks for. */
export const acceptTags: Accepted = { containerd: 'application/json', 'cri-o': 'application/json' }
