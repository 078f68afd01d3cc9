import { askedImages } from '../cli/asked-images.ts'
import { describe } from '../cli/describe.ts'
import type { Platform } from '../image/platform.ts'
import { deadlineIn } from '../lib/deadline.ts'
import type { Exchanged } from '../registry/observe.ts'
import { type Outcome, verdictOutcome, worstOutcome } from '../verdict/verdict.ts'
import { createEngine } from './engine.ts'
import { networkOf } from './network.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'

/** Options of `pullgate check`. */
export interface CheckOptions {
  readonly images: readonly string[]
  readonly platforms: readonly Platform[]
  readonly certsDirs: readonly string[]
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

/** Asks about images, and says what is thought of them. */
export const check = async (options: CheckOptions, { stdout, stderr, environment }: Surroundings): Promise<number> => {
  const log = (text: string): void => void stderr.write(`${text}\n`)
  const engine = await createEngine({
    platforms: options.platforms,
    addresses: { refuse: [], allow: [] },
    strictness: 'workstation',
    network: networkOf(environment, options.certsDirs),
    observe: exchanged => {
      if (options.trace) log(traceLine(exchanged))
    },
    log,
  })
  const { verdicts } = await engine.check(askedImages(options.images), deadlineIn(options.timeoutMs))
  await engine.close()
  for (const verdict of verdicts) if (verdict.kind === 'judged') stdout.write(`${describe(verdict)}\n`)
  return exitCodeOf[worstOutcome(verdicts.map(verdictOutcome))]
}
