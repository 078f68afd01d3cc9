import { type Audited, audit as auditOwners } from '../audit/audit.ts'
import { createGuest } from '../audit/guest.ts'
import { createPace } from '../audit/pace.ts'
import type { Progress } from '../audit/progress.ts'
import { type Scope, type Stock, takeStock } from '../audit/stock.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { waitByClock } from '../cluster/wait.ts'
import { endingIn } from '../lib/deadline.ts'
import { fail, type Result } from '../lib/result.ts'
import type { Strictness } from '../registry/dial/guard.ts'
import type { Exchanged } from '../registry/observe.ts'
import type { Sheet } from '../report/sheet.ts'
import { sheetOf } from '../report/sheet-of.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { type ClusterChoice, connectCurrent } from './cluster.ts'
import { createClusterEngine } from './cluster-engine.ts'
import type { Settings } from './configuration.ts'
import { engineMemory } from './engine.ts'

/** What an audit works with. */
export interface AuditorOptions {
  readonly settings: Settings
  readonly cluster: Cluster
  /** For how long an answer counts for every further use of the image. */
  readonly foundSeconds: number
  /** Images a second of one registry; undefined: as fast as it answers. */
  readonly perSecond: number | undefined
  readonly strictness: Strictness
  readonly telemetry: Telemetry | undefined
  readonly log: (text: string) => void
}

/** Judges what a cluster has. */
export interface Auditor {
  readonly stock: (scope: Scope, signal: AbortSignal) => Promise<Result<Stock, string>>
  readonly judge: (
    owners: Stock['owners'],
    progress: (progress: Progress) => void,
    signal: AbortSignal,
  ) => Promise<Audited>
  readonly sheet: (audited: Audited, gaps: readonly string[]) => Sheet
  readonly close: () => Promise<void>
}

const pageSize = 500
const pageMs = 30_000
const ownerMs = 60_000
// Twice the connections to a host: more would only stand in its queue, and be turned away when that grows long.
const sideBySide = 16
const settleMs = 15_000
const nowMs = (): number => performance.now()

// What an audit takes minutes for, no secret changes much in.
const secretSeconds = 300

/** Connects to the cluster that is audited; a sentence where it cannot. */
export const connectAudited = (choice: Omit<ClusterChoice, 'foundSeconds'>): Promise<Result<Cluster, string>> =>
  connectCurrent({ ...choice, foundSeconds: secretSeconds })

/** Puts together what an audit works with, and waits until the nodes are known. */
export const createAuditor = async (options: AuditorOptions): Promise<Auditor> => {
  const { settings, cluster, perSecond, telemetry } = options
  const guest = createGuest(nowMs)
  // Who asks for everything asks for nothing twice.
  const { foundSeconds } = options
  const cache = { ...settings.cache, foundSeconds, absentSeconds: foundSeconds }
  const observe = (exchanged: Exchanged): void => {
    guest.note(exchanged)
    telemetry?.exchanged(exchanged)
  }
  const memory = engineMemory(cache)
  const engine = await createClusterEngine({
    ...options,
    ...{ settings: { ...settings, cache }, memory, observe, audit: { isSpared: guest.isSpared } },
  })
  await cluster.nodes.settled(AbortSignal.timeout(settleMs))
  // In the last two stocks, the latest first.
  let [last, lastButOne] = [new Set<string>(), new Set<string>()]
  const pace = createPace({ perSecond, nowMs, wait: waitByClock })
  return {
    stock: async (scope, signal) => {
      const { kinds } = settings
      const troubled = new Set([...last].filter(group => lastButOne.has(group)))
      const listing = { api: cluster.api, kinds, troubled, pageSize, pageMs, wait: waitByClock, random: Math.random }
      const stock = await takeStock(listing, scope, signal)
      if (stock.ok && !signal.aborted) [last, lastButOne] = [new Set(stock.value.troubled), last]
      return stock.ok ? stock : fail(`The cluster cannot be read: ${stock.error.kind}.`)
    },
    judge: (owners, progress, signal) => {
      const startedMs = nowMs()
      let count = 0
      const done = (): void => {
        count += 1
        progress({ done: count, of: owners.length, tookMs: nowMs() - startedMs })
      }
      const within = (over: AbortSignal): AbortSignal => endingIn(ownerMs, over)
      const manners = { guest, pace, sideBySide, within, isForecast: Array.isArray(settings.platforms) }
      return auditOwners(owners, { ...manners, check: engine.check, done }, signal)
    },
    sheet: ({ entries }, gaps) => sheetOf({ entries, policy: settings.policy, gaps }),
    close: engine.close,
  }
}
