import type { Content, Image } from '../../../src/demo/content.ts'
import type { Scene } from './fault.ts'
import { type Lab, web } from './lab.ts'

/** What containerd takes for a manifest at the most. */
export const mostManifestBytes = 4_393_216

/** The media type of an index. */
export const indexType = web.top.mediaType

/** An image of a registry whose top is this, however bad. */
export const topped = async (lab: Lab, top: Content, more: Partial<Image> = {}): Promise<Scene> => {
  const registry = await lab.registry()
  registry.put('shop/web', 'odd', { top, manifests: [top], blobs: [], ...more })
  return { image: `${registry.host}/shop/web:odd` }
}
