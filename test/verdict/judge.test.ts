import { describe, expect, test } from 'vitest'
import { parseReference } from '../../src/image/reference.ts'
import type { Code } from '../../src/verdict/codes.ts'
import type { Answer, Evidence } from '../../src/verdict/evidence.ts'
import { judge } from '../../src/verdict/judge.ts'
import { artifact, entry, evidence, failed, index, nodes, platform, schema1, single, use } from './evidence.ts'

type Row = readonly [sentence: string, given: Partial<Evidence>, codes: readonly Code[]]

const invalid = (text: string): Answer => {
  const parsed = parseReference(text)
  if (parsed.ok) throw new Error(`${text} is a reference`)
  return { kind: 'invalid', problem: parsed.error }
}

const absent = (askedAs: 'unchallenged' | 'anonymous' | 'credentials'): Answer =>
  failed({ kind: 'absent', missing: 'tag', askedAs })
const refused = (askedAs: 'unchallenged' | 'anonymous' | 'credentials'): Answer =>
  failed({ kind: 'refused', status: 401, askedAs })
const unreadable = { kind: 'unreadable', source: 'secret', name: 'regcred' } as const
const missing = { kind: 'missing-secret', secret: 'regcred' } as const
const malformed = { kind: 'malformed-secret', secret: 'regcred', problem: 'not-json' } as const
const mayHold = { kind: 'nodes-may-hold' } as const
const windows = nodes(['linux/amd64', 'windows(10.0.20348)/amd64'])

const answers: readonly Row[] = [
  ['an image that fits passes', {}, []],
  ['a placeholder is one', { answer: { kind: 'placeholder' } }, ['placeholder']],
  ['a text that is no reference cannot be pulled by anyone', { answer: invalid('Shop/Web:') }, ['invalid-reference']],
  ['a policy of Never needs a node that holds the image', { answer: { kind: 'unasked' } }, ['never-pulled']],
  ['a policy of Never is fine where nodes hold the image', { answer: { kind: 'unasked' }, held: 'every-node' }, []],
  ['a policy of Never needs all of them', { answer: { kind: 'unasked' }, held: 'some-nodes' }, ['never-pulled']],
]

const failures: readonly Row[] = [
  ['absent, and nothing was asked of us', { answer: absent('unchallenged') }, ['not-found']],
  ['absent for the credentials that the node would send', { answer: absent('credentials') }, ['not-found']],
  ['absent for an anonymous caller, and there are no credentials', { answer: absent('anonymous') }, ['not-found']],
  [
    'absent for an anonymous caller, where a secret could not be read',
    { answer: absent('anonymous'), notes: [unreadable] },
    ['unknown-credentials'],
  ],
  [
    'absent for an anonymous caller, where nodes may hold credentials',
    { answer: absent('anonymous'), notes: [mayHold] },
    ['node-credentials'],
  ],
  [
    'absent for an anonymous caller, who is shown the tags that there are',
    { answer: absent('anonymous'), notes: [unreadable, mayHold], tagsShown: true },
    ['not-found'],
  ],
  [
    'absent for the credentials that are known, to which the tags are not shown',
    { answer: absent('credentials'), notes: [unreadable], tagsShown: false },
    ['unknown-credentials'],
  ],
  [
    'refused to an anonymous caller, who is shown the tags that there are',
    { answer: refused('anonymous'), notes: [unreadable], tagsShown: true },
    ['unknown-credentials'],
  ],
  [
    'absent without a challenge: the node would never send what we could not read',
    { answer: absent('unchallenged'), notes: [unreadable, mayHold] },
    ['not-found'],
  ],
  ['refused to the credentials', { answer: refused('credentials') }, ['denied']],
  ['refused to nobody in particular', { answer: refused('anonymous') }, ['denied']],
  [
    'refused, where a secret could not be read',
    { answer: refused('credentials'), notes: [unreadable] },
    ['unknown-credentials'],
  ],
  [
    'refused, where nodes may hold credentials of their own',
    { answer: refused('credentials'), notes: [mayHold] },
    ['node-credentials'],
  ],
  [
    'refused, and the secret that might help is missing',
    { answer: refused('anonymous'), notes: [missing] },
    ['denied', 'missing-pull-secret'],
  ],
  ['too many requests', { answer: failed({ kind: 'rate-limited', retryAfterMs: 1000 }) }, ['rate-limited']],
  ['no connection', { answer: failed({ kind: 'unreachable', problem: 'connection-refused' }) }, ['unreachable']],
  [
    'an answer that cannot be believed',
    { answer: failed({ kind: 'bad-answer', problem: 'bare-not-found', status: 404 }) },
    ['registry-error'],
  ],
  ['no answer in time', { answer: failed({ kind: 'timed-out' }) }, ['timed-out']],
  ['a host that we do not call', { answer: failed({ kind: 'blocked' }) }, ['blocked-address']],
  [
    'a manifest that is too large',
    { answer: failed({ kind: 'oversized', sizeBytes: 5_000_000 }) },
    ['oversized-manifest'],
  ],
  [
    'other bytes than the pinned digest',
    { answer: failed({ kind: 'wrong-content', wanted: `sha256:${'0'.repeat(64)}` }) },
    ['broken-image'],
  ],
]

