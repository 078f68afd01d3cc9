import { gzipSync } from 'node:zlib'
import { contentOf, jsonContent } from '../../../src/demo/content.ts'
import { artifact, chart } from '../artifacts.ts'
import { lying, withoutConfig, withoutLayers } from '../damages.ts'
import { type Craft, runnable, single, types } from '../images.ts'
import { attestation, index, nested, offering, part } from '../indexes.ts'
import { ending } from '../programs.ts'
import {
  broken,
  doubted,
  doubts,
  inChildren,
  inLayers,
  limits,
  noPlatform,
  notFound,
  otherPlatform,
  type Row,
  runs,
} from '../row.ts'

const noCommand = { codes: ['broken-image'], end: 'CreateContainerError' } as const
const noImage = { codes: ['not-an-image'], end: 'CreateContainerError' } as const
const startsNothing = { codes: ['not-an-image'], end: 'RunContainerError' } as const
const mislabelled = doubted(['mislabelled'], 'runs', 'the label is wrong, and nobody but the program says so')

const garbled = doubted(['registry-error'], 'ErrImagePull', doubts.garbled)
const contrary = doubted(['registry-error'], 'ErrImagePull', doubts.contradiction)

const both = ['linux/amd64', 'linux/arm64']

const schema1: Craft = salt => {
  const layer = contentOf('application/octet-stream', gzipSync(Buffer.from(salt)))
  const top = jsonContent('application/vnd.docker.distribution.manifest.v1+prettyjws', {
    schemaVersion: 1,
    name: salt,
    tag: '1',
    architecture: 'amd64',
    fsLayers: [{ blobSum: layer.digest }],
    history: [{ v1Compatibility: JSON.stringify({ id: 'a'.repeat(64), architecture: 'amd64', os: 'linux' }) }],
    signatures: [],
  })
  return { top, manifests: [top], blobs: [layer] }
}

/** Padded by an annotation to so many bytes. */
const padded =
  (bytes: number): Craft =>
  salt =>
    single({ manifest: { annotations: { padding: 'x'.repeat(bytes - 900) } } })(salt)

const bare =
  (document: object, mediaType: string): Craft =>
  salt => {
    const top = jsonContent(mediaType, { ...document, salt })
    return { top, manifests: [top], blobs: [] }
  }

/** The child, as one of the wrong size. */
const sized =
  (change: object): Craft =>
  salt =>
    index([{ ...part('linux/amd64'), entry: { platform: { os: 'linux', architecture: 'amd64' }, ...change } }])(salt)

/** An index whose child is named by the digest of other bytes. */
const twoLayers: Craft = salt => {
  const image = single({ layersAbove: 1 })(salt)
  return { ...image, blobs: image.blobs.slice(0, 2) }
}

