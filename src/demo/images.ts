import { gzipSync } from 'node:zlib'
import { type Content, contentOf, descriptorOf, type Image, jsonContent } from './content.ts'
import { programFor } from './program.ts'
import { tarOf } from './tar.ts'

/** Whose media types an image is written in. */
export type Dialect = 'oci' | 'docker'

interface ImageOptions {
  readonly dialect?: Dialect
  /** The platform that the program inside was built for, where that is not what the configuration says. */
  readonly program?: string
  /** A label in the configuration; images that differ in it alone have different digests. */
  readonly version?: string
}

/** A child of an index. */
export interface Child {
  readonly image: Image
  readonly platform: object | undefined
  readonly annotations: Readonly<Record<string, string>>
  /** An absent child is named by the index, and the registry does not have it. */
  readonly presence: 'present' | 'absent'
}

const mediaTypes = {
  oci: {
    index: 'application/vnd.oci.image.index.v1+json',
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  },
  docker: {
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  },
} as const satisfies Record<Dialect, object>

const platformOf = (text: string): { os: string; architecture: string; variant?: string } => {
  const [os = '', architecture = '', variant] = text.split('/')
  return variant === undefined ? { os, architecture } : { os, architecture, variant }
}

const packed = (mediaType: string, config: Content, layers: readonly Content[], dialect: Dialect): Image => {
  const top = jsonContent(mediaType, {
    schemaVersion: 2,
    mediaType: mediaTypes[dialect].manifest,
    config: descriptorOf(config),
    layers: layers.map(descriptorOf),
  })
  return { top, manifests: [top], blobs: [config, ...layers] }
}

/** A single manifest whose configuration names the platform (`linux/arm/v7`), with one layer that holds a program. */
export const singleImage = (platform: string, options: ImageOptions = {}): Image => {
  const { dialect = 'oci', program = platform, version = '1' } = options
  const types = mediaTypes[dialect]
  const tar = tarOf([{ path: 'app', mode: 0o755, bytes: programFor(platformOf(program).architecture) }])
  const config = jsonContent(types.config, {
    ...platformOf(platform),
    config: { Entrypoint: ['/app'], Labels: { 'org.opencontainers.image.version': version } },
    rootfs: { type: 'layers', diff_ids: [contentOf(types.layer, tar).digest] },
  })
  return packed(types.manifest, config, [contentOf(types.layer, gzipSync(tar))], dialect)
}

/** The child of an index that a platform's image makes. */
export const childFor = (platform: string, options: ImageOptions = {}): Child => ({
  image: singleImage(platform, options),
  platform: platformOf(platform),
  annotations: {},
  presence: 'present',
})

const entryOf = ({ image, platform, annotations }: Child): object => ({
  ...descriptorOf(image.top),
  ...(platform === undefined ? {} : { platform }),
  ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
})

/** An index of any children; a child may be an index too. */
export const indexOf = (children: readonly Child[], dialect: Dialect = 'oci'): Image => {
  const mediaType = mediaTypes[dialect].index
  const top = jsonContent(mediaType, { schemaVersion: 2, mediaType, manifests: children.map(entryOf) })
  const present = children.filter(({ presence }) => presence === 'present').map(({ image }) => image)
  return {
    top,
    manifests: [top, ...present.flatMap(({ manifests }) => manifests)],
    blobs: present.flatMap(({ blobs }) => blobs),
  }
}

/** An index of complete images, one a platform. */
export const multiArchImage = (platforms: readonly string[], options: ImageOptions = {}): Image =>
  indexOf(
    platforms.map(platform => childFor(platform, options)),
    options.dialect,
  )

/** An index that names images for all the platforms, and the one for `missing` was never pushed. */
export const incompleteImage = (platforms: readonly string[], missing: string): Image =>
  indexOf(
    platforms.map(platform => ({
      ...childFor(platform),
      presence: platform === missing ? ('absent' as const) : ('present' as const),
    })),
  )

const attestationOf = ({ image }: Child): Child => {
  const statement = jsonContent('application/vnd.in-toto+json', { _type: 'https://in-toto.io/Statement/v0.1' })
  const unknown = { os: 'unknown', architecture: 'unknown' }
  const config = jsonContent(mediaTypes.oci.config, { ...unknown, rootfs: { type: 'layers', diff_ids: [] } })
  return {
    image: packed(mediaTypes.oci.manifest, config, [statement], 'oci'),
    platform: unknown,
    annotations: {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': image.top.digest,
    },
    presence: 'present',
  }
}

/** An index as docker buildx writes it: behind the images stands an attestation for each. */
export const attestedImage = (platforms: readonly string[], options: ImageOptions = {}): Image => {
  const children = platforms.map(platform => childFor(platform, options))
  return indexOf([...children, ...children.map(attestationOf)])
}

/** A Helm chart as `helm push` stores it: an artifact in the shape of an image. */
export const helmChart = (name: string, version: string): Image => {
  const chart = Buffer.from(`apiVersion: v2\nname: ${name}\nversion: ${version}\n`)
  const archive = gzipSync(tarOf([{ path: `${name}/Chart.yaml`, mode: 0o644, bytes: chart }]))
  const config = jsonContent('application/vnd.cncf.helm.config.v1+json', { apiVersion: 'v2', name, version })
  const layer = contentOf('application/vnd.cncf.helm.chart.content.v1.tar+gzip', archive)
  return packed(mediaTypes.oci.manifest, config, [layer], 'oci')
}