const secrets: readonly Row[] = [
  ['a malformed secret stops even a public image', { notes: [malformed] }, ['bad-pull-secret']],
  [
    'a malformed secret is worse than what the registry says',
    { notes: [malformed], answer: absent('credentials') },
    ['bad-pull-secret', 'not-found'],
  ],
  ['a missing secret is passed over', { notes: [missing] }, ['missing-pull-secret']],
  [
    'a secret of the wrong type is passed over',
    { notes: [{ kind: 'unusable-secret', secret: 'tls' }] },
    ['missing-pull-secret'],
  ],
  ['an unread secret does not matter where the registry gave the image', { notes: [unreadable] }, []],
]

const held: readonly Row[] = [
  [
    'absent, but a node holds it and need not pull',
    { answer: absent('credentials'), held: 'some-nodes' },
    ['cached-only'],
  ],
  [
    'absent, and the policy pulls each time',
    { answer: absent('credentials'), held: 'every-node', use: { ...use, pullPolicy: 'Always' } },
    ['not-found'],
  ],
  [
    'a malformed secret is not read for an image that is not pulled',
    { notes: [malformed], held: 'every-node' },
    ['cached-only'],
  ],
  [
    'what nodes hold does not make it run there',
    { answer: single('linux/arm64'), held: 'every-node' },
    ['other-platform'],
  ],
  [
    'what nodes hold does not make up for a registry that is down',
    { answer: failed({ kind: 'timed-out' }), held: 'some-nodes' },
    ['timed-out'],
  ],
]

const platforms: readonly Row[] = [
  ['no entry for the only kind of node', { answer: index(entry('linux/arm64')) }, ['no-platform']],
  [
    'an attestation is no image',
    { answer: index(entry('unknown/unknown', 'present', 'attestation')) },
    ['no-platform'],
  ],
  ['an index that names nothing', { answer: index() }, ['broken-image']],
  [
    'the entry that is wanted is not there',
    { answer: index(entry('linux/amd64', 'absent'), entry('linux/arm64')) },
    ['broken-image'],
  ],
  [
    'an entry that is not wanted is not there',
    { answer: index(entry('linux/amd64'), entry('linux/arm64', 'absent')) },
    [],
  ],
  ['fits one kind of node of two', { landing: nodes(['linux/amd64', 'linux/arm64']) }, ['some-platforms']],
  [
    'is not there for one kind of node of two',
    {
      landing: nodes(['linux/amd64', 'linux/arm64']),
      answer: index(entry('linux/amd64'), entry('linux/arm64', 'absent')),
    },
    ['some-platforms'],
  ],
  [
    'fits neither of two kinds of nodes',
    { landing: nodes(['linux/amd64', 'linux/s390x']), answer: index(entry('linux/arm64')) },
    ['no-platform'],
  ],
  ['Windows nodes beside Linux ones', { landing: windows }, ['some-platforms']],
  [
    'nothing is known of the nodes',
    { landing: { kind: 'unknown', why: 'no-eligible-node' }, answer: index(entry('linux/arm64')) },
    [],
  ],
  [
    'a single manifest for another processor is pulled and cannot run',
    { answer: single('linux/arm64') },
    ['other-platform'],
  ],
  ['a single manifest that tells no platform', { answer: single(undefined) }, []],
  ['a single manifest for 386 runs on amd64', { answer: single('linux/386') }, []],
  [
    'a single manifest for another processor as a volume is only mounted',
    { answer: single('linux/arm64'), use: { ...use, role: 'volume' } },
    [],
  ],
  [
    'an index without the platform cannot be pulled as a volume either',
    { answer: index(entry('linux/arm64')), use: { ...use, role: 'volume' } },
    ['no-platform'],
  ],
  [
    'a label for another processor is a lie where the program fits',
    { answer: single('linux/arm64'), program: { kind: 'found', platform: platform('linux/amd64') } },
    ['mislabelled'],
  ],
  [
    'a label counts where no program was found',
    { answer: single('linux/arm64'), program: { kind: 'not-found' } },
    ['other-platform'],
  ],
  [
    'a label counts where the program is for the same processor as the label',
    { answer: single('linux/arm64'), program: { kind: 'found', platform: platform('linux/arm64') } },
    ['other-platform'],
  ],
  ['a chart is no image', { answer: artifact }, ['not-an-image']],
  [
    'a chart is no image whatever the nodes are',
    { answer: artifact, landing: { kind: 'unknown', why: 'not-asked' } },
    ['not-an-image'],
  ],
]

