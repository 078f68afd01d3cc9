import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Knowledge } from '../audit/knowledge.ts'
import { ownerEvents } from '../audit/owner-events.ts'
import { type Counts, formatRound, parseRound, type Round } from '../audit/round.ts'
import { auditForEver, countCodes, type Found } from '../audit/rounds.ts'
import type { Scope, Stock } from '../audit/stock.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { Events } from '../cluster/events.ts'
import { keepObject } from '../cluster/kept-object.ts'
import { type Taking, whileLeading } from '../cluster/lease.ts'
import { keepReport, removeReport, reportGroups } from '../cluster/policy-reports.ts'
import { waitByClock } from '../cluster/wait.ts'
import { asText, propertyAt } from '../lib/untrusted.ts'
import type { Context } from '../report/format.ts'
import { policyReports } from '../report/policyreport.ts'
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
const limited = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(askMs)])

/** Keeps the round in a ConfigMap, so that any replica goes on with it. */
const createKeeping = ({ api, keptAt, log }: Pick<RoundsParts, 'api' | 'keptAt' | 'log'>) => {
  const collection = `/api/v1/namespaces/${keptAt.namespace}/configmaps`
  return {
    load: async (signal: AbortSignal): Promise<Round | undefined> => {
      const found = await api.get(`${collection}/${keptAt.name}`, limited(signal))
      return found.ok ? parseRound(asText(propertyAt(found.value, 'data', 'round')) ?? '') : undefined
    },
    keep: async (round: Round, signal: AbortSignal): Promise<void> => {
      const metadata = { name: keptAt.name, labels: { 'app.kubernetes.io/managed-by': 'pullgate' } }
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { round: formatRound(round) } }
      const kept = await keepObject(api, collection, object, limited(signal))
      if (!kept.ok && !signal.aborted)
        log(
          `The ConfigMap ${keptAt.namespace}/${keptAt.name} cannot be written (${kept.error.kind}): a restart begins anew.`,
        )
    },
  }
}

/** Writes the reports of one namespace to whichever kinds of reports the cluster has; none is no mistake. */
const createPublishing = ({ api, auditor, context, knowledge, events, log }: RoundsParts) => {
  let told = ''
  const complain = (problem: string): void => {
    if (problem !== told) log(`Reports cannot be written: ${problem}.`)
    told = problem
  }
  return async ({ namespace, owners, entries, gaps }: Found, signal: AbortSignal): Promise<Counts> => {
    const sheet = auditor.sheet({ entries, whole: true }, gaps)
    knowledge.found(namespace, entries)
    for (const note of ownerEvents(owners, sheet)) events.tell(note)
    const groups = await reportGroups(api, limited(signal))
    if (!groups.ok) complain(groups.error.kind)
    for (const group of groups.ok ? groups.value : []) {
      const reports = policyReports(sheet, context(), group)
      if (entries.length === 0) await removeReport(api, group, namespace, limited(signal))
      for (const report of reports) {
        const kept = await keepReport(api, group, report, limited(signal))
        if (!kept.ok && !signal.aborted) complain(`${group}, ${kept.error.kind}`)
      }
    }
    return countCodes(sheet.findings.map(({ code }) => code))
  }
}

/** Audits for ever, as one of several replicas: those that wait go on where the one that worked had come to. */
export const runRounds = async (parts: RoundsParts, signal: AbortSignal): Promise<void> => {
  const { auditor, api, everyMs, keptAt, counted, knowledge, log } = parts
  const kept = createKeeping(parts)
  const stock = async (over: AbortSignal): Promise<Stock | undefined> => {
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
    const found = await api.get(`/api/v1/namespaces/${namespace}`, limited(over))
    return !found.ok && found.error.kind === 'missing'
  }
  const turn = (taking: Taking): void => {
    const before = knowledge.version()
    knowledge.turn(taking)
    if (taking.kind !== 'taken' && knowledge.version() !== before) for (const gap of knowledge.gaps()) log(gap)
  }
  const options = { ...kept, everyMs, stock, judge, isGone, told: counted, publish: createPublishing(parts) }
  const lease = {
    ...{ api, ...keptAt, wait: waitByClock },
    identity: `${hostname()}-${randomBytes(4).toString('hex')}`,
    told: turn,
  }
  await whileLeading(
    { ...lease, nowMs: () => performance.now(), today: () => new Date() },
    over => auditForEver({ ...options, nowMs: Date.now, random: Math.random, wait: waitByClock }, over),
    signal,
  )
}
