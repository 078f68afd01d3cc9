import { gzipSync, zstdCompressSync } from 'node:zlib'
import { type Content, contentOf, descriptorOf, type Image, jsonContent } from '../../src/demo/content.ts'
import { type ArchivedFile, tarOf } from '../../src/demo/tar.ts'
import { ending } from './programs.ts'

/** Makes an image that shares no content with those of other rows: what is on a node already, a node does not fetch. */
export type Craft = (salt: string) => Image

/** Fields of a document. */
export type Json = Readonly<Record<string, unknown>>

const oci = 'application/vnd.oci.image'
const docker = 'application/vnd.docker'

/** The media types of the two dialects. */
export const types = {
  oci: {
    index: `${oci}.index.v1+json`,
    manifest: `${oci}.manifest.v1+json`,
    config: `${oci}.config.v1+json`,
    layer: `${oci}.layer.v1.tar`,
  },
  docker: {
    index: `${docker}.distribution.manifest.list.v2+json`,
    manifest: `${docker}.distribution.manifest.v2+json`,
    config: `${docker}.container.image.v1+json`,
    layer: `${docker}.image.rootfs.diff.tar`,
  },
} as const

type Packing = 'gzip' | 'zstd' | 'none'

/** How an image differs from one that runs on linux/amd64. */
export interface Single {
  readonly dialect?: 'oci' | 'docker'
  /** What the configuration says of itself; `''`: nothing. */
  readonly platform?: string
  /** The architecture that the program was built for. */
  readonly program?: string
  readonly files?: readonly ArchivedFile[]
  readonly packing?: Packing
  /** Layers above the one with the program. */
  readonly layersAbove?: number
  readonly layerType?: string
  readonly configType?: string
  /** Over the configuration's own members; undefined leaves one out. */
  readonly config?: Json
  /** Over the `config` inside it. */
  readonly start?: Json
  /** Over the manifest's own members. */
  readonly manifest?: Json
  /** Over the descriptor of the configuration, or of the first layer. */
  readonly configEntry?: Json
  readonly layerEntry?: Json
  readonly topType?: string
}

/** `linux/arm/v7` as the fields of a platform. */
export const platformFields = (text: string): Json => {
  const [os = '', architecture = '', variant] = text.split('/')
  return { os, architecture, ...(variant === undefined ? {} : { variant }) }
}

const pack = (packing: Packing, bytes: Uint8Array): Uint8Array => {
  switch (packing) {
    case 'gzip':
      return gzipSync(bytes)
    case 'zstd':
      return zstdCompressSync(bytes)
    case 'none':
      return bytes
  }
}

const suffixes: Readonly<Record<'oci' | 'docker', Readonly<Record<Packing, string>>>> = {
  oci: { gzip: '+gzip', zstd: '+zstd', none: '' },
  docker: { gzip: '.gzip', zstd: '.zstd', none: '' },
}

/** A file that is only read. */
export const text = (path: string, content: string): ArchivedFile => ({
  path,
  mode: 0o644,
  bytes: Buffer.from(content),
})

/** A file that can be run. */
export const runnable = (path: string, bytes: Uint8Array | string): ArchivedFile => ({
  path,
  mode: 0o755,
  bytes: Buffer.from(bytes),
})

interface Layer {
  readonly packed: Content
  readonly diffId: string
}

const layerOf = (options: Single, files: readonly ArchivedFile[]): Layer => {
  const { dialect = 'oci', packing = 'gzip', layerType } = options
  const tar = tarOf(files)
  const mediaType = layerType ?? `${types[dialect].layer}${suffixes[dialect][packing]}`
  return { packed: contentOf(mediaType, pack(packing, tar)), diffId: contentOf('', tar).digest }
}

const layersOf = (options: Single, salt: string): readonly Layer[] => {
  const { platform = 'linux/amd64', program = platform.split('/')[1] ?? '', layersAbove = 0 } = options
  const files = options.files ?? [runnable('app', ending(program))]
  const above = Array.from({ length: layersAbove }, (_, at) => [text(`above-${at}`, salt)])
  return [[...files, text('salt', salt)], ...above].map(each => layerOf(options, each))
}

/** An image of one manifest: for linux/amd64, with a program that ends at once, unless told otherwise. */
export const single =
  (options: Single = {}): Craft =>
  salt => {
    const { dialect = 'oci', platform = 'linux/amd64' } = options
    const layers = layersOf(options, salt)
    const config = jsonContent(options.configType ?? types[dialect].config, {
      ...(platform === '' ? {} : platformFields(platform)),
      config: { Entrypoint: ['/app'], Labels: { salt }, ...options.start },
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      ...options.config,
    })
    const mediaType = options.topType ?? types[dialect].manifest
    const [first, ...others] = layers.map(({ packed }) => descriptorOf(packed))
    const top = jsonContent(mediaType, {
      schemaVersion: 2,
      mediaType: types[dialect].manifest,
      config: { ...descriptorOf(config), ...options.configEntry },
      layers: [{ ...first, ...options.layerEntry }, ...others],
      ...options.manifest,
    })
    return { top, manifests: [top], blobs: [config, ...layers.map(({ packed }) => packed)] }
  }
