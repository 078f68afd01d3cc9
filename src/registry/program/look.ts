import { firing } from '../../lib/abort.ts'
import type { Result } from '../../lib/result.ts'
import type { ProbeFailure } from '../failure.ts'
import { boundedBytes } from './bounded.ts'
import type { Layer } from './layer.ts'
import type { Program } from './program.ts'
import { type PlacedLayer, readingOrder, shareOf } from './reading-order.ts'
import type { Start } from './resolve-program.ts'
import { createSightings, type LayerSightings, type Next, type Sightings } from './sightings.ts'
import { readTar } from './tar.ts'
import { unpackedBytes } from './unpack.ts'

/** Which program is looked for, and in what. The bottom layer comes first, as in a manifest. */
export interface ProgramQuestion extends Start {
  readonly layers: readonly Layer[]
}

/**
 * Opens a layer to be read from its beginning. The signal fires as well when enough was read: the rest is then to be
 * dropped, with its connection.
 */
export type OpenLayer = (layer: Layer, signal: AbortSignal) => Promise<Result<AsyncIterable<Uint8Array>, ProbeFailure>>

/** What a look may cost. */
export interface LookOptions {
  /** As they come from the registry, of all layers together. */
  readonly mostBytes: number
  /** Unpacked, of all layers together: a bomb ends here. */
  readonly mostUnpackedBytes: number
  /** Each is a request. */
  readonly mostLayers: number
}

/** Programs pack to less than a half, text to a tenth: eight times as much is more than honest layers of 16 MiB come to. */
export const commonLook: LookOptions = {
  mostBytes: 16 * 1024 * 1024,
  mostUnpackedBytes: 8 * 16 * 1024 * 1024,
  mostLayers: 16,
}

/** A look under way. */
interface Looking {
  readonly openLayer: OpenLayer
  readonly sightings: Sightings
  readonly left: { bytes: number; unpackedBytes: number }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of source) {
    count(chunk.length)
    yield chunk
  }
}

/** The archive in a layer. Nothing that comes out of it throws: what is broken ends like what is cut. */
const archiveIn = (
  body: AsyncIterable<Uint8Array>,
  share: number,
  { left }: Looking,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> => {
  const packed = counted(boundedBytes(body, share, signal), bytes => {
    left.bytes -= bytes
  })
  return counted(boundedBytes(unpackedBytes(packed), left.unpackedBytes, signal), bytes => {
    left.unpackedBytes -= bytes
  })
}

const readEntries = async (archive: AsyncIterable<Uint8Array>, sightings: LayerSightings): Promise<Next> => {
  for await (const entry of readTar(archive)) if (sightings.add(entry) === 'enough') return 'enough'
  return sightings.end()
}

const readLayer = async (
  { index, layer }: PlacedLayer,
  share: number,
  looking: Looking,
  signal: AbortSignal,
): Promise<Next> => {
  const enough = new AbortController()
  const ends = AbortSignal.any([signal, enough.signal])
  try {
    const opened = await looking.openLayer(layer, ends)
    if (!opened.ok) return 'more'
    return await readEntries(archiveIn(opened.value, share, looking, ends), looking.sightings.layer(index))
  } finally {
    enough.abort()
  }
}

const readInOrder = async (order: readonly PlacedLayer[], looking: Looking, signal: AbortSignal): Promise<void> => {
  const { left } = looking
  for (const [position, placed] of order.entries()) {
    if (signal.aborted || left.bytes <= 0 || left.unpackedBytes <= 0) return
    const share = shareOf(placed.layer, order.length - position, left.bytes)
    if ((await readLayer(placed, share, looking, signal)) === 'enough') return
  }
}

/**
 * Looks for the program that a container of an image starts, to learn what it was built for: its label may be wrong.
 * Where that program is not found within the bounds, any that was seen will do, if those agree. The signal ends the look
 * with what was seen until then, and a layer that cannot be had is only not seen.
 *
 * No digest is checked, as a layer that is not read to its end has none. A hostile registry, or whoever stands between,
 * gains nothing as long as what is seen counts for its own repository alone: it can turn the denial of its own image,
 * which will not run, into a warning.
 */
export const lookAtProgram = async (
  question: ProgramQuestion,
  openLayer: OpenLayer,
  { mostBytes, mostUnpackedBytes, mostLayers }: LookOptions,
  signal: AbortSignal,
): Promise<Program> => {
  const sightings = createSightings(question)
  const looking = { openLayer, sightings, left: { bytes: mostBytes, unpackedBytes: mostUnpackedBytes } }
  const over = firing(signal)
  await Promise.race([readInOrder(readingOrder(question.layers).slice(0, mostLayers), looking, signal), over.fired])
  over.release()
  return sightings.conclusion()
}
