import { describe, expect, test } from 'vitest'
import type { ImageContent, ImageFacts, IndexEntry } from '../../src/image/facts.ts'
import { type Fit, fitOf, type NodePlatform, wantedEntries } from '../../src/image/fit.ts'
import { runtimeNames } from '../../src/image/runtime.ts'
import { attestation, dockerList, image, nested, ociIndex } from './images.ts'
import { written } from './platform-rows.ts'

const node = (platform: string, runtime: string): NodePlatform => ({ platform: written(platform), runtime })

const facts = (content: ImageContent, mediaType = ociIndex): ImageFacts => ({
  digest: `sha256:${'0'.repeat(64)}`,
  mediaType,
  sizeBytes: 1000,
  content,
})
const index = (...entries: readonly IndexEntry[]): ImageFacts => facts({ kind: 'index', entries })
const single = (config: string | undefined): ImageFacts =>
  facts({
    kind: 'manifest',
    config: { platform: config === undefined ? undefined : written(config), namesCommand: true },
  })

const shown = (fit: Fit): string =>
  fit.kind === 'differs' ? `runs: ${runtimeNames(fit.runs)}; fails: ${runtimeNames(fit.fails)}` : fit.kind

const [oldest, before21, from21, newest] = ['1.7.34', '2.0.0', '2.2.7', '2.4.2'].map(each => `containerd://${each}`)
const runtimes = [oldest, before21, from21, newest, 'cri-o://1.35.0', ''].map(each => each ?? '')

const byConfiguration = (name: string): string => `runs: ${name} in local mode; fails: ${name} by default`
const [amd64, arm64, i386] = [image('linux/amd64'), image('linux/arm64'), image('linux/386')]
const [v2, none, armV7] = [image('linux/amd64/v2'), image('none'), image('linux/arm/v7')]

/** For containerd 1.7, 2.0, 2.2, 2.4, CRI-O, and a runtime that is not told. */
type Fits = readonly [string, string, string, string, string, string]

const every = (fit: Fit['kind']): Fits => [fit, fit, fit, fit, fit, fit]

const onlyCrio: Fits = ['no-match', 'no-match', 'no-match', 'no-match', 'fits', 'runs: CRI-O; fails: containerd']
const onlyContainerd: Fits = ['fits', 'fits', 'fits', 'fits', 'no-match', 'runs: containerd; fails: CRI-O']
const onlyLocal: Fits = [
  ...(['fits', 'fits', byConfiguration('containerd 2.1 and 2.2')] as const),
  ...([byConfiguration('containerd 2.3 and later'), 'no-match'] as const),
  'runs: containerd before 2.1,containerd in local mode; fails: containerd 2.1 and later by default,CRI-O',
]
const onlySchema1: Fits = [
  ...(['fits', 'no-match', 'no-match', 'no-match', 'fits'] as const),
  'runs: containerd 1,CRI-O; fails: containerd 2',
]
const onlyWithoutFeatures: Fits = [
  ...(['fits', 'fits', 'fits', 'no-match', 'fits'] as const),
  'runs: containerd before 2.3,CRI-O; fails: containerd from 2.3 on',
]

const rows: readonly (readonly [shows: string, platform: string, image: ImageFacts, fits: Fits])[] = [
  ['an index with its own platform', 'linux/amd64', index(arm64, amd64), every('fits')],
  ['an index without it', 'linux/amd64', index(arm64), every('no-match')],
  ['an empty index', 'linux/amd64', index(), every('no-match')],
  ['an index of 386 alone, on amd64', 'linux/amd64', index(i386), onlyLocal],
  ['an index of 32-bit arm alone, on arm64', 'linux/arm64', index(armV7), onlyLocal],
  ['an index of amd64/v2 alone', 'linux/amd64', index(v2), every('no-match')],
  ['an index of amd64/v2 and one without a platform', 'linux/amd64', index(v2, none), onlyCrio],
  ['an index of one without a platform', 'linux/amd64', index(none), every('fits')],
  ['an index of one without a platform, 386 and amd64', 'linux/amd64', index(none, i386, amd64), every('fits')],
  ['an index of one without a platform and an attestation', 'linux/amd64', index(none, attestation), onlyCrio],
  ['an index of an image and its attestation', 'linux/amd64', index(amd64, attestation), every('fits')],
  ['an index of attestations alone', 'linux/amd64', index(attestation), every('no-match')],
  ['an index for Windows, on Linux', 'linux/amd64', index(image('windows/amd64')), every('no-match')],
  ['an index within an index', 'linux/amd64', index(nested('none', [amd64])), onlyContainerd],
  [
    'an index within that nobody read: nothing speaks against it',
    'linux/amd64',
    index(nested('none', undefined)),
    onlyContainerd,
  ],
  ['an index of amd64/v1', 'linux/amd64', index(image('linux/amd64/v1')), onlyContainerd],
  [
    'an index that wants a feature of the system',
    'linux/amd64',
    index(image('linux(+gpu)/amd64')),
    onlyWithoutFeatures,
  ],
  [
    'a Docker list of one without a platform',
    'linux/amd64',
    facts({ kind: 'index', entries: [none] }, dockerList),
    onlyContainerd,
  ],
  ['a single image of its own platform', 'linux/amd64', single('linux/amd64'), every('fits')],
  ['a single image of 386: the processor runs it', 'linux/amd64', single('linux/386'), every('fits')],
  ['a single image of 32-bit arm: the processor runs it', 'linux/arm64', single('linux/arm/v7'), every('fits')],
  ['a single image of amd64/v3: the processor may have it', 'linux/amd64', single('linux/amd64/v3'), every('fits')],
  ['a single image of arm64/v9: the processor may have it', 'linux/arm64', single('linux/arm64/v9'), every('fits')],
  ['a single image by another name', 'linux/arm64', single('linux/aarch64'), every('fits')],
  ['a single image of another architecture', 'linux/amd64', single('linux/arm64'), every('other-platform')],
  ['a single image of 64 bits on a node of 32', 'linux/arm', single('linux/arm64'), every('other-platform')],
  ['a single image for Windows', 'linux/amd64', single('windows/amd64'), every('other-platform')],
  ['a single image whose configuration tells nothing', 'linux/amd64', single(undefined), every('fits')],
  ['a single image that tells its system alone', 'linux/amd64', single('linux/'), every('fits')],
  ['a single image that tells another system alone', 'linux/amd64', single('windows/'), every('other-platform')],
  ['a single image that tells its architecture alone', 'windows/amd64', single('/amd64'), every('fits')],
  ['a single image that tells another architecture alone', 'linux/amd64', single('/arm64'), every('other-platform')],
  ['a manifest of schema 1', 'linux/amd64', facts({ kind: 'schema1' }), onlySchema1],
  ['an artifact', 'linux/amd64', facts({ kind: 'artifact', artifactType: 'application/x' }), every('no-match')],
]

