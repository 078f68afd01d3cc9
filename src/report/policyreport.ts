import type { ReportGroup } from '../cluster/policy-reports.ts'
import { outcomeOf } from '../verdict/verdict.ts'
import type { Context, Format } from './format.ts'
import { jsonText } from './json-text.ts'
import { shown } from './names.ts'
import type { Sheet, SheetFinding, SheetUse } from './sheet.ts'
import { useKey } from './use-key.ts'

/** A report as the API server keeps it. */
export interface PolicyReport {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>> | undefined
  }
  readonly source?: string
  readonly summary: Readonly<Record<'pass' | 'fail' | 'warn' | 'error' | 'skip', number>>
  readonly results: readonly object[]
}

const apiVersions = {
  'wgpolicyk8s.io': 'wgpolicyk8s.io/v1alpha2',
  'openreports.io': 'openreports.io/v1alpha1',
} as const
const kinds = { 'wgpolicyk8s.io': 'PolicyReport', 'openreports.io': 'Report' } as const

type Result = 'fail' | 'warn' | 'error'

const resultOf = ({ action, code }: SheetFinding): Result => {
  if (action === 'deny') return 'fail'
  return outcomeOf(code) === 'unknown' ? 'error' : 'warn'
}

const severities = { fail: 'high', error: 'medium', warn: 'low' } as const

const resultRecord = (finding: SheetFinding, { writtenAt }: Context) => {
  const { code, image, object, path, message, hint, pods } = finding
  const result = resultOf(finding)
  const { apiVersion, kind, namespace, name } = object
  const named = namespace === '' ? { name: shown(name) } : { namespace: shown(namespace), name: shown(name) }
  return {
    source: 'pullgate',
    category: 'Image pull',
    policy: 'pullgate',
    rule: code,
    result,
    severity: severities[result],
    scored: result === 'fail',
    message: [message, hint]
      .filter(part => part !== '')
      .map(shown)
      .join('; '),
    timestamp: { seconds: Math.floor(writtenAt.getTime() / 1000), nanos: 0 },
    resources:
      kind === '' ? [] : [{ apiVersion: shown(apiVersion), kind: shown(kind), ...named, fieldPath: shown(path) }],
    properties: { image: shown(image), ...(pods === undefined ? {} : { pods: String(pods) }) },
  }
}

// etcd takes 1.5 MiB for a request; the rest is for what the API server adds, managedFields above all.
const mostBytes = 900_000

/** As many as one object may hold, those that deny first. */
const fitting = (findings: readonly SheetFinding[], context: Context): readonly object[] => {
  const worstFirst = findings.toSorted((a, b) => Number(b.action === 'deny') - Number(a.action === 'deny'))
  const records: object[] = []
  let left = mostBytes
  for (const finding of worstFirst) {
    const record = resultRecord(finding, context)
    left -= Buffer.byteLength(JSON.stringify(record))
    if (left < 0) return records
    records.push(record)
  }
  return records
}

interface Part {
  readonly namespace: string
  readonly uses: readonly SheetUse[]
  readonly findings: readonly SheetFinding[]
}

const summaryOf = ({ uses, findings }: Part): PolicyReport['summary'] => {
  const count = (result: Result): number => findings.filter(finding => resultOf(finding) === result).length
  const said = new Set(findings.map(useKey))
  return {
    pass: uses.filter(use => use.outcome === 'pass' && !said.has(useKey(use))).length,
    fail: count('fail'),
    warn: count('warn'),
    error: count('error'),
    skip: uses.filter(({ outcome }) => outcome === 'skipped').length,
  }
}

// All annotations of an object together may have 256 KiB.
const mostGapText = 4000

const annotationsOf = (leftOut: number, gaps: readonly string[]): PolicyReport['metadata']['annotations'] => ({
  ...(leftOut === 0 ? {} : { 'pullgate.dev/left-out': String(leftOut) }),
  ...(gaps.length === 0 ? {} : { 'pullgate.dev/not-looked-at': shown(gaps.join(' ')).slice(0, mostGapText) }),
})

const reportOf = (part: Part, gaps: readonly string[], context: Context, group: ReportGroup): PolicyReport => {
  const results = fitting(part.findings, context)
  const leftOut = part.findings.length - results.length
  // In a manifest an object without a namespace goes to the one that is current; in a cluster it has none.
  const isOfCluster = part.namespace === '' && context.command === 'audit'
  return {
    apiVersion: apiVersions[group],
    kind: `${isOfCluster ? 'Cluster' : ''}${kinds[group]}`,
    metadata: {
      name: 'pullgate',
      ...(part.namespace === '' ? {} : { namespace: shown(part.namespace) }),
      labels: { 'app.kubernetes.io/managed-by': 'pullgate' },
      ...(leftOut === 0 && gaps.length === 0 ? {} : { annotations: annotationsOf(leftOut, gaps) }),
    },
    ...(group === 'openreports.io' ? { source: 'pullgate' } : {}),
    summary: summaryOf(part),
    results,
  }
}

const partsOf = ({ uses, findings }: Sheet): readonly Part[] => {
  const usesIn = Map.groupBy(uses, ({ object }) => object.namespace)
  const findingsIn = Map.groupBy(findings, ({ object }) => object.namespace)
  return [...new Set([...usesIn.keys(), ...findingsIn.keys()])].toSorted().map(namespace => ({
    namespace,
    uses: usesIn.get(namespace) ?? [],
    findings: findingsIn.get(namespace) ?? [],
  }))
}

/** The reports of a sheet, one a namespace, for the API group that the cluster has. */
export const policyReports = (sheet: Sheet, context: Context, group: ReportGroup): readonly PolicyReport[] =>
  partsOf(sheet).map(part => reportOf(part, sheet.gaps, context, group))

/** A list of PolicyReports that kubectl applies. */
export const policyreport: Format = (sheet, context) => {
  const list = { apiVersion: 'v1', kind: 'List', items: policyReports(sheet, context, 'wgpolicyk8s.io') }
  return jsonText(list)
}
