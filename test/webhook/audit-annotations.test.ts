import { expect, test } from 'vitest'
import type { Remark } from '../../src/verdict/decide.ts'
import type { Verdict } from '../../src/verdict/verdict.ts'
import { auditAnnotations } from '../../src/webhook/audit-annotations.ts'
import { denialEvent } from '../../src/webhook/denial-event.ts'
import { nothingToSay, type Ruling } from '../../src/webhook/ruling.ts'
import { podWith } from '../support/reviews.ts'
import { use } from '../verdict/evidence.ts'

const finding = { code: 'never-pulled', somewhere: false } as const
const judged: Verdict = {
  kind: 'judged',
  use,
  reference: undefined,
  facts: undefined,
  freshness: 'fresh',
  findings: [],
}
const denial: Remark = {
  ...{ action: 'deny', code: 'never-pulled' },
  subject: { use, reference: undefined, finding, codes: ['never-pulled'] },
}
const ruling = (given: Partial<Ruling>): Ruling => ({ ...nothingToSay, mode: 'enforce', verdicts: [judged], ...given })

test('the audit log is told of each image, of the mode, and of what became of a denial', () => {
  const verdicts: readonly Verdict[] = [
    judged,
    { ...judged, findings: [finding], freshness: 'stale' },
    { kind: 'skipped', use, reason: 'ignored-image' },
  ]
  expect(auditAnnotations(ruling({ verdicts }))).toEqual({
    mode: 'enforce',
    denial: 'none',
    verdicts: `${use.path}: pass; ${use.path}: pass [never-pulled] (stale); ${use.path}: skipped (ignored-image)`,
  })
})

test.each<[string, Partial<Ruling>]>([
  ['answered', { allowed: false, denials: [denial] }],
  ['warned', { warnings: [denial], mode: 'warn' }],
  ['logged', { withheld: [denial], mode: 'audit' }],
  ['none', { warnings: [{ ...denial, action: 'warn' }] }],
])('a denial that is %s is told to be', (fate, given) => {
  expect(auditAnnotations(ruling(given))?.['denial']).toBe(fate)
})

test('nothing is told where no image was looked at, and of thousands no more than a line', () => {
  expect(auditAnnotations(nothingToSay)).toBeUndefined()
  const many = auditAnnotations(ruling({ verdicts: Array.from({ length: 5000 }, () => judged) }))
  expect(many?.['verdicts']).toMatch(/; and 4950 more$/)
})

const review = {
  ...{ uid: 'u', operation: 'CREATE', group: '', kind: 'Pod', subResource: '', namespace: 'shop', dryRun: false },
  ...{ object: podWith(['a']), oldObject: null },
}

test.each<[string, Partial<Ruling>, object, boolean]>([
  ['in warn mode', { warnings: [denial] }, {}, true],
  ['in audit mode', { withheld: [denial] }, {}, true],
  ['on dry-run', { withheld: [denial] }, { dryRun: true }, false],
  ['where it was rejected', { allowed: false, denials: [denial] }, {}, false],
  ['where there was a warning only', { warnings: [{ ...denial, action: 'warn' }] }, {}, false],
])('an object gets an Event %s, or not', (_, given, asked, isThere) => {
  const event = denialEvent({ ...review, ...asked }, ruling(given))
  expect(event !== undefined).toBe(isThere)
  if (isThere)
    expect(event).toMatchObject({ object: { kind: 'Pod', namespace: 'shop', name: 'web' }, reason: 'ImageNotPullable' })
})
