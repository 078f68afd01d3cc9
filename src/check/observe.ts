import type { Verdict } from '../verdict/verdict.ts'
import type { Check } from './check.ts'
import type { Freshness, Probe } from './probe.ts'

/** A question to the probe and on what its answer rested, for people who look on. */
export interface Asked {
  /** Failed: there was no answer, and nothing that could stand in for one. */
  readonly answer: Freshness | 'failed'
  readonly tookMs: number
}

/** A probe that somebody looks on at. */
export const observedProbe =
  (probe: Probe, observe: (asked: Asked) => void, nowMs: () => number): Probe =>
  async (question, signal) => {
    const beganMs = nowMs()
    const probed = await probe(question, signal)
    observe({ answer: probed.ok ? probed.value.freshness : 'failed', tookMs: nowMs() - beganMs })
    return probed
  }

/** A check of which somebody sees each verdict. */
export const observedCheck =
  (check: Check, observe: (verdict: Verdict) => void): Check =>
  async (workload, signal) => {
    const report = await check(workload, signal)
    report.verdicts.forEach(observe)
    return report
  }
