import type { Knowledge } from '../audit/knowledge.ts'
import { ownerEvents } from '../audit/owner-events.ts'
import type { Counts } from '../audit/round.ts'
import { countCodes, type Found } from '../audit/rounds.ts'
import type { ApiFailure } from '../cluster/api-failure.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { Events } from '../cluster/events.ts'
import { patiently } from '../cluster/patiently.ts'
import { keepReport, type ReportGroup, removeReport, reportGroups } from '../cluster/policy-reports.ts'
import type { Wait } from '../cluster/wait.ts'
import { endingIn } from '../lib/deadline.ts'
import type { Result } from '../lib/result.ts'
import type { Context } from '../report/format.ts'
import { policyReports } from '../report/policyreport.ts'
import type { Auditor } from './auditor.ts'

const askMs = 15_000
// Of an API server that is busy for a moment.
const mostTries = 4
const limited = (signal: AbortSignal): AbortSignal => endingIn(askMs, signal)

/** What publishing is made of. */
export interface PublishingOptions {
  readonly api: Pick<Cluster['api'], 'get' | 'post' | 'put' | 'remove'>
  readonly auditor: Pick<Auditor, 'sheet'>
  readonly context: () => Context
  readonly knowledge: Pick<Knowledge, 'found'>
  readonly events: Pick<Events, 'tell'>
  readonly wait: Wait
  readonly log: (text: string) => void
}

/** What publishes. */
export interface Publishing {
  /** Told that a round begins: the cluster may have other kinds of reports by now. */
  readonly begin: () => void
  readonly publish: (found: Found, signal: AbortSignal) => Promise<Counts>
}

/** Writes the reports of one namespace to whichever kinds of reports the cluster has; none is no mistake. */
export const createPublishing = (parts: PublishingOptions): Publishing => {
  const { api, auditor, context, knowledge, events, wait, log } = parts
  let groups: readonly ReportGroup[] | undefined
  const groupsNow = async (signal: AbortSignal): Promise<readonly ReportGroup[]> => {
    if (groups !== undefined) return groups
    const found = await reportGroups(api, limited(signal))
    if (found.ok) groups = found.value
    else if (!signal.aborted) complain(found.error.kind)
    return groups ?? []
  }
  let told = ''
  const complain = (problem: string): void => {
    if (problem !== told) log(`Reports cannot be written: ${problem}.`)
    told = problem
  }
  const publish = async ({ namespace, owners, entries, gaps }: Found, signal: AbortSignal): Promise<Counts> => {
    const sheet = auditor.sheet({ entries, whole: true }, gaps)
    knowledge.found(namespace, entries)
    for (const note of ownerEvents(owners, sheet)) events.tell(note)
    for (const group of await groupsNow(signal)) {
      const write = async (ask: () => Promise<Result<unknown, ApiFailure>>): Promise<void> => {
        const written = await patiently({ wait, random: Math.random, mostTries }, ask, signal)
        // A namespace that was deleted meanwhile needs no report.
        if (!written.ok && written.error.kind !== 'missing' && !signal.aborted)
          complain(`${group}, ${written.error.kind}`)
      }
      if (entries.length === 0) await write(() => removeReport(api, group, namespace, limited(signal)))
      for (const report of policyReports(sheet, context(), group))
        await write(() => keepReport(api, group, report, limited(signal)))
    }
    return countCodes(sheet.findings.map(({ code }) => code))
  }
  const begin = (): void => {
    groups = undefined
  }
  return { publish, begin }
}
