import { describe, expect, test } from 'vitest'
import { fail, ok } from '../../../src/lib/result.ts'
import type { AskedAs, Missing, ProbeFailure } from '../../../src/registry/failure.ts'
import { type Outcomes, softest, wholeAnswer } from '../../../src/registry/hosts/fall-through.ts'
import type { AskedBy } from '../../../src/registry/hosts/hosts.ts'

const at = { step: 'manifest' } as const
const failures = {
  absent: { ...at, kind: 'absent', missing: 'tag', askedAs: 'anonymous' },
  unnamed: { ...at, kind: 'absent', missing: 'unnamed', askedAs: 'anonymous' },
  refused403: { ...at, kind: 'refused', status: 403, askedAs: 'credentials' },
  refused401: { ...at, kind: 'refused', status: 401, askedAs: 'credentials' },
  refusedToken: { kind: 'refused', step: 'token', status: 403, askedAs: 'credentials' },
  limited: { ...at, kind: 'rate-limited', retryAfterMs: undefined },
  down: { ...at, kind: 'unreachable', problem: 'connection-refused' },
  slow: { ...at, kind: 'timed-out' },
  blocked: { ...at, kind: 'blocked' },
  broken500: { ...at, kind: 'bad-answer', problem: 'server-error', status: 500 },
  bare404: { ...at, kind: 'bad-answer', problem: 'bare-not-found', status: 404 },
  teapot: { ...at, kind: 'bad-answer', problem: 'unexpected-status', status: 418 },
  noRegistry: { ...at, kind: 'bad-answer', problem: 'not-a-registry', status: undefined },
  noToken: { kind: 'bad-answer', step: 'token', problem: 'unexpected-status', status: 418 },
  oversized: { ...at, kind: 'oversized', sizeBytes: 5_000_000 },
  wrong: { ...at, kind: 'wrong-content', wanted: `sha256:${'0'.repeat(64)}` },
} as const

type Heard = keyof typeof failures | 'found'

const outcomeOf = (heard: Heard, index: number) =>
  heard === 'found' ? ok(index) : fail<ProbeFailure>({ host: `h${index}`, ...failures[heard] })

const whole = (heard: readonly [Heard, ...Heard[]], askedBy: AskedBy = 'containerd'): string => {
  const [first, ...rest] = heard
  const outcomes: Outcomes<number> = [outcomeOf(first, 0), ...rest.map((each, index) => outcomeOf(each, index + 1))]
  const answer = wholeAnswer(outcomes, askedBy)
  if (answer.ok) return `found at h${answer.value}`
  const { error } = answer
  return `${error.kind}${error.kind === 'unreachable' ? ` ${error.problem}` : ''} at ${error.host}`
}

describe('hosts asked in order answer together', () => {
  test.each<[heard: readonly [Heard, ...Heard[]], expected: string, why: string]>([
    [['found'], 'found at h0', 'one host, one answer'],
    [['absent'], 'absent at h0', 'and one "no"'],
    [['down'], 'unreachable connection-refused at h0', 'its failure is its own'],
    [['down', 'found'], 'found at h1', 'a mirror that is down does not matter'],
    [['absent', 'found'], 'found at h1', 'nor one that lacks the image'],
    [['refused403', 'found'], 'found at h1', 'nor one that refuses'],
    [['broken500', 'found'], 'found at h1', 'nor one that is broken'],
    [['limited', 'oversized', 'wrong', 'found', 'found'], 'found at h3', 'the first that has it counts'],
    [['absent', 'absent'], 'absent at h0', 'the first of equal failures is told'],
    [['absent', 'refused403'], 'refused at h1', 'a status tells more than a 404'],
    [['refused403', 'absent'], 'refused at h0', 'wherever it stands'],
    [['absent', 'refused401'], 'refused at h1', 'the registry has not said that it lacks what a mirror lacks'],
    [['bare404', 'refusedToken'], 'refused at h1', 'nor has one whose token server refuses'],
    [['refused401', 'absent'], 'absent at h1', 'a 404 tells more than an authorizer that gives up'],
    [['refusedToken', 'absent'], 'absent at h1', 'or a token server that refuses'],
    [['unnamed', 'absent'], 'absent at h1', 'a 404 that says what is missing tells more than one that does not'],
    [['unnamed', 'bare404'], 'bad-answer at h1', 'and of the last host one that does not is not believed'],
    [['refused403', 'oversized'], 'oversized at h1', 'a size more than a status'],
    [['oversized', 'absent'], 'oversized at h0', 'wherever it stands'],
    [['bare404', 'absent'], 'absent at h1', 'a 404 without a word sends the runtime on'],
    [['absent', 'bare404'], 'bad-answer at h1', 'but of the last host it is not believed'],
    [['teapot', 'absent'], 'bad-answer at h0', 'any other status outranks the 404'],
    [['down', 'absent'], 'unreachable mirror-unasked at h0', 'a node may reach the mirror'],
    [['slow', 'absent'], 'unreachable mirror-unasked at h0', 'or wait for it'],
    [['blocked', 'absent'], 'unreachable mirror-unasked at h0', 'or be let to it'],
    [['noRegistry', 'absent'], 'unreachable mirror-unasked at h0', 'or hear another answer'],
    [['noToken', 'absent'], 'unreachable mirror-unasked at h0', 'or get a token'],
    [['down', 'refused401'], 'unreachable connection-refused at h0', 'of equal failures the first'],
    [['refused401', 'down'], 'unreachable connection-refused at h1', 'but never a "no" while a host was not heard'],
    [['down', 'wrong'], 'unreachable mirror-unasked at h0', 'wrong content is a "no" too'],
    [['down', 'oversized'], 'unreachable mirror-unasked at h0', 'and so is too much of it'],
    [['broken500', 'absent'], 'bad-answer at h0', 'a 5xx outranks the 404, and is no "no"'],
    [['broken500', 'oversized'], 'unreachable mirror-unasked at h0', 'but not the size'],
    [['limited', 'absent'], 'rate-limited at h0', 'the same with a quota'],
    [['absent', 'down'], 'unreachable connection-refused at h1', 'a node may reach the upstream'],
    [['absent', 'slow', 'absent'], 'timed-out at h1', 'or a mirror in between'],
    [['down', 'slow'], 'unreachable connection-refused at h0', 'of equal failures the first'],
  ])('%j: %s, for %s', (heard, expected) => {
    expect(whole(heard)).toBe(expected)
  })
})

