import { describe, expect, test } from 'vitest'
import { allCodes, codes } from '../../src/verdict/codes.ts'
import { decide } from '../../src/verdict/decide.ts'
import type { Finding } from '../../src/verdict/finding.ts'
import { actionOf, type Policy } from '../../src/verdict/policy.ts'
import { outcomeOf, type Report, type Verdict, verdictOutcome } from '../../src/verdict/verdict.ts'
import type { ImageUse } from '../../src/workload/workload.ts'
import { platform, use } from './evidence.ts'

const object = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' }
const defaults: Policy = { actions: {} }
const standing = { onEveryNode: false, use }

const judged = (findings: readonly Finding[], changed: Partial<ImageUse> = {}): Verdict => ({
  kind: 'judged',
  use: { ...use, ...changed },
  reference: undefined,
  facts: undefined,
  freshness: 'fresh',
  findings,
})

const report = (...verdicts: readonly Verdict[]): Report => ({ object, onEveryNode: false, verdicts })

const notFound: Finding = { code: 'not-found', host: 'r.example', missing: 'tag', near: [] }
const timedOut: Finding = { code: 'timed-out', host: 'r.example', step: 'manifest' }
const badSecret: Finding = { code: 'bad-pull-secret', secret: 'regcred', problem: 'not-json' }
const someNodes: Finding = {
  code: 'some-platforms',
  misfits: [platform('linux/arm64')],
  fits: [platform('linux/amd64')],
}
const placeholder: Finding = { code: 'placeholder' }

const codesOf = (remarks: readonly { readonly code: string }[]): readonly string[] => remarks.map(({ code }) => code)

describe('the action for a code', () => {
  test('is by default what its group says: definite failures are denied, everything else is at most a warning', () => {
    for (const code of allCodes)
      expect(actionOf(code, defaults, standing) === 'deny', code).toBe(codes[code].group === 'definite')
  })

  test('is what the policy says, also against a conditional default', () => {
    const policy: Policy = { actions: { 'some-platforms': 'ignore', 'not-an-image': 'deny', 'not-found': 'warn' } }
    expect(actionOf('some-platforms', policy, { ...standing, onEveryNode: true })).toBe('ignore')
    expect(actionOf('not-an-image', policy, { ...standing, use: { role: 'volume', blocks: true } })).toBe('deny')
    expect(actionOf('not-found', policy, standing)).toBe('warn')
  })

  test('is to deny what fits some nodes only if the object lands on all of them', () => {
    expect(actionOf('some-platforms', defaults, standing)).toBe('warn')
    expect(actionOf('some-platforms', defaults, { ...standing, onEveryNode: true })).toBe('deny')
  })

  test('is to warn of an artifact that is mounted as a volume', () => {
    expect(actionOf('not-an-image', defaults, { ...standing, use: { role: 'volume', blocks: true } })).toBe('warn')
  })

  test('is to warn of any failure of a volume that nothing mounts, since no container waits for it', () => {
    for (const code of allCodes)
      expect(actionOf(code, defaults, { ...standing, use: { role: 'volume', blocks: false } }), code).not.toBe('deny')
  })
})

describe('a decision', () => {
  const mixed = report(judged([timedOut]), judged([placeholder]), judged([notFound]), judged([]))

  test('to enforce denies what is to be denied, and warns of the rest', () => {
    const decision = decide(mixed, defaults, 'enforce')
    expect(decision.allowed).toBe(false)
    expect(codesOf(decision.denials)).toEqual(['not-found'])
    expect(codesOf(decision.warnings)).toEqual(['timed-out'])
  })

  test('to warn denies nothing and says all of it, worst first', () => {
    const decision = decide(mixed, defaults, 'warn')
    expect(decision.allowed).toBe(true)
    expect(codesOf(decision.warnings)).toEqual(['not-found', 'timed-out'])
  })

  test('to audit says nothing, and keeps it for the logs', () => {
    const decision = decide(mixed, defaults, 'audit')
    expect(decision).toMatchObject({ allowed: true, denials: [], warnings: [] })
    expect(codesOf(decision.withheld)).toEqual(['not-found', 'timed-out'])
  })

  test('is nothing where the mode is off', () => {
    expect(decide(mixed, defaults, 'off')).toEqual({ allowed: true, denials: [], warnings: [], withheld: [] })
  })

  test('says one line an image: the worst that is acted upon, with the other codes behind it', () => {
    const { denials } = decide(report(judged([notFound, someNodes])), defaults, 'enforce')
    expect(denials).toHaveLength(1)
    expect(denials[0]?.subject.codes).toEqual(['not-found', 'some-platforms'])
  })

  test('explains what denies, though something worse is only warned about', () => {
    const policy: Policy = { actions: { 'not-found': 'warn', 'some-platforms': 'deny' } }
    const { denials } = decide(report(judged([notFound, someNodes])), policy, 'enforce')
    expect(codesOf(denials)).toEqual(['some-platforms'])
  })

  test('leaves out what is ignored', () => {
    const policy: Policy = { actions: { 'not-found': 'ignore' } }
    expect(decide(report(judged([notFound])), policy, 'enforce')).toMatchObject({ allowed: true, warnings: [] })
  })

  test('says once for the whole pod that a secret is bad, and of each image what else is wrong', () => {
    const decision = decide(
      report(judged([badSecret]), judged([badSecret]), judged([badSecret, notFound])),
      defaults,
      'enforce',
    )
    expect(codesOf(decision.denials)).toEqual(['bad-pull-secret', 'not-found'])
  })

  test('says nothing of an image that was skipped', () => {
    expect(decide(report({ kind: 'skipped', use, reason: 'unchanged' }), defaults, 'enforce').allowed).toBe(true)
  })
})

describe('the outcome', () => {
  test('of a code follows from its group', () => {
    expect(outcomeOf('not-found')).toBe('fail')
    expect(outcomeOf('timed-out')).toBe('unknown')
    expect(outcomeOf('cached-only')).toBe('pass')
  })

  test('of a verdict is the worst of its findings, and "could not find out" is no pass', () => {
    expect(verdictOutcome(judged([notFound, timedOut]))).toBe('fail')
    expect(verdictOutcome(judged([timedOut, someNodes]))).toBe('unknown')
    expect(verdictOutcome(judged([someNodes]))).toBe('pass')
    expect(verdictOutcome(judged([]))).toBe('pass')
  })
})
