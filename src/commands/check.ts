import { askedImages } from '../cli/asked-images.ts'
import { describe } from '../cli/describe.ts'
import { deadlineIn } from '../lib/deadline.ts'
import type { Exchanged } from '../registry/observe.ts'
import { type Outcome, type Verdict, verdictOutcome, worstOutcome } from '../verdict/verdict.ts'
import { type ConfigurationFlags, settingsOf, withFlags } from './configuration.ts'
import { loadConfiguration } from './configuration-file.ts'
import { createEngine, engineMemory } from './engine.ts'
import { ownKeychain } from './keychain.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'

/** Options of `pullgate check`. */
export interface CheckOptions {
  readonly images: readonly string[]
  /** The file of the configuration; undefined: the one that is found. */
  readonly config: string | undefined
  readonly flags: ConfigurationFlags
  readonly timeoutMs: number
  /** Whether each request is shown. */
  readonly trace: boolean
}

const exitCodeOf: Readonly<Record<Outcome, number>> = {
  pass: exitCodes.done,
  fail: exitCodes.findings,
  unknown: exitCodes.undetermined,
}

const traceLine = ({ method, url, outcome, tookMs }: Exchanged): string =>
  `${method.padEnd(4)} ${url}  ${outcome}  ${Math.round(tookMs)} ms`

const textOf = (verdict: Verdict): string =>
  verdict.kind === 'judged' ? describe(verdict) : `skip  ${verdict.use.image.text}\n  the configuration ignores it`

/** Asks about images, and says what is thought of them. */
export const check = async (options: CheckOptions, surroundings: Surroundings): Promise<number> => {
  const { stdout, stderr, environment, folder } = surroundings
  const log = (text: string): void => void stderr.write(`${text}\n`)
  const loaded = await loadConfiguration(options.config, folder)
  if (!loaded.ok) {
    log(loaded.error.join('\n'))
    return exitCodes.usage
  }
  const settings = settingsOf(withFlags(loaded.value.configuration, options.flags), environment)
  const engine = await createEngine({
    ...settings,
    strictness: 'workstation',
    memory: engineMemory(settings.cache),
    keychain: await ownKeychain({
      ...settings,
      sources: undefined,
      hasCrio: () => false,
      nowMs: () => performance.now(),
      log,
    }),
    nodes: undefined,
    hasCrio: () => false,
    observe: exchanged => {
      if (options.trace) log(traceLine(exchanged))
    },
    log,
  })
  const { verdicts } = await engine.check(askedImages(options.images), deadlineIn(options.timeoutMs))
  await engine.close()
  for (const verdict of verdicts) stdout.write(`${textOf(verdict)}\n`)
  return exitCodeOf[worstOutcome(verdicts.map(verdictOutcome))]
}
