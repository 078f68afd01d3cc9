import type { ProbeFailure } from '../../src/registry/failure.ts'
import { explain } from '../../src/verdict/explain.ts'
import { judgeFailure } from '../../src/verdict/judge-failure.ts'
import { lineOf } from '../../src/verdict/line.ts'
import { referenceOf } from '../support/reference-of.ts'
import { evidence, use } from '../verdict/evidence.ts'

/** All that anybody gets to read of a failure: the value itself, the findings, their words, and the line at `kubectl`. */
export const wordsOf = (failure: ProbeFailure, image: string): string => {
  const reference = referenceOf(image)
  const answer = { kind: 'failed', failure } as const
  const subject = { ...use, image: { kind: 'image', text: image } } as const
  const findings = judgeFailure(failure, evidence({ use: subject, answer }))
  const said = findings.flatMap(finding => [
    finding,
    explain(finding, reference),
    lineOf({ use: subject, reference, finding, codes: [finding.code] }),
  ])
  return JSON.stringify([failure, ...said])
}
