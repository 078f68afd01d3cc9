import type { Content } from '../../src/demo/content.ts'
import type { Craft } from './images.ts'

/** Takes blobs away after the image was made: a registry that lost them. */
export const without =
  (craft: Craft, lost: (blob: Content) => boolean): Craft =>
  salt => {
    const image = craft(salt)
    return { ...image, blobs: image.blobs.filter(blob => !lost(blob)) }
  }

const isConfig = ({ mediaType }: Content): boolean =>
  mediaType.includes('config') || mediaType.includes('container.image')

/** Loses the configuration. */
export const withoutConfig = (craft: Craft): Craft => without(craft, isConfig)

/** Loses the layers. */
export const withoutLayers = (craft: Craft): Craft => without(craft, blob => !isConfig(blob))

const changedBytes = (content: Content): Content => ({ ...content, bytes: Buffer.from([...content.bytes, 0x20]) })

/** Serves other bytes under the digests of some content. */
export const lying =
  (craft: Craft, about: 'config' | 'layer' | 'top' | 'child'): Craft =>
  salt => {
    const image = craft(salt)
    const isMeant = (content: Content): boolean => {
      if (about === 'top') return content === image.top
      return about === 'child' && content !== image.top
    }
    const isMeantBlob = (blob: Content): boolean =>
      about === 'config' ? isConfig(blob) : about === 'layer' && !isConfig(blob)
    return {
      top: image.top,
      manifests: image.manifests.map(each => (isMeant(each) ? changedBytes(each) : each)),
      blobs: image.blobs.map(each => (isMeantBlob(each) ? changedBytes(each) : each)),
    }
  }
