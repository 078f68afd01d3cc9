import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { Configuration } from '../config/configuration.ts'
import { ok, type Result } from '../lib/result.ts'
import { createTelemetry, type Telemetry } from '../telemetry/telemetry.ts'
import { connectCluster } from './cluster.ts'
import { type ConfigurationFlags, type Settings, settingsOf, withFlags } from './configuration.ts'
import { type Loaded, loadConfiguration } from './configuration-file.ts'
import { type MetricsServer, startMetrics } from './metrics-server.ts'
import { type Watch, watchConfiguration } from './reload.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'
import { version } from './version.ts'
import { startWebhook, type Webhook, type WebhookOptions } from './webhook.ts'

/** Options of `pullgate serve`. */
export interface ServeOptions extends Omit<WebhookOptions, 'settings' | 'cluster' | 'telemetry' | 'log'> {
  /** A context of the kubeconfig; undefined: the cluster that it runs in, if it does. */
  readonly context: string | undefined
  /** Where the authority's certificate is written; undefined: nowhere. */
  readonly caFile: string | undefined
  /** The file of the configuration; undefined: the one that is found. */
  readonly config: string | undefined
  /** Where metrics are served; undefined: nowhere. */
  readonly metricsPort: number | undefined
  readonly flags: ConfigurationFlags
}

const partingMs = 2000

// The API server is near; who waits longer waits for one that is not there.
const settleMs = 10_000

// A change counts once it was seen twice, so that it holds within ten seconds.
const lookEveryMs = 5000

/** Serves the webhook until somebody stops it. */
export const serve = async (options: ServeOptions, surroundings: Surroundings): Promise<number> => {
  const { stdout, stderr, environment, folder, onStop, onReload } = surroundings
  const telemetry = createTelemetry({
    stream: stderr,
    isTerminal: stderr.isTTY === true,
    nowMs: () => performance.now(),
    wallClock: () => new Date(),
    version,
  })
  const { log } = telemetry
  const stopped = new AbortController()
  onStop(() => stopped.abort())
  // From the beginning: who asks too early would end the process otherwise.
  let reload = (): void => {}
  onReload(() => reload())
  const failed = (lines: readonly string[]): number => {
    stderr.write(`${lines.join('\n')}\n`)
    return exitCodes.usage
  }
  const loaded = await loadConfiguration(options.config, folder)
  if (!loaded.ok) return failed(loaded.error)
  // What the flags say goes on to hold when the file says something else.
  const settingsFrom = (configuration: Configuration): Settings =>
    settingsOf(withFlags(configuration, options.flags), environment)

  const cluster = await connectCluster({ environment, context: options.context, log })
  if (!cluster.ok) return failed([cluster.error])
  const settings = settingsFrom(loaded.value.configuration)
  const webhook = await startWebhook({ ...options, telemetry, log, cluster: cluster.value, settings })
  if (!webhook.ok) {
    await cluster.value?.close()
    return failed([webhook.error])
  }
  // Without the nodes' lists much is unknown that is known a moment later.
  await cluster.value?.nodes.settled(AbortSignal.timeout(settleMs))
  const metrics = await metricsFor(telemetry, options)
  const problem = metrics.ok ? await writeCa(options.caFile, webhook.value.caPem) : metrics.error
  if (problem === undefined && metrics.ok) {
    const watch = watched(loaded.value, webhook.value, settingsFrom, log, folder)
    reload = watch.look
    stdout.write(`pullgate serves ${webhook.value.url}/validate\n`)
    if (metrics.value !== undefined) stdout.write(`its metrics: ${metrics.value.url}\n`)
    if (!stopped.signal.aborted) await once(stopped.signal, 'abort')
    await watch.close()
    await metrics.value?.close()
  }
  await webhook.value.close()
  // A login program of the kubeconfig may hang; the process ends without it.
  await Promise.race([cluster.value?.close(), new Promise(resolve => setTimeout(resolve, partingMs).unref())])
  telemetry.close()
  return problem === undefined ? exitCodes.done : failed([problem])
}

const metricsFor = async (
  telemetry: Telemetry,
  { host, metricsPort }: ServeOptions,
): Promise<Result<MetricsServer | undefined, string>> =>
  metricsPort === undefined ? ok(undefined) : startMetrics(telemetry, host, metricsPort)

const watched = (
  { from }: Loaded,
  webhook: Webhook,
  settingsFrom: (configuration: Configuration) => Settings,
  log: (text: string) => void,
  folder: string,
): Watch => {
  if (from === undefined)
    return {
      look: () => log('There is no configuration file to read anew: none was found at the start.'),
      close: () => Promise.resolve(),
    }
  const change = (configuration: Configuration): Promise<void> => webhook.change(settingsFrom(configuration))
  return watchConfiguration({ file: from, folder, text: from.text, change, log, everyMs: lookEveryMs })
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
