import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { waitByClock } from '../cluster/wait.ts'
import type { Configuration } from '../config/configuration.ts'
import { loadProviders } from '../credentials/provider/load-providers.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { type Closers, createClosers } from './closers.ts'
import { type ConfigurationFlags, type Settings, settingsOf, withFlags } from './configuration.ts'
import { type Loaded, loadConfiguration } from './configuration-file.ts'
import { drain } from './drain.ts'
import { startMetrics } from './metrics-server.ts'
import { processTelemetry } from './process-telemetry.ts'
import { type Watch, type WatchOptions, watchConfiguration } from './reload.ts'
import { type SelfTestOptions, selfTest, trialLine } from './self-test.ts'
import { openServing, type Serving, type ServingOptions } from './serving.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'

/** Options of `pullgate serve`. */
export interface ServeOptions extends Pick<ServingOptions, 'host' | 'port' | 'names' | 'context' | 'serving'> {
  /** Where the authority's certificate is written; undefined: nowhere. */
  readonly caFile: string | undefined
  /** The file of the configuration; undefined: the one that is found. */
  readonly config: string | undefined
  /** Where metrics are served; undefined: nowhere. */
  readonly metricsPort: number | undefined
  /** Tries everything and ends, instead of serving. */
  readonly selfTest: boolean
  readonly flags: ConfigurationFlags
}

/** What lasts from the start of the process to its end. */
interface Stage {
  readonly options: ServeOptions
  readonly surroundings: Surroundings
  readonly telemetry: Telemetry
  readonly closers: Closers
  readonly loaded: Loaded
  readonly settingsFrom: (configuration: Configuration) => Settings
  readonly ready: { is: boolean }
  readonly stopped: AbortSignal
}

// A change counts once it was seen twice, so that it holds within ten seconds.
const lookEveryMs = 5000

/** Serves the webhook until somebody stops it. */
export const serve = async (options: ServeOptions, surroundings: Surroundings): Promise<number> => {
  const { stderr, environment, folder, onStop, onReload } = surroundings
  const [telemetry, closers, stopping] = [processTelemetry(surroundings), createClosers(), new AbortController()]
  onStop(() => stopping.abort())
  // From the beginning: who asks too early would end the process otherwise.
  const reload = { now: (): void => {} }
  onReload(() => reload.now())

  const perform = async (): Promise<Result<number, readonly string[]>> => {
    const loaded = await loadConfiguration(options.config, folder)
    if (!loaded.ok) return loaded
    // What the flags say goes on to hold when the file says something else.
    const settingsFrom = (read: Configuration): Settings => settingsOf(withFlags(read, options.flags), environment)
    const ready = { is: false }
    const all = { options, surroundings, telemetry, closers, settingsFrom, ready, stopped: stopping.signal }
    const stage: Stage = { ...all, loaded: loaded.value }
    const code = await (options.selfTest ? tryAll(stage) : serveOn(stage, reload))
    return code.ok ? code : fail([code.error])
  }
  const code = await perform()
  await closers.close()
  telemetry.close()
  if (code.ok) return code.value
  stderr.write(`${code.error.join('\n')}\n`)
  return exitCodes.usage
}

const open = ({ options, surroundings, loaded, ...stage }: Stage, port: number): Promise<Result<Serving, string>> => {
  const { host, names, context, serving } = options
  const { configuration } = loaded
  const { telemetry, closers, ready, settingsFrom, stopped } = stage
  const { environment } = surroundings
  const settings = settingsFrom(configuration)
  const given = { host, port, names, context, serving, configuration, settings, environment, telemetry, closers }
  return openServing({ ...given, isReady: () => ready.is }, stopped)
}

const trialsOf = async (stage: Stage, { webhook, certificate, cluster, authority }: Serving) => {
  const { options: given, loaded, settingsFrom } = stage
  const { events, credentials } = settingsFrom(loaded.configuration)
  const options: SelfTestOptions = {
    configuration: loaded.from?.path ?? 'the defaults',
    certificate: certificate.current(),
    ...{ cluster, authority, events, check: webhook.check },
    readsPullSecrets: given.serving.pullSecrets,
    providers: credentials.providers && (await loadProviders(credentials.providers.config)),
    testImage: loaded.configuration.serve.testImage,
    wallClock: () => new Date(),
  }
  return selfTest(options)
}