// biome-ignore format: a row is a line
const images: readonly Row[] = [
  { name: 'one manifest', push: single(), expect: runs, old: 'same' },
  { name: 'one manifest, of Docker', push: single({ dialect: 'docker' }), expect: runs, old: 'same' },
  { name: 'an index', push: offering(both), expect: runs, old: 'same' },
  { name: 'a list, of Docker', push: offering(both, { dialect: 'docker' }), expect: runs, old: 'same' },
  { name: 'an index in an index', push: nested(offering(both)), expect: runs, old: 'same' },
  { name: 'an index in an index in an index', push: nested(nested(offering(both))), expect: runs, old: 'same' },
  { name: 'a list in a list', push: nested(offering(both, { dialect: 'docker' }), {}, { dialect: 'docker' }), expect: runs },
  { name: 'an index in an index that names its platform', push: nested(offering(both), { platform: { os: 'linux', architecture: 'amd64' } }), expect: runs, old: 'same' },
  { name: 'an index in an index, for others', push: nested(offering(['linux/arm64'])), expect: noPlatform, old: 'same' },
  { name: 'an index in an index that names another platform', push: nested(offering(both), { platform: { os: 'linux', architecture: 'arm64' } }), expect: noPlatform, old: 'same' },
  { name: 'an index with attestations', push: offering(['linux/amd64', 'linux/arm64', 'attestation']), expect: runs, old: 'same' },
  { name: 'the digest of a child', push: offering(both), image: '$@%child', expect: runs },
  { name: 'an index of attestations alone', push: index([attestation]), expect: noPlatform, old: 'same' },
  { name: 'an empty index', push: index([]), expect: broken, old: 'same' },
  { name: 'an empty list', push: index([], { dialect: 'docker' }), expect: broken },
  { name: 'an empty index in an index', push: nested(index([])), expect: noPlatform },
  { name: 'an index whose child is missing', push: offering(['missing:linux/amd64', 'linux/arm64']), expect: broken, old: 'same' },
  { name: 'an index that lacks the child for others', push: offering(['linux/amd64', 'missing:linux/arm64']), expect: runs, old: 'same' },
  { name: 'an index with two for the platform, the second missing', push: offering(['linux/amd64', 'missing:linux/amd64']), expect: doubted(['runtime-differs'], 'ErrImagePull', doubts.settings) },
  { name: 'a child of another size than the index says', push: sized({ size: 10 }), expect: inChildren('ErrImagePull') },
  { name: 'a child of no size', push: sized({ size: 0 }), expect: inChildren('ErrImagePull') },
  { name: 'a child of the wrong media type', push: sized({ mediaType: 'application/json' }), expect: noPlatform },
  { name: 'a child without a media type', push: sized({ mediaType: undefined }), expect: noPlatform },
  { name: 'a child that is said to be an index', push: sized({ mediaType: types.oci.index }), expect: noPlatform },
  { name: 'a child said to be of Docker', push: sized({ mediaType: types.docker.manifest }), expect: runs },
  { name: 'a child whose digest is another’s', push: lying(offering(both), 'child'), expect: inChildren('ErrImagePull') },
  { name: 'a manifest whose digest is another’s', push: lying(single(), 'top'), expect: garbled },
  { name: 'an index whose digest is another’s', push: lying(offering(both), 'top'), expect: garbled },
  { name: 'a configuration that is missing', push: withoutConfig(single()), expect: broken, old: 'same' },
  { name: 'a configuration that is missing, in an index', push: withoutConfig(offering(both)), expect: inChildren('ErrImagePull') },
  { name: 'a configuration whose digest is another’s', push: lying(single(), 'config'), expect: garbled },
  { name: 'a configuration of another size', push: single({ configEntry: { size: 10 } }), expect: contrary },
  { name: 'a configuration of no size', push: single({ configEntry: { size: 0 } }), expect: contrary },
  { name: 'an index without its media type', push: salt => offering(both, { index: { mediaType: undefined } })(salt), expect: runs },
  { name: 'a manifest without its media type', push: single({ manifest: { mediaType: undefined } }), expect: runs },
  { name: 'a manifest with the media type of Docker inside', push: single({ manifest: { mediaType: types.docker.manifest } }), expect: doubted(['registry-error'], 'runs', doubts.contradiction) },
  { name: 'a manifest without a version', push: single({ manifest: { schemaVersion: undefined } }), expect: runs },
  { name: 'a manifest of version 3', push: single({ manifest: { schemaVersion: 3 } }), expect: runs },
  { name: 'a manifest that lists manifests too', push: single({ manifest: { manifests: [] } }), expect: contrary },
  { name: 'an index that has layers too', push: offering(both, { index: { layers: [] } }), expect: contrary },
  { name: 'an index with a configuration', push: offering(both, { index: { config: {} } }), expect: contrary },
  { name: 'a manifest with fields of schema 1', push: single({ manifest: { fsLayers: [] } }), expect: contrary },
  { name: 'schema 1', push: schema1, expect: broken, old: { codes: [], end: 'ErrImagePull', limit: limits.layers } },
  { name: 'a manifest with a subject and annotations', push: single({ manifest: { annotations: { a: 'b' }, subject: { mediaType: types.oci.manifest, digest: `sha256:${'1'.repeat(64)}`, size: 1 } } }), expect: runs },
  { name: 'a manifest with a kind of its own, and yet an image', push: single({ manifest: { artifactType: 'application/vnd.example' } }), expect: runs },
  { name: 'a manifest of 4.1 MiB', push: padded(4_300_000), expect: runs },
  { name: 'a manifest of 4.5 MiB', push: padded(4_700_000), expect: doubted(['oversized-manifest'], 'ErrImagePull', 'runtimes’ bounds are their own') },
  { name: 'a manifest that is no JSON', push: salt => { const top = contentOf(types.oci.manifest, Buffer.from(`<html>${salt}`)); return { top, manifests: [top], blobs: [] } }, expect: doubted(['registry-error'], 'ErrImagePull', 'it may be a page of something in front') },
  { name: 'a manifest that is empty JSON', push: bare({}, types.oci.manifest), expect: { codes: ['not-an-image'], end: 'ErrImagePull' } },
  { name: 'a list as the manifest', push: salt => { const top = contentOf(types.oci.manifest, Buffer.from(JSON.stringify([salt]))); return { top, manifests: [top], blobs: [] } }, expect: contrary },
]

