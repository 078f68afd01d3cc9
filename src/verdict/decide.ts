import type { Action, Code } from './codes.ts'
import { compareCodes } from './codes.ts'
import type { Finding } from './finding.ts'
import type { LineSubject } from './line.ts'
import { actionOf, type Mode, type Policy } from './policy.ts'
import type { Report, Verdict } from './verdict.ts'

/** What is done about one image, and the words for it. */
export interface Remark {
  readonly action: 'deny' | 'warn'
  readonly code: Code
  /** What the line is made of; made only where it is shown, since there may be thousands. */
  readonly subject: LineSubject
}

/** What is answered, and what the mode keeps back for the logs. Remarks stand worst first. */
export interface Decision {
  readonly allowed: boolean
  readonly denials: readonly Remark[]
  readonly warnings: readonly Remark[]
  readonly withheld: readonly Remark[]
}

const severity: Readonly<Record<Action, number>> = { deny: 0, warn: 1, ignore: 2 }

/** What a finding says of the whole pod: a secret's says the same of each image, so that the first image says it for all. */
export const saidOfThePod = (finding: Finding): string | undefined =>
  finding.code === 'bad-pull-secret' || finding.code === 'missing-pull-secret'
    ? `${finding.code}/${finding.secret}`
    : undefined

const codesOf = (first: Finding, all: readonly { readonly finding: Finding }[]): readonly Code[] => [
  ...new Set([first.code, ...all.map(each => each.finding.code)]),
]

const remarkOf = (verdict: Verdict, policy: Policy, onEveryNode: boolean, said: Set<string>): Remark | undefined => {
  if (verdict.kind === 'skipped') return undefined
  const { use, reference } = verdict
  if (verdict.findings.length === 0) return undefined
  const acted = verdict.findings
    .map(finding => ({ finding, action: actionOf(finding.code, policy, { onEveryNode, use }) }))
    .filter(({ action }) => action !== 'ignore')
    .toSorted((a, b) => severity[a.action] - severity[b.action] || compareCodes(a.finding.code, b.finding.code))
  const worst = acted.find(({ finding }) => !said.has(saidOfThePod(finding) ?? ''))
  if (worst === undefined || worst.action === 'ignore') return undefined
  const once = saidOfThePod(worst.finding)
  if (once !== undefined) said.add(once)
  const subject = { use, reference, finding: worst.finding, codes: codesOf(worst.finding, acted) }
  return { action: worst.action, code: worst.finding.code, subject }
}

const remarksOf = (report: Report, policy: Policy): readonly Remark[] => {
  const said = new Set<string>()
  return report.verdicts
    .map(verdict => remarkOf(verdict, policy, report.onEveryNode, said))
    .filter(remark => remark !== undefined)
    .toSorted((a, b) => severity[a.action] - severity[b.action] || compareCodes(a.code, b.code))
}

const nothing: Decision = { allowed: true, denials: [], warnings: [], withheld: [] }

/** Turns a report into an answer: the policy gives each finding its action, the mode scales the whole. */
export const decide = (report: Report, policy: Policy, mode: Mode): Decision => {
  if (mode === 'off') return nothing
  const remarks = remarksOf(report, policy)
  switch (mode) {
    case 'audit':
      return { ...nothing, withheld: remarks }
    case 'warn':
      return { ...nothing, warnings: remarks }
    case 'enforce': {
      const denials = remarks.filter(({ action }) => action === 'deny')
      const warnings = remarks.filter(({ action }) => action === 'warn')
      return { allowed: denials.length === 0, denials, warnings, withheld: [] }
    }
  }
}
