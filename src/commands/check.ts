import { askUntilThere } from '../cli/awaiting.ts'
import { describe } from '../cli/describe.ts'
import type { Chart } from '../cli/input/render.ts'
import { type Judging, judge } from '../cli/judging.ts'
import type { OtherFiles } from '../cli/manifest/other-files.ts'
import { exitCodeOf, type Verdicts } from '../cli/outcome.ts'
import { createProgress } from '../cli/output/progress.ts'
import type { Target } from '../cli/output/target.ts'
import { ok, type Result } from '../lib/result.ts'
import type { Exchanged } from '../registry/observe.ts'
import { plainLines } from '../report/log-line.ts'
import { verdictOutcome, worstOutcome } from '../verdict/verdict.ts'
import type { CheckedCluster } from './check-cluster.ts'
import type { Gate } from './check-engine.ts'
import { gatherFor } from './check-input.ts'
import { createModeIn } from './check-modes.ts'
import { readOldFindings, writeReports } from './check-report.ts'
import { type ConfigurationFlags, settingsOf, withFlags } from './configuration.ts'
import { loadConfiguration } from './configuration-file.ts'
import { type Environment, exitCodes, type Surroundings } from './surroundings.ts'

/** Options of `pullgate check`. */
export interface CheckOptions extends Verdicts {
  /** Files and folders; `-` is standard input. */
  readonly paths: readonly string[]
  /** Images by their names; `-` is a list on standard input. */
  readonly images: readonly string[]
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly also: readonly OtherFiles[]
  /** A git range: only what it changed is judged. */
  readonly changed: string | undefined
  readonly kustomizations: readonly string[]
  readonly charts: readonly Chart[]
  /** Files of Secrets, or of docker's configuration. */
  readonly secrets: readonly string[]
  /** Whether the cluster of the current context is asked. */
  readonly cluster: boolean
  readonly context: string | undefined
  readonly namespace: string | undefined
  /** The file of the configuration; undefined: the one that is found. */
  readonly config: string | undefined
  readonly flags: ConfigurationFlags
  /** Time for one image. */
  readonly timeoutMs: number
  /** For how long images may still come. */
  readonly waitMs: number
  /** Empty: text, on standard output. */
  readonly targets: readonly Target[]
  readonly baseline: string | undefined
  readonly writeBaseline: string | undefined
  /** Whether each request is shown. */
  readonly trace: boolean
}

const traceLine = ({ method, url, outcome, tookMs }: Exchanged): string =>
  `${method.padEnd(4)} ${url}  ${outcome}  ${Math.round(tookMs)} ms`

/** Somebody who asks about images alone gets what is known of each. */
const describesImages = ({ paths, kustomizations, charts, targets }: CheckOptions): boolean =>
  targets.length === 0 && [...paths, ...kustomizations, ...charts].length === 0

const describeAll = ({ entries }: Judging): string =>
  entries
    .flatMap(({ report }) => report.verdicts)
    .map(verdict =>
      verdict.kind === 'judged' ? describe(verdict) : `skip  ${verdict.use.image.text}\n  the configuration ignores it`,
    )
    .map(text => `${text}\n`)
    .join('')

/** The cluster that is meant; undefined where none is, or nothing is to be asked of it. */
const connectFor = async (
  options: CheckOptions,
  isNeeded: boolean,
  environment: Environment,
  log: (text: string) => void,
): Promise<Result<CheckedCluster | undefined, string>> => {
  if (!options.cluster || !isNeeded) return ok(undefined)
  const { connectForCheck } = await import('./check-cluster.ts')
  return connectForCheck({ ...options, environment, log })
}

const seconds = (milliseconds: number): number => Math.round(milliseconds / 1000)

const sleep = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

/** Says of manifests, or of images by their names, whether they can be pulled. */
export const check = async (options: CheckOptions, surroundings: Surroundings): Promise<number> => {
  const { stdout, stderr, environment, folder } = surroundings
  const beganMs = performance.now()
  const progress = createProgress({
    write: text => void stderr.write(text),
    isWatched: stderr.isTTY === true && !environment['CI'] && !options.trace,
    nowMs: () => performance.now(),
  })
  const log = (text: string): void => {
    progress.clear()
    stderr.write(`${plainLines(text)}\n`)
  }
  const failed = (lines: readonly string[]): number => {
    log(lines.join('\n'))
    return exitCodes.usage
  }

  const loaded = await loadConfiguration(options.config, folder)
  if (!loaded.ok) return failed(loaded.error)
  const settings = settingsOf(withFlags(loaded.value.configuration, options.flags), environment)
  const old = await readOldFindings(options.baseline, folder)
  if (!old.ok) return failed([old.error])
  const gathered = await gatherFor(options, settings.kinds, surroundings)
  if (!gathered.ok) return failed([gathered.error])
  for (const line of gathered.value.said) log(line)

  const observe = (exchanged: Exchanged): void => {
    if (options.trace) log(traceLine(exchanged))
  }
  const { objects, holdings } = gathered.value
  const connected = await connectFor(options, objects.length > 0, environment, log)
  if (!connected.ok) return failed([connected.error])
  const cluster = connected.value?.cluster
  const parts = { connected: connected.value, settings, ...gathered.value, environment, observe, log }
  let gate: Gate | undefined
  const judging = await judge({
    objects,
    settings,
    modeIn: createModeIn(holdings, cluster, options.namespace),
    known: old.value,
    ask: async questions => {
      if (questions.length === 0) return []
      // What asks registries takes longer to load than a file to read.
      const { openGate } = await import('./check-engine.ts')
      gate = await openGate(parts)
      return askUntilThere(questions, {
        check: gate.check,
        timeoutMs: options.timeoutMs,
        progress: (answered, all) => progress.show(`${answered} of ${all} questions answered`),
        waitMs: options.waitMs,
        nowMs: () => performance.now(),
        sleep,
        waiting: (missing, pauseMs) => log(`${missing} not found yet; asking again in ${seconds(pauseMs)} s.`),
      })
    },
  })
  progress.clear()
  await gate?.close()
  await cluster?.close()

  if (describesImages(options)) {
    stdout.write(plainLines(describeAll(judging)))
    // Nothing stands between a prediction and the one who asked for it.
    const outcome = worstOutcome(judging.entries.flatMap(({ report }) => report.verdicts).map(verdictOutcome))
    return exitCodeOf({ outcome, warned: false, isUnreadable: gathered.value.isUnreadable }, options)
  }
  const tookMs = performance.now() - beganMs
  return writeReports(
    { judging, gathered: gathered.value, policy: settings.policy, tookMs, options, log },
    surroundings,
  )
}