// biome-ignore format: a row is a line
const configurations: readonly Row[] = [
  { name: 'a configuration of Docker in a manifest of OCI', push: single({ configType: types.docker.config }), expect: runs },
  { name: 'a configuration of OCI in a manifest of Docker', push: single({ dialect: 'docker', configType: types.oci.config }), expect: runs },
  { name: 'a configuration without a platform', push: single({ platform: '' , program: 'amd64' }), expect: runs, old: 'same' },
  { name: 'a configuration without an architecture', push: single({ config: { architecture: '' } }), expect: runs },
  { name: 'a configuration without a system', push: single({ config: { os: undefined } }), expect: runs, old: 'same' },
  { name: 'a configuration of an unknown processor', push: single({ config: { architecture: 'pdp11' } }), expect: mislabelled },
  { name: 'a configuration with a variant of amd64', push: single({ config: { variant: 'v3' } }), expect: runs },
  { name: 'a configuration in capitals', push: single({ config: { os: 'Linux', architecture: 'AMD64' } }), expect: runs },
  { name: 'a configuration that says x86_64', push: single({ config: { architecture: 'x86_64' } }), expect: runs },
  { name: 'a configuration that is no JSON', push: lying(single({ configEntry: {} }), 'config'), expect: garbled },
  { name: 'a configuration without layers', push: single({ config: { rootfs: undefined } }), expect: inLayers('ErrImagePull') },
  { name: 'a configuration with one layer too few', push: single({ layersAbove: 1, config: { rootfs: { type: 'layers', diff_ids: [`sha256:${'1'.repeat(64)}`] } } }), expect: inLayers('ErrImagePull') },
  { name: 'a configuration that names another layer', push: single({ config: { rootfs: { type: 'layers', diff_ids: [`sha256:${'1'.repeat(64)}`] } } }), expect: inLayers('ErrImagePull') },
  { name: 'a command in the place of an entrypoint', push: single({ start: { Entrypoint: undefined, Cmd: ['/app'] } }), expect: runs },
  { name: 'neither entrypoint nor command', push: single({ start: { Entrypoint: undefined } }), expect: noCommand },
  { name: 'empty lists for entrypoint and command', push: single({ start: { Entrypoint: [], Cmd: [] } }), expect: noCommand },
  { name: 'neither entrypoint nor command, and the pod has arguments', push: single({ start: { Entrypoint: undefined } }), container: { args: ['/app'] }, expect: runs },
  { name: 'neither entrypoint nor command, in an index', push: index([part('linux/amd64', { start: { Entrypoint: undefined } })]), expect: inChildren('CreateContainerError') },
  { name: 'neither entrypoint nor command, and the pod has one', push: single({ start: { Entrypoint: undefined } }), container: { command: ['/app'] }, expect: runs },
  { name: 'an entrypoint that is not in the image', push: single({ start: { Entrypoint: ['/gone'] } }), expect: inLayers('RunContainerError') },
  { name: 'a user that is not in the image', push: single({ start: { User: 'nobody' } }), expect: inLayers('CreateContainerError') },
]

