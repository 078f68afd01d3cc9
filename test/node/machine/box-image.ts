import { gzipSync } from 'node:zlib'
import { contentOf, descriptorOf, type Image, jsonContent } from '../../../src/demo/content.ts'
import { tarOf } from '../../../src/demo/tar.ts'
import { type BoxArchitecture, boxProgram } from './built.ts'

const oci = 'application/vnd.oci.image'

/** An image that really runs: one layer, with the program that sleeps. Those of another salt share no layer with it. */
export const boxImage = (salt: string, architecture: BoxArchitecture = 'amd64'): Image => {
  const tar = tarOf([
    { path: 'box', mode: 0o755, bytes: boxProgram(architecture) },
    { path: 'salt', mode: 0o644, bytes: Buffer.from(salt) },
  ])
  const layer = contentOf(`${oci}.layer.v1.tar+gzip`, gzipSync(tar, { level: 1 }))
  const config = jsonContent(`${oci}.config.v1+json`, {
    os: 'linux',
    architecture,
    config: { Entrypoint: ['/box'] },
    rootfs: { type: 'layers', diff_ids: [contentOf('', tar).digest] },
  })
  const top = jsonContent(`${oci}.manifest.v1+json`, {
    schemaVersion: 2,
    mediaType: `${oci}.manifest.v1+json`,
    config: descriptorOf(config),
    layers: [descriptorOf(layer)],
  })
  return { top, manifests: [top], blobs: [config, layer] }
}
