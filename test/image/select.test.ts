import { describe, expect, test } from 'vitest'
import type { IndexEntry } from '../../src/image/facts.ts'
import type { RuntimeRules } from '../../src/image/runtime.ts'
import { selectEntry } from '../../src/image/select.ts'
import { attestation, crio, dockerList, image, local, nested, ociIndex, other, transfer } from './images.ts'
import { written } from './platform-rows.ts'

/** The place of the selected entry among the leaves of the index, counted from 0, or what came of it instead. */
const outcome = (
  node: string,
  entries: readonly IndexEntry[],
  rules: RuntimeRules,
  mediaType = ociIndex,
): number | string => {
  const selection = selectEntry(written(node), { mediaType, entries }, rules)
  const leaves = entries.flatMap(entry => entry.entries ?? [entry])
  return selection.kind === 'selected' ? leaves.indexOf(selection.entry) : selection.kind
}

const [amd64, arm64, i386] = [image('linux/amd64'), image('linux/arm64'), image('linux/386')]
const [v2, none, windows] = [image('linux/amd64/v2'), image('none'), image('windows(10.0.20348.1)/amd64')]
const [armV7, armV6] = [image('linux/arm/v7'), image('linux/arm/v6')]

type Outcome = number | 'no-match' | 'incomplete' | 'unread'

/** What stands in an index, and what each runtime takes of it: the place in the list, or why it takes nothing. */
interface Case {
  readonly node: string
  readonly entries: readonly IndexEntry[]
  readonly local: Outcome
  readonly transfer: Outcome
  readonly crio: Outcome
  readonly shows: string
}

const same = (node: string, entries: readonly IndexEntry[], every: Outcome, shows: string): Case => ({
  ...{ node, entries, shows },
  ...{ local: every, transfer: every, crio: every },
})

const differing = (
  node: string,
  entries: readonly IndexEntry[],
  outcomes: Pick<Case, 'local' | 'transfer' | 'crio'>,
  shows: string,
): Case => ({ node, entries, shows, ...outcomes })

const cases: readonly Case[] = [
  same('linux/amd64', [amd64], 0, 'its own platform'),
  same('linux/amd64', [arm64, amd64], 1, 'its own platform, wherever it stands'),
  same('linux/amd64', [i386, amd64], 1, 'its own platform before 32-bit programs'),
  same('linux/amd64', [none, i386, amd64], 2, 'its own platform before one that is not named'),
  same('linux/amd64', [image('linux/amd64#1'), image('linux/amd64#2')], 0, 'the first of two alike'),
  same('linux/amd64', [attestation, amd64], 1, 'an attestation beside it is nothing'),
  same('linux/amd64', [windows, amd64], 1, 'another system beside it is nothing'),
  same('linux/amd64', [], 'no-match', 'an empty index has nothing for anybody'),
  same('linux/amd64', [arm64], 'no-match', 'another architecture'),
  same('linux/amd64', [windows], 'no-match', 'another system'),
  same('linux/amd64', [v2], 'no-match', 'a variant that no node claims to have'),
  same('linux/amd64', [attestation], 'no-match', 'attestations alone'),
  same('linux/amd64', [other], 'no-match', 'something else alone'),
  same('linux/amd64', [none], 0, 'no platform named: anybody takes it'),
  same('linux/arm64', [none], 0, 'no platform named: anybody takes it'),
  same('linux/arm64', [arm64], 0, 'its own platform'),
  same('linux/arm64', [image('linux/arm64/v8')], 0, 'its own platform, with the variant that goes without saying'),
  same('linux/arm64', [image('linux/arm64/v9')], 'no-match', 'a variant that no node claims to have'),
  same('linux/arm', [armV6, armV7], 1, 'the best version'),
  same('linux/riscv64', [amd64, image('linux/riscv64')], 1, 'an architecture without variants'),
  same('linux/amd64', [other, none], 1, 'what is neither image nor index is not looked at'),
  differing(
    'linux/amd64',
    [i386],
    { local: 0, transfer: 'incomplete', crio: 'no-match' },
    'the transfer service does not fetch a fall-back, and CRI-O knows none',
  ),
  differing(
    'linux/arm64',
    [armV6, armV7],
    { local: 1, transfer: 'incomplete', crio: 'no-match' },
    '32-bit programs on arm64 are a fall-back as well; the newer is preferred',
  ),
  differing(
    'linux/arm/v7',
    [armV6],
    { local: 0, transfer: 'incomplete', crio: 0 },
    'so is an older version on arm, which CRI-O does know',
  ),
  differing(
    'linux/amd64',
    [v2, none],
    { local: 'incomplete', transfer: 'incomplete', crio: 1 },
    'containerd looks for the one that does not fit, to sum up sizes, and has not fetched it',
  ),
  differing(
    'linux/amd64',
    [none, arm64],
    { local: 'incomplete', transfer: 'incomplete', crio: 0 },
    'in whichever order they stand',
  ),
  differing(
    'linux/amd64',
    [none, attestation],
    { local: 'incomplete', transfer: 'incomplete', crio: 0 },
    'an attestation names a platform too',
  ),
  differing(
    'linux/amd64',
    [none, i386],
    { local: 1, transfer: 'incomplete', crio: 0 },
    'a fall-back comes before one that is not named',
  ),
  differing(
    'linux/amd64',
    [image('linux/amd64/v1')],
    { local: 0, transfer: 0, crio: 'no-match' },
    'CRI-O knows no other spellings: v1',
  ),
  differing(
    'linux/amd64',
    [image('linux/x86_64')],
    { local: 0, transfer: 0, crio: 'no-match' },
    'CRI-O knows no other spellings: x86_64',
  ),
  differing(
    'linux/arm64',
    [image('linux/aarch64')],
    { local: 0, transfer: 0, crio: 'no-match' },
    'CRI-O knows no other spellings: aarch64',
  ),
  differing(
    'linux/amd64',
    [image('/amd64')],
    { local: 0, transfer: 0, crio: 'no-match' },
    'CRI-O takes no system for none',
  ),
  differing(
    'linux/arm64',
    [arm64, image('linux/arm64/v8')],
    { local: 0, transfer: 0, crio: 1 },
    'CRI-O prefers the variant that is named',
  ),
  differing(
    'linux/riscv64/rva22',
    [image('linux/riscv64')],
    { local: 'no-match', transfer: 'no-match', crio: 0 },
    'CRI-O takes an image without the variant',
  ),
  differing(
    'linux/amd64',
    [nested('none', [arm64, amd64])],
    { local: 1, transfer: 1, crio: 'no-match' },
    'containerd goes on in an index within the index, and CRI-O does not',
  ),
  differing(
    'linux/amd64',
    [nested('linux/amd64', [amd64])],
    { local: 0, transfer: 0, crio: 'no-match' },
    'the same where it names a platform',
  ),
  differing(
    'linux/amd64',
    [nested('none', [nested('none', [v2])])],
    { local: 'no-match', transfer: 'no-match', crio: 'no-match' },
    'at any depth',
  ),
  differing(
    'linux/amd64',
    [nested('none', [i386])],
    { local: 0, transfer: 'incomplete', crio: 'no-match' },
    'by the same rules within',
  ),
  differing(
    'linux/amd64',
    [nested('none', [amd64]), image('linux/arm64#2')],
    { local: 'incomplete', transfer: 'incomplete', crio: 'no-match' },
    'an index without a platform comes after what names another',
  ),
  differing(
    'linux/amd64',
    [nested('none', undefined)],
    { local: 'unread', transfer: 'unread', crio: 'no-match' },
    'an index that nobody read may have anything',
  ),
  differing(
    'linux/amd64',
    [nested('none', undefined), amd64],
    { local: 1, transfer: 1, crio: 1 },
    'and does not matter beside its own platform',
  ),
  differing(
    'linux/amd64',
    [nested('linux/arm64', undefined)],
    { local: 'no-match', transfer: 'no-match', crio: 'no-match' },
    'nor where it is for another platform',
  ),
  differing(
    'linux/amd64',
    [nested('none', [])],
    { local: 'no-match', transfer: 'no-match', crio: 'no-match' },
    'an empty one within has nothing for anybody',
  ),
]

