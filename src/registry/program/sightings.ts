import { posix } from 'node:path'
import { createLayerInReading, type LayerFiles, type Noted } from './layer-files.ts'
import type { Program } from './program.ts'
import { type Outcome, resolveProgram, type Start, searchedDirectories } from './resolve-program.ts'
import type { TarEntry } from './tar.ts'
import { createWitnesses } from './witnesses.ts'

/** Whether to read on. */
export type Next = 'more' | 'enough'

/** What has been seen of a layer. */
export interface LayerSightings {
  readonly add: (entry: TarEntry) => Next
  readonly end: () => Next
}

/** All that has been seen so far of an image, whatever the order of its layers in reading. */
export interface Sightings {
  /** Begins a layer; the top one has the highest number. */
  readonly layer: (index: number) => LayerSightings
  /** What it comes to, at any time. */
  readonly conclusion: () => Program
}

// What is kept are names that a stranger chose. A real image has some ten thousand of links, directories and programs.
const mostCharacters = 16 * 1024 * 1024
const charactersOfAnEntry = 100

// Each costs some milliseconds at worst, and a name may be made to come up again and again.
const mostAttempts = 64

const charactersOf = ({ path, kept }: Noted): number =>
  charactersOfAnEntry + path.length + (kept?.kind === 'link' ? kept.target.length : 0)

/** Gathers what is seen of an image that is to be started so. */
export const createSightings = (start: Start): Sightings => {
  const layers = new Map<number, LayerFiles>()
  const witnesses = createWitnesses(searchedDirectories(start))
  let outcome: Outcome = resolveProgram(start, [])
  let [room, attempts] = [mostCharacters, 0]

  const attempt = (): Next => {
    const topFirst = [...layers].sort(([a], [b]) => b - a).map(([, files]) => files)
    outcome = resolveProgram(start, topFirst)
    return outcome.kind === 'missing' && room > 0 ? 'more' : 'enough'
  }

  const layer = (index: number): LayerSightings => {
    const { files, add } = createLayerInReading()
    layers.set(index, files)
    const note = (noted: Noted): Next => {
      const { path, kept } = noted
      room -= charactersOf(noted)
      if (room <= 0) return 'enough'
      if (kept?.kind === 'program') witnesses.add(path, kept.platform)
      const isAwaited = outcome.kind === 'missing' && outcome.names.has(posix.basename(path))
      return isAwaited && attempts++ < mostAttempts ? attempt() : 'more'
    }
    return {
      add: entry => {
        const noted = add(entry)
        return noted === undefined ? 'more' : note(noted)
      },
      end: attempt,
    }
  }
  return {
    layer,
    conclusion: () => (outcome.kind === 'program' ? { kind: 'found', platform: outcome.platform } : witnesses.agreed()),
  }
}
