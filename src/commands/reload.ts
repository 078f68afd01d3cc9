import type { Configuration } from '../config/configuration.ts'
import type { Reload } from '../telemetry/own-metrics.ts'
import { type ConfigurationFile, readConfigurationFile } from './configuration-file.ts'

/** Options of a watch over a file of configuration. */
export interface WatchOptions {
  readonly file: ConfigurationFile
  /** The folder that the file's path is taken from. */
  readonly folder: string
  /** What it said when it was read last. */
  readonly text: string
  readonly change: (configuration: Configuration) => Promise<void>
  readonly log: (text: string) => void
  /** Told how each look ended that was more than a glance. */
  readonly looked: (reload: Reload) => void
  readonly everyMs: number
}

/** A watch over a file of configuration. */
export interface Watch {
  /** Looks at once, because somebody says that the file is ready. */
  readonly look: () => void
  /** Ends it, as soon as a look that is under way is over. */
  readonly close: () => Promise<void>
}

type Occasion = 'clock' | 'asked'

/**
 * Looks every so often whether a file says something else than it did, and at once when the process is told to. To be told
 * of changes by the system fails on mounts that swap links, as those of ConfigMaps do. What cannot be used is complained of
 * once, and what held before goes on.
 */
export const watchConfiguration = ({ file, folder, text, change, log, looked, everyMs }: WatchOptions): Watch => {
  // What was last dealt with, and what was seen since: a text counts once it was seen twice, for somebody may be writing it.
  let settled: string | undefined = text
  let seen: string | undefined = text

  const look = async (occasion: Occasion): Promise<void> => {
    const read = await readConfigurationFile(file, folder)
    const found = read.ok ? read.value.text : (read.error.text ?? `\0${read.error.lines.join()}`)
    const isComplete = occasion === 'asked' || found === seen
    seen = found
    if (!isComplete || (found === settled && occasion === 'clock')) return
    const isNews = found !== settled
    settled = found
    looked(read.ok ? (isNews ? 'changed' : 'unchanged') : 'refused')
    if (read.ok) {
      if (isNews) await change(read.value.configuration)
      log(isNews ? `${file.path} was read anew, and holds from now on.` : `${file.path} says what it said before.`)
    } else
      log([`${file.path} cannot be used as it is now; what was read before goes on.`, ...read.error.lines].join('\n'))
  }

  // One after another.
  let last = Promise.resolve()
  let isClosed = false
  const lookNext = (occasion: Occasion): void => {
    if (isClosed) return
    const bug = (error: unknown): void =>
      log(
        `${file.path} could not be put to use for a reason of our own: ${error instanceof Error ? error.stack : String(error)}`,
      )
    last = last.then(() => look(occasion)).catch(bug)
  }
  const timer = setInterval(() => lookNext('clock'), everyMs)
  return {
    look: () => lookNext('asked'),
    close: async () => {
      isClosed = true
      clearInterval(timer)
      await last
    },
  }
}