describe('of an index', () => {
  test.each(cases)('for $node each runtime takes what is right: $shows', ({ node, entries, ...expected }) => {
    expect({
      local: outcome(node, entries, local),
      transfer: outcome(node, entries, transfer),
      crio: outcome(node, entries, crio),
    }).toEqual({ local: expected.local, transfer: expected.transfer, crio: expected.crio })
  })

  test('of the Docker kind CRI-O takes nothing without a platform, and containerd does', () => {
    expect(outcome('linux/amd64', [none], crio, dockerList)).toBe('no-match')
    expect(outcome('linux/amd64', [none, amd64], crio, dockerList)).toBe(1)
    expect(outcome('linux/amd64', [none], local, dockerList)).toBe(0)
    expect(outcome('linux/amd64', [none], transfer, dockerList)).toBe(0)
  })

  test('that wants features of the system, only a runtime that looks at them takes nothing', () => {
    const entries = [image('linux(+gpu)/amd64')]
    expect(outcome('linux/amd64', entries, local)).toBe(0)
    expect(outcome('linux/amd64', entries, transfer)).toBe('no-match')
    expect(outcome('linux/amd64', entries, crio)).toBe(0)
  })
})

describe('of an index for Windows', () => {
  const [of2019, of2022, of2025] = ['17763', '20348', '26100'].map(build => image(`windows(10.0.${build}.1)/amd64`))
  const entries = [of2019, of2022, of2025].filter(entry => entry !== undefined)
  const rows: readonly (readonly [node: string, expected: number | string, why: string])[] = [
    ['windows(10.0.17763)/amd64', 0, 'Windows Server 2019 takes its own'],
    ['windows(10.0.20348)/amd64', 1, 'Windows Server 2022 takes its own'],
    ['windows(10.0.25398)/amd64', 1, 'the annual release takes the long-term one before it'],
    ['windows(10.0.26100)/amd64', 2, 'Windows Server 2025 could run two, and takes the newer'],
    ['windows(10.0.14393)/amd64', 'no-match', 'Windows Server 2016 finds nothing'],
    ['windows/amd64', 2, 'a node that tells no version takes the newest'],
    ['linux/amd64', 'no-match', 'Linux finds nothing'],
  ]

  test.each(rows)('%s takes %s: %s', (node, expected) => {
    for (const rules of [local, transfer]) expect(outcome(node, entries, rules)).toBe(expected)
  })
})