describe('what all hosts lack, with how much hope of another credential it is told', () => {
  const absent = (askedAs: AskedAs, missing: Missing = 'tag'): ProbeFailure => ({
    ...{ ...at, host: 'h', kind: 'absent' },
    ...{ missing, askedAs },
  })
  const refused: ProbeFailure = { ...failures.refused401, host: 'mirror' }
  test.each<[mirror: ProbeFailure, registry: ProbeFailure, askedAs: AskedAs]>([
    [absent('unchallenged'), absent('unchallenged'), 'unchallenged'],
    [absent('unchallenged'), absent('credentials'), 'credentials'],
    [absent('unchallenged'), absent('anonymous'), 'anonymous'],
    [absent('anonymous', 'unnamed'), absent('unchallenged'), 'anonymous'],
    [absent('anonymous', 'unnamed'), absent('credentials'), 'anonymous'],
    [absent('credentials', 'unnamed'), absent('credentials'), 'anonymous'],
    [absent('unchallenged', 'unnamed'), absent('credentials'), 'credentials'],
    [refused, absent('unchallenged'), 'anonymous'],
    [{ ...failures.bare404, host: 'mirror' }, absent('unchallenged'), 'anonymous'],
  ])('(%#)', (mirror, registry, askedAs) => {
    for (const askedBy of ['containerd', 'cri-o'] as const)
      expect(wholeAnswer([fail(mirror), fail(registry)], askedBy)).toEqual(
        fail(expect.objectContaining({ kind: 'absent', missing: 'tag', askedAs })),
      )
  })
})

describe('places asked by CRI-O answer together', () => {
  test.each<[heard: readonly [Heard, ...Heard[]], expected: string, why: string]>([
    [['absent', 'found'], 'found at h1', 'the first that has it counts'],
    [['refused403', 'absent'], 'absent at h1', 'the registry itself is told, whatever a mirror said'],
    [['oversized', 'refused401'], 'refused at h1', 'however much that was'],
    [['absent', 'bare404'], 'bad-answer at h1', 'a 404 without a word is not believed of the last one'],
    [['down', 'absent'], 'unreachable mirror-unasked at h0', 'a node may reach the mirror'],
    [['broken500', 'absent'], 'unreachable mirror-unasked at h0', 'or hear another answer'],
    [['absent', 'down'], 'unreachable connection-refused at h1', 'or reach the registry'],
  ])('%j: %s, for %s', (heard, expected) => {
    expect(whole(heard, 'cri-o')).toBe(expected)
  })
})

describe('of the failures of several runtimes the softest is told', () => {
  const unchallenged = { ...failures.absent, host: 'h', askedAs: 'unchallenged' } as const
  const anonymous = { ...unchallenged, askedAs: 'anonymous' } as const
  const refused = { ...failures.refused403, host: 'h' } as const
  const down = { ...failures.down, host: 'h' } as const
  test.each<[among: readonly ProbeFailure[], told: ProbeFailure, why: string]>([
    [[unchallenged, down], down, 'what is no "no" before any "no"'],
    [[down, unchallenged], down, 'wherever it stands'],
    [[unchallenged, anonymous], anonymous, 'a "no" to somebody, for another may get more'],
    [[anonymous, refused], refused, 'a refusal, for the same reason'],
    [[down, { ...down, kind: 'timed-out' } as ProbeFailure], down, 'of equal ones the first'],
  ])('(%#)', (among, told) => expect(softest(among)).toBe(told))
})
