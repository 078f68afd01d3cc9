import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Knowledge } from '../audit/knowledge.ts'
import type { Round } from '../audit/round.ts'
import { auditForEver } from '../audit/rounds.ts'
import type { Scope, Stock } from '../audit/stock.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { Events } from '../cluster/events.ts'
import { type Taking, whileLeading } from '../cluster/lease.ts'
import { waitByClock } from '../cluster/wait.ts'
import { endingIn } from '../lib/deadline.ts'
import type { Context } from '../report/format.ts'
import { createKeeping } from './audit-keeping.ts'
import { createPublishing } from './audit-publishing.ts'
import type { Auditor } from './auditor.ts'

/** What continuous audits are made of. */
export interface RoundsParts {
  readonly auditor: Auditor
  readonly api: Cluster['api']
  readonly everyMs: number
  readonly scope: Scope
  /** Where the lease and the round are kept: of one replica of several at a time. */
  readonly keptAt: { readonly namespace: string; readonly name: string }
  readonly context: () => Context
  /** Told all that this replica sees. */
  readonly knowledge: Pick<Knowledge, 'turn' | 'stood' | 'found' | 'gaps' | 'version'>
  readonly events: Pick<Events, 'tell'>
  /** Told how far the round has come. */
  readonly counted: (round: Round) => void
  readonly log: (text: string) => void
}

const askMs = 15_000

/** Audits for ever, as one of several replicas: those that wait go on where the one that worked had come to. */
export const runRounds = async (parts: RoundsParts, signal: AbortSignal): Promise<void> => {
  const { auditor, api, everyMs, keptAt, counted, knowledge, log } = parts
  const [kept, { publish, begin }] = [
    createKeeping({ ...parts, wait: waitByClock }),
    createPublishing({ ...parts, wait: waitByClock }),
  ]
  const stock = async (over: AbortSignal): Promise<Stock | undefined> => {
    begin()
    const taken = await auditor.stock(parts.scope, over)
    if (!over.aborted) knowledge.stood(taken.ok ? taken.value : taken.error)
    if (!taken.ok) log(taken.error)
    else for (const gap of taken.value.gaps) log(gap)
    return taken.ok ? taken.value : undefined
  }
  const judge = async (owners: Stock['owners'], over: AbortSignal) => {
    const { entries, whole } = await auditor.judge(owners, () => {}, over)
    return whole ? entries : undefined
  }
  const isGone = async (namespace: string, over: AbortSignal): Promise<boolean> => {
    const found = await api.get(`/api/v1/namespaces/${namespace}`, endingIn(askMs, over))
    return !found.ok && found.error.kind === 'missing'
  }
  const turn = (taking: Taking): void => {
    const before = knowledge.version()
    knowledge.turn(taking)
    if (taking.kind !== 'taken' && knowledge.version() !== before) for (const gap of knowledge.gaps()) log(gap)
  }
  let latest: Round | undefined
  const told = (round: Round): void => {
    latest = round
    counted(round)
  }
  const options = { ...kept, everyMs, stock, judge, isGone, told, publish }
  const lease = {
    ...{ api, ...keptAt, wait: waitByClock },
    identity: `${hostname()}-${randomBytes(4).toString('hex')}`,
    told: turn,
  }
  await whileLeading(
    { ...lease, nowMs: () => performance.now(), today: () => new Date() },
    async over => {
      await auditForEver({ ...options, nowMs: Date.now, random: Math.random, wait: waitByClock }, over)
      // Who is asked to end still holds the lease; who has lost it has nothing to write any more.
      if (signal.aborted && latest !== undefined) await kept.keep(latest, new AbortController().signal)
    },
    signal,
  )
}