// biome-ignore format: a row is a line
const layers: readonly Row[] = [
  { name: 'a layer that is missing', push: withoutLayers(single()), expect: inLayers('ErrImagePull') },
  { name: 'the second of two layers that is missing', push: twoLayers, expect: inLayers('ErrImagePull') },
  { name: 'a layer whose digest is another’s', push: lying(single(), 'layer'), expect: inLayers('ErrImagePull') },
  { name: 'a layer of another size', push: single({ layerEntry: { size: 10 } }), expect: inLayers('ErrImagePull') },
  { name: 'a layer of an unknown type', push: single({ layerType: 'application/vnd.example.layer' }), expect: inLayers('CreateContainerError') },
  { name: 'an encrypted layer', push: single({ layerType: `${types.oci.layer}+gzip+encrypted` }), expect: inLayers('ErrImagePull') },
  { name: 'a layer that is not packed', push: single({ packing: 'none' }), expect: runs, old: 'same' },
  { name: 'a layer packed with zstd', push: single({ packing: 'zstd' }), expect: runs, old: 'same' },
  { name: 'a layer of Docker, not packed', push: single({ dialect: 'docker', packing: 'none' }), expect: runs },
  { name: 'a layer of Docker, packed with zstd', push: single({ dialect: 'docker', packing: 'zstd' }), expect: runs },
  { name: 'a layer not to be handed on', push: single({ layerType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip' }), expect: runs },
  { name: 'a foreign layer', push: single({ dialect: 'docker', layerType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' }), expect: runs },
  { name: 'five layers', push: single({ layersAbove: 4 }), expect: runs },
]

// biome-ignore format: a row is a line
const artifacts: readonly Row[] = [
  { name: 'a Helm chart', push: chart, expect: noImage, old: 'same' },
  { name: 'a Helm chart, with a command', push: chart, container: { command: ['/x'] }, expect: startsNothing, old: 'same' },
  { name: 'an artifact with an empty configuration', push: artifact('application/vnd.oci.empty.v1+json', 'application/vnd.example', { artifactType: 'application/vnd.example' }), expect: noImage },
  { name: 'a signature', push: artifact(types.oci.config, 'application/vnd.dev.cosign.simplesigning.v1+json'), expect: noImage },
  { name: 'a module of WebAssembly', push: artifact('application/vnd.wasm.config.v0+json', 'application/wasm'), expect: noImage },
  { name: 'an attestation by its digest', push: attestation.craft, expect: noImage },
  { name: 'an index of charts', push: index([{ craft: chart, entry: {} }]), expect: inChildren('ErrImagePull') },
  { name: 'an index of a chart and an image', push: index([{ craft: chart, entry: {} }, part('linux/amd64')]), expect: runs },
]

const app = (path: string, bytes: Uint8Array | string) => runnable(path, bytes)

/** What a configuration says of the platform, and what the program was built for. */
// biome-ignore format: a row is a line
const labels: readonly Row[] = [
  { name: 'for arm64', push: single({ platform: 'linux/arm64' }), expect: otherPlatform, old: 'same' },
  { name: 'for arm64, of Docker', push: single({ dialect: 'docker', platform: 'linux/arm64' }), expect: otherPlatform },
  { name: 'for arm/v7', push: single({ platform: 'linux/arm/v7' }), expect: otherPlatform },
  { name: 'for riscv64', push: single({ platform: 'linux/riscv64' }), expect: otherPlatform },
  { name: 'for s390x', push: single({ platform: 'linux/s390x' }), expect: otherPlatform },
  { name: 'for 386', push: single({ platform: 'linux/386' }), expect: runs, old: 'same' },
  { name: 'for arm64, by digest out of an index', push: offering(['linux/arm64', 'linux/amd64']), image: '$@%child', expect: otherPlatform },
  { name: 'labelled arm64, and the program is for amd64', push: single({ platform: 'linux/arm64', program: 'amd64' }), expect: mislabelled, old: 'same' },
  { name: 'labelled arm64, and the program is for 386', push: single({ platform: 'linux/arm64', program: '386' }), expect: mislabelled },
  { name: 'labelled arm64, the program for amd64, packed with zstd', push: single({ platform: 'linux/arm64', program: 'amd64', packing: 'zstd' }), expect: mislabelled },
  { name: 'labelled arm64, the program for amd64, not packed', push: single({ platform: 'linux/arm64', program: 'amd64', packing: 'none' }), expect: mislabelled },
  { name: 'labelled arm64, the program for amd64 below other layers', push: single({ platform: 'linux/arm64', program: 'amd64', layersAbove: 3 }), expect: mislabelled },
  { name: 'labelled arm64, the program for amd64 found by PATH', push: single({ platform: 'linux/arm64', files: [app('bin/tool', ending('amd64'))], start: { Entrypoint: ['tool'], Env: ['PATH=/usr/bin:/bin'] } }), expect: mislabelled },
  { name: 'labelled arm64, the program for amd64 found by the folder', push: single({ platform: 'linux/arm64', files: [app('srv/tool', ending('amd64'))], start: { Entrypoint: ['./tool'], WorkingDir: '/srv' } }), expect: mislabelled },
  { name: 'labelled arm64, a script whose program is for amd64', push: single({ platform: 'linux/arm64', files: [app('run', '#!/bin/tool\n'), app('bin/tool', ending('amd64'))], start: { Entrypoint: ['/run'] } }), expect: mislabelled },
  { name: 'labelled arm64, a script whose program is for arm64', push: single({ platform: 'linux/arm64', files: [app('run', '#!/bin/tool\n'), app('bin/tool', ending('arm64'))], start: { Entrypoint: ['/run'] } }), expect: otherPlatform },
  { name: 'labelled arm64, and the pod’s command is for amd64', push: single({ platform: 'linux/arm64', files: [app('app', ending('arm64')), app('other', ending('amd64'))] }), container: { command: ['/other'] }, expect: mislabelled },
  { name: 'labelled arm64, and the pod’s command is for arm64', push: single({ platform: 'linux/arm64', files: [app('app', ending('amd64')), app('other', ending('arm64'))] }), container: { command: ['/other'] }, expect: otherPlatform },
  { name: 'labelled amd64, and the program is for arm64', push: single({ program: 'arm64' }), expect: inLayers('exec format error') },
  { name: 'labelled windows, and the program is for windows', push: single({ platform: 'windows/amd64', files: [app('app', Buffer.from('MZ'))] }), expect: { codes: ['other-platform'], end: 'CreateContainerError' } },
  { name: 'labelled windows, and the program is for linux', push: single({ platform: 'windows/amd64', program: 'amd64' }), expect: doubted(['runtime-differs'], 'CreateContainerError', doubts.settings), old: mislabelled },
  { name: 'labelled darwin, and the program is for linux', push: single({ platform: 'darwin/amd64', program: 'amd64' }), expect: doubted(['runtime-differs'], 'CreateContainerError', doubts.settings) },
  { name: 'for arm64, and the tag is another', push: single({ platform: 'linux/arm64' }), image: '$:gone', expect: notFound },
]

/** Shapes of images. */
export const shapes: readonly Row[] = [...images, ...configurations, ...layers, ...artifacts, ...labels]
