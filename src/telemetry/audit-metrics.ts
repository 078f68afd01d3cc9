import type { Exposed } from './exposed.ts'

/** How many findings of each code, by namespace. */
export type FindingCounts = ReadonlyMap<string, Readonly<Partial<Record<string, number>>>>

/** What an audit that goes on and on is told of. */
export interface AuditMetrics {
  /** What is known of every namespace, counted when somebody reads it; how many of them this round has come to, and when it began, in milliseconds since 1970. */
  readonly audited: (counts: () => FindingCounts, done: number, startedMs: number) => void
  readonly metrics: readonly Exposed[]
}

// A cluster has thousands of namespaces at the most, and few of them have findings.
const mostSeries = 1000

interface Series {
  readonly labels: { readonly code: string; readonly namespace: string }
  readonly value: number
}

// No namespace is called so.
const others = '(other)'

/** The largest by namespace and code; what is left over is counted together for each code. */
const boundedSeries = (counts: FindingCounts): readonly Series[] => {
  const all = [...counts].flatMap(([namespace, codes]) =>
    Object.entries(codes).map(([code, value = 0]) => ({ labels: { code, namespace }, value })),
  )
  const largest = all.toSorted((a, b) => b.value - a.value)
  const rest = Map.groupBy(largest.slice(mostSeries), ({ labels }) => labels.code)
  const together = [...rest].map(([code, series]) => ({
    labels: { code, namespace: others },
    value: series.reduce((sum, { value }) => sum + value, 0),
  }))
  return [...largest.slice(0, mostSeries), ...together]
}

const gauge = (name: string, help: string, read: Exposed['read']): Exposed => ({ name, help, type: 'gauge', read })

/** Makes the metrics of audits. */
export const createAuditMetrics = (): AuditMetrics => {
  let [findings, done, startedMs]: [() => FindingCounts, number, number | undefined] = [() => new Map(), 0, undefined]
  const told = (value: number) => (startedMs === undefined ? [] : [{ labels: {}, value }])
  return {
    audited: (counts, namespaces, beganMs) => {
      ;[findings, done, startedMs] = [counts, namespaces, beganMs]
    },
    metrics: [
      gauge('pullgate_audit_findings', 'Findings of the audit that are known now, by code and namespace.', () =>
        boundedSeries(findings()),
      ),
      gauge('pullgate_audit_namespaces_done', 'Namespaces that the round under way has come to.', () => told(done)),
      gauge('pullgate_audit_round_started_timestamp_seconds', 'When the round under way began.', () =>
        told((startedMs ?? 0) / 1000),
      ),
    ],
  }
}
