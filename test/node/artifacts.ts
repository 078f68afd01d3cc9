import { gzipSync } from 'node:zlib'
import { contentOf, descriptorOf, jsonContent } from '../../src/demo/content.ts'
import { tarOf } from '../../src/demo/tar.ts'
import { type Craft, type Json, text, types } from './images.ts'

/** Another kind of artifact in the shape of an image. */
export const artifact =
  (configType: string, layerType: string, manifest: Json = {}): Craft =>
  salt => {
    const config = jsonContent(configType, { name: salt })
    const layer = contentOf(layerType, gzipSync(tarOf([text('content', salt)])))
    const top = jsonContent(types.oci.manifest, {
      schemaVersion: 2,
      mediaType: types.oci.manifest,
      config: descriptorOf(config),
      layers: [descriptorOf(layer)],
      ...manifest,
    })
    return { top, manifests: [top], blobs: [config, layer] }
  }

/** A Helm chart. */
export const chart: Craft = artifact(
  'application/vnd.cncf.helm.config.v1+json',
  'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
)