describe('whether an image runs', () => {
  test.each(rows)('is right for every runtime: %s', (_, platform, image, fits) => {
    expect(runtimes.map(runtime => shown(fitOf(node(platform, runtime), image)))).toEqual(fits)
  })

  test('is told with the platform that the configuration names', () => {
    expect(fitOf(node('linux/amd64', ''), single('linux/aarch64'))).toEqual({
      kind: 'other-platform',
      actual: written('linux/aarch64'),
      refusedBy: [],
    })
  })

  test('is told with the runtimes that do not even unpack an image for another system', () => {
    const fit = fitOf(node('linux/amd64', newest ?? ''), single('windows/amd64'))
    expect(fit).toMatchObject({ kind: 'other-platform', refusedBy: [{ name: 'containerd 2.3 and later by default' }] })
    const older = fitOf(node('linux/amd64', 'containerd://2.2.7'), single('windows/amd64'))
    expect(older).toMatchObject({ kind: 'other-platform', refusedBy: [] })
  })

  test('is not so where the registry lacks the part that the node fetches', () => {
    const absent: IndexEntry = { ...amd64, presence: 'absent' }
    expect(fitOf(node('linux/amd64', ''), index(absent))).toEqual({ kind: 'absent-child' })
    expect(fitOf(node('linux/arm64', ''), index(absent, arm64))).toEqual({ kind: 'fits' })
  })

  test('differs where one way of pulling fetches more than it runs, and the registry lacks that', () => {
    const absent: IndexEntry = { ...image('linux/amd64#2'), presence: 'absent' }
    const fit = fitOf(node('linux/amd64', newest ?? ''), index(amd64, absent))
    expect(fit).toMatchObject({ kind: 'differs', fails: [{ pullPath: 'containerd-transfer' }] })
  })
})

describe('the wanted entries of an index', () => {
  const wanted = (nodes: readonly NodePlatform[], ...entries: readonly IndexEntry[]): readonly IndexEntry[] =>
    wantedEntries(nodes, index(...entries))

  test('are those that the nodes run, each once', () => {
    const nodes = [node('linux/amd64', newest ?? ''), node('linux/arm64', ''), node('linux/amd64', '')]
    expect(wanted(nodes, i386, amd64, image('linux/s390x'), arm64, attestation)).toEqual([amd64, arm64])
  })

  test('are none where there are no nodes, or nothing for them', () => {
    expect(wanted([], amd64)).toEqual([])
    expect(wanted([node('linux/amd64', '')], arm64)).toEqual([])
  })

  test('are all that one of the possible runtimes takes', () => {
    const v8 = image('linux/arm64/v8')
    expect(wanted([node('linux/arm64', '')], arm64, v8)).toEqual([arm64, v8])
    expect(wanted([node('linux/arm64', 'containerd://1.7.34')], arm64, v8)).toEqual([arm64])
  })

  test('are a fall-back where one of the ways of pulling takes it', () => {
    expect(wanted([node('linux/amd64', newest ?? '')], i386)).toEqual([i386])
    expect(wanted([node('linux/amd64', 'cri-o://1.35.0')], i386)).toEqual([])
  })

  test('are an index within the index, and what stands there where somebody read it', () => {
    const [read, unread] = [nested('none', [arm64, amd64]), nested('none', undefined)]
    expect(wanted([node('linux/amd64', newest ?? '')], read)).toEqual([read, amd64])
    expect(wanted([node('linux/amd64', newest ?? '')], unread)).toEqual([unread])
  })
})
