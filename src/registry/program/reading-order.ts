import type { Layer } from './layer.ts'

/** A layer, and its place: the top one has the highest number. */
export interface PlacedLayer {
  readonly index: number
  readonly layer: Layer
}

// Two empty blocks, as gzip packs them: the layer that docker writes for a step that changes no file.
const emptyLayerBytes = 32

const smallBytes = 512 * 1024

const isWorthReading = ({ layer }: PlacedLayer): boolean =>
  layer.sizeBytes > emptyLayerBytes && !layer.mediaType.endsWith('+encrypted')

/**
 * The layers in the order in which they are read: what is likely and cheap comes first. Of the small ones, which cost
 * little more than the request, the last: it has the entrypoint's script, or the program of a small image. Then the
 * large ones, from the last too, since the base is at the bottom. None is too large: a header stands at the beginning
 * of its file, and archives are mostly in the order of names, so that /bin, /usr/bin and /usr/local/bin come early.
 */
export const readingOrder = (layers: readonly Layer[]): readonly PlacedLayer[] => {
  const lastFirst = layers
    .map((layer, index) => ({ index, layer }))
    .filter(isWorthReading)
    .toReversed()
  const isSmall = ({ layer }: PlacedLayer): boolean => layer.sizeBytes <= smallBytes
  return [...lastFirst.filter(isSmall), ...lastFirst.filter(placed => !isSmall(placed))]
}

/**
 * What may be read of the first of some layers: all of it, if it is no more than its even share; a large one leaves the
 * others theirs, since the entrypoint's interpreter is in the base. What one does not need goes to those after it.
 */
export const shareOf = (first: Layer, layersLeft: number, bytesLeft: number): number =>
  Math.min(Math.max(first.sizeBytes <= smallBytes ? smallBytes : 0, Math.floor(bytesLeft / layersLeft)), bytesLeft)