const runtimes: readonly Row[] = [
  [
    '386 only: one way of pulling runs it, the other does not',
    { answer: index(entry('linux/386')) },
    ['runtime-differs'],
  ],
  [
    '386 only, on a runtime that has but one way',
    { answer: index(entry('linux/386')), landing: nodes(['linux/amd64'], 'containerd://1.7.34') },
    [],
  ],
  [
    '386 only, on CRI-O',
    { answer: index(entry('linux/386')), landing: nodes(['linux/amd64'], 'cri-o://1.35.0') },
    ['no-platform'],
  ],
  ['schema 1 is refused by containerd 2', { answer: schema1 }, ['broken-image']],
  [
    'schema 1 is pulled by containerd 1.7',
    { answer: schema1, landing: nodes(['linux/amd64'], 'containerd://1.7.34') },
    [],
  ],
  ['schema 1 where no runtime is known', { answer: schema1, landing: nodes(['linux/amd64'], '') }, ['runtime-differs']],
]

describe('the verdict', () => {
  test.each([...answers, ...failures, ...secrets, ...held, ...platforms, ...runtimes])('%s', (_, given, codes) => {
    expect(judge(evidence(given)).findings.map(({ code }) => code)).toEqual(codes)
  })
})

describe('the further question', () => {
  test('is for like tags where a tag is missing, and not asked twice', () => {
    expect(judge(evidence({ answer: absent('credentials') })).next).toBe('near-tags')
    expect(judge(evidence({ answer: absent('credentials'), nearTags: [] })).next).toBeUndefined()
  })

  test('is for the program where a label alone speaks against the image', () => {
    expect(judge(evidence({ answer: single('linux/arm64') })).next).toBe('program')
    expect(judge(evidence({ answer: single('linux/arm64'), program: { kind: 'not-found' } })).next).toBeUndefined()
  })

  test('is for the tags that anybody is shown where a "no" is in doubt, and not asked twice', () => {
    const doubted = { answer: absent('anonymous'), notes: [unreadable] }
    expect(judge(evidence(doubted)).next).toBe('shown-tags')
    expect(judge(evidence({ ...doubted, notes: [mayHold] })).next).toBe('shown-tags')
    expect(judge(evidence({ ...doubted, tagsShown: false })).next).toBeUndefined()
    expect(judge(evidence({ ...doubted, answer: refused('anonymous') })).next).toBeUndefined()
    const hidden = failed({ kind: 'absent', missing: 'repository', askedAs: 'anonymous' })
    expect(judge(evidence({ ...doubted, answer: hidden })).next).toBeUndefined()
  })

  test('is not asked where nothing is denied', () => {
    expect(judge(evidence({ answer: failed({ kind: 'timed-out' }) })).next).toBeUndefined()
  })

  test('brings the like tags into the finding', () => {
    const { findings } = judge(evidence({ answer: absent('credentials'), nearTags: ['1.4.0'] }))
    expect(findings).toMatchObject([{ code: 'not-found', near: ['1.4.0'] }])
  })
})