/** Tries everything, on a port that nobody knows of. */
const tryAll = async (stage: Stage): Promise<Result<number, string>> => {
  const serving = await open(stage, 0)
  if (!serving.ok) return serving
  const trials = await trialsOf(stage, serving.value)
  for (const trial of trials) stage.surroundings.stdout.write(`${trialLine(trial)}\n`)
  return ok(trials.some(({ outcome }) => outcome === 'wrong') ? exitCodes.findings : exitCodes.done)
}

const serveOn = async (stage: Stage, reload: { now: () => void }): Promise<Result<number, string>> => {
  const { options, closers, loaded, ready, stopped, telemetry, settingsFrom } = stage
  const { stdout, folder } = stage.surroundings
  const metrics = await openMetrics(stage)
  if (!metrics.ok) return metrics
  const serving = await open(stage, options.port)
  if (!serving.ok) return serving
  const { webhook, cluster } = serving.value
  const problem = await writeCa(options.caFile, webhook.caPem)
  if (problem !== undefined) return fail(problem)

  let settings = settingsFrom(loaded.configuration)
  const change = (read: Configuration): Promise<void> => {
    settings = settingsFrom(read)
    return webhook.change(settings)
  }
  const { log, reloaded } = telemetry
  const watch = watched(loaded, { folder, change, log, looked: reloaded, everyMs: lookEveryMs })
  closers.add(watch.close)
  reload.now = watch.look
  ready.is = true
  stdout.write(`pullgate serves ${webhook.url}/validate\n`)
  if (metrics.value !== undefined) stdout.write(`its metrics: ${metrics.value}\n`)
  if (cluster !== undefined || loaded.configuration.serve.testImage !== undefined) void logTrials(stage, serving.value)
  if (!stopped.aborted) await once(stopped, 'abort')
  ready.is = false
  // Where no cluster is known, none sends anybody here.
  const mostMs = cluster === undefined ? 0 : settings.drainMs
  const timing = { mostMs, nowMs: () => performance.now(), wait: waitByClock }
  await drain({ server: webhook.server, ...timing }, new AbortController().signal)
  return ok(exitCodes.done)
}

/** Serves the metrics from the beginning on: how we are is asked before we are ready. Undefined: nobody wants them. */
const openMetrics = async ({
  options,
  telemetry,
  closers,
  ready,
}: Stage): Promise<Result<string | undefined, string>> => {
  if (options.metricsPort === undefined) return ok(undefined)
  const metrics = await startMetrics(telemetry, options.host, options.metricsPort, () => ready.is)
  if (!metrics.ok) return metrics
  closers.add(metrics.value.close)
  return ok(metrics.value.url)
}

/** Logs what is not well; one line where all is. */
const logTrials = async (stage: Stage, serving: Serving): Promise<void> => {
  const { log } = stage.telemetry
  const trials = await trialsOf(stage, serving)
  const unwell = trials.filter(({ outcome }) => outcome !== 'well')
  for (const { what } of unwell) log(`self-test: ${what}`)
  if (unwell.length === 0) log(`self-test: all ${trials.length} trials went well`, 'info')
}

const watched = ({ from }: Loaded, options: Omit<WatchOptions, 'file' | 'text'>): Watch => {
  if (from !== undefined) return watchConfiguration({ file: from, text: from.text, ...options })
  return {
    look: () => options.log('There is no configuration file to read anew: none was found at the start.'),
    close: () => Promise.resolve(),
  }
}

/** Writes the authority's certificate; a sentence where it cannot. */
const writeCa = async (file: string | undefined, caPem: string): Promise<string | undefined> => {
  if (file === undefined) return undefined
  try {
    await writeFile(file, caPem)
    return undefined
  } catch (error) {
    return `${file} cannot be written (${(error as NodeJS.ErrnoException).code}): choose another with --ca-file.`
  }
}
