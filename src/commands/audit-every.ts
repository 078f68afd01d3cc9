import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createKnowledge } from '../audit/knowledge.ts'
import { knownCounts } from '../audit/round.ts'
import { createEvents } from '../cluster/events.ts'
import { serviceAccountDirectory } from '../cluster/in-cluster.ts'
import { waitByClock } from '../cluster/wait.ts'
import type { AuditOptions } from './audit.ts'
import { createKeeping } from './audit-keeping.ts'
import { createAuditPages } from './audit-pages.ts'
import { runRounds } from './audit-rounds.ts'
import { createStored } from './audit-stored.ts'
import { connectAudited, createAuditor } from './auditor.ts'
import { createClosers } from './closers.ts'
import { settingsOf, withFlags } from './configuration.ts'
import { loadConfiguration } from './configuration-file.ts'
import { startMetrics } from './metrics-server.ts'
import { startPages } from './page-server.ts'
import { everyAddress } from './plain-server.ts'
import { processTelemetry } from './process-telemetry.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'
import { reportContext } from './targets.ts'

/** Options of `pullgate audit --every`. */
export interface AuditEveryOptions extends Omit<AuditOptions, 'targets' | 'compare' | 'unknown' | 'failOn'> {
  readonly everyMs: number
  /** The Lease and the ConfigMap; undefined: `pullgate-audit` in the namespace that this process runs in. */
  readonly keptAt: { readonly namespace: string; readonly name: string } | undefined
  readonly metricsPort: number | undefined
}

const defaultRate = 5

const ownNamespace = async (): Promise<string> =>
  readFile(join(serviceAccountDirectory, 'namespace'), 'utf8').then(
    text => text.trim(),
    () => 'default',
  )

/** Audits the cluster again and again until somebody stops it. */
export const auditEvery = async (options: AuditEveryOptions, surroundings: Surroundings): Promise<number> => {
  const { stderr, stdout, environment, folder, onStop } = surroundings
  const stopped = new AbortController()
  onStop(() => stopped.abort())
  const closers = createClosers()
  const telemetry = processTelemetry(surroundings)
  closers.add(async () => telemetry.close())
  const { log } = telemetry
  const failed = async (sentence: string): Promise<number> => {
    stderr.write(`${sentence}\n`)
    await closers.close()
    return exitCodes.usage
  }

  const loaded = await loadConfiguration(options.config, folder)
  if (!loaded.ok) return failed(loaded.error.join('\n'))
  const settings = settingsOf(withFlags(loaded.value.configuration, options.flags), environment)
  const cluster = await connectAudited({ environment, context: options.context, log })
  if (!cluster.ok) return failed(cluster.error)
  closers.add(cluster.value.close)
  const { everyMs, perSecond = defaultRate } = options
  const auditor = await createAuditor({
    ...{ settings, cluster: cluster.value, perSecond, telemetry, log, strictness: 'cluster' },
    // The next round asks again, and this one only once. Whole seconds, since caches count in whole milliseconds.
    foundSeconds: Math.max(1, Math.floor((everyMs / 1000) * 0.7)),
  })
  closers.add(auditor.close)

  if (options.metricsPort !== undefined) {
    const metrics = await startMetrics(telemetry, everyAddress, options.metricsPort, () => true)
    if (!metrics.ok) return failed(metrics.error)
    closers.add(metrics.value.close)
  }
  const keptAt = options.keptAt ?? { namespace: await ownNamespace(), name: 'pullgate-audit' }
  const knowledge = createKnowledge(keptAt)
  const context = () => ({ ...reportContext('audit', 0, surroundings), colours: false })
  if (options.serve !== undefined) {
    const { formats } = await import('../report/formats.ts')
    const nowMs = (): number => performance.now()
    const { api } = cluster.value
    const { load } = createKeeping({ api, keptAt, wait: waitByClock, log })
    const written = createAuditPages({
      ...{ knowledge, nowMs, stored: createStored({ api, load, nowMs }) },
      sheet: gaps => auditor.sheet({ entries: knowledge.entries(), whole: true }, gaps),
      html: sheet => formats.html(sheet, context()),
      json: sheet => formats.json(sheet, context()),
    })
    const pages = await startPages(written, options.serve)
    if (!pages.ok) return failed(pages.error)
    closers.add(pages.value.close)
    stdout.write(`the page is at ${pages.value.url}\n`)
  }
  stdout.write(`pullgate audits the cluster every ${everyMs / 1000} s\n`)
  const events = createEvents(cluster.value.api, {
    ...{ reporter: 'pullgate-audit', instance: hostname() },
    nowMs: () => performance.now(),
    wallClock: () => new Date(),
  })
  closers.add(async () => events.close())
  await runRounds(
    {
      ...{ auditor, api: cluster.value.api, everyMs, keptAt, context, events, log, scope: options.scope },
      knowledge,
      counted: round => {
        knowledge.counted(round)
        telemetry.audited(() => knownCounts(round), round.done.size, round.startedMs)
      },
    },
    stopped.signal,
  )
  if (!stopped.signal.aborted) await once(stopped.signal, 'abort')
  await closers.close()
  return exitCodes.done
}
