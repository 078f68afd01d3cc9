import { knownCounts, type Round } from '../audit/round.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { isNamespaceName } from '../cluster/object-name.ts'
import { readReport, reportGroups } from '../cluster/policy-reports.ts'
import { mapSideBySide } from '../lib/side-by-side.ts'
import type { SheetFinding } from '../report/sheet.ts'
import { storedFindings } from '../report/stored.ts'

/** What others have found stands in the cluster: by namespace. */
export type StoredFindings = ReadonlyMap<string, readonly SheetFinding[]>

/** What is read of it. */
export interface StoredOptions {
  readonly api: Pick<Cluster['api'], 'get'>
  /** The round that is kept: it says in which namespaces there is something. */
  readonly load: (signal: AbortSignal) => Promise<Round | undefined>
  readonly nowMs: () => number
}

// Somebody waits for the page.
const readMs = 10_000
// Who looks again and again costs the API server no more.
const lastsMs = 60_000
const mostNamespaces = 500
const sideBySide = 8

/** Makes what reads the findings that are stored in the cluster, at most once a minute. */
export const createStored = ({ api, load, nowMs }: StoredOptions): (() => Promise<StoredFindings>) => {
  let last: { readonly atMs: number; readonly findings: Promise<StoredFindings> } | undefined
  const read = async (): Promise<StoredFindings> => {
    const signal = AbortSignal.timeout(readMs)
    const [round, groups] = [await load(signal), await reportGroups(api, signal)]
    const [group] = groups.ok ? groups.value : []
    if (round === undefined || group === undefined) return new Map()
    const names = [...knownCounts(round)].flatMap(([name, counts]) =>
      Object.keys(counts).length > 0 && isNamespaceName(name) ? [name] : [],
    )
    const found = await mapSideBySide(names.slice(0, mostNamespaces), sideBySide, async name => {
      const report = await readReport(api, group, name, signal)
      return [name, report.ok ? storedFindings(report.value) : []] as const
    })
    return new Map(found)
  }
  return () => {
    if (last === undefined || nowMs() - last.atMs > lastsMs) last = { atMs: nowMs(), findings: read() }
    return last.findings
  }
}
