import { posix } from 'node:path'
import { afterAll, test } from 'vitest'
import { type MatchOptions, matchesExactly, matchesPlatform, prefers } from '../../src/image/match.ts'
import { formatPlatform, normalizePlatform, type Platform, parsePlatform } from '../../src/image/platform.ts'
import { platformText, platformTriple } from '../support/arbitraries/platform.ts'
import { compare } from './compare.ts'
import { fromOci, toOci } from './oci-platform.ts'
import { startOracle } from './oracle.ts'

const oracle = startOracle()
afterAll(oracle.close)

/** The original's text is a cleaned path, which loses an architecture of `.`; ours is for people and shows it. */
const cleaned = (text: string) => posix.normalize(text).replace(/\/+$/, '')

test('platform texts are read and refused as by containerd/platforms', async () => {
  await compare({
    name: 'platform texts',
    // What a text leaves out the original takes from the machine that it runs on, and ours from amd64.
    inputs: process.arch === 'x64' ? platformText : platformText.filter(text => text.includes('/')),
    count: 50_000,
    ours: text => {
      const parsed = parsePlatform(text)
      return parsed.ok ? { platform: parsed.value, text: cleaned(formatPlatform(parsed.value)) } : 'refused'
    },
    theirs: async text => {
      const answer = await oracle.platform(text)
      return 'error' in answer ? 'refused' : { platform: fromOci(answer.parsed), text: answer.text }
    },
    sideOf: answer => (answer === 'refused' ? 'refused' : 'accepted'),
  })
})

const [checking, old] = [{ checksOsFeatures: true }, { checksOsFeatures: false }]

const choose = (node: Platform, image: Platform, other: Platform, options: MatchOptions) => ({
  runs: matchesPlatform(node, image, options),
  first: prefers(node, image, other, options),
  last: prefers(node, other, image, options),
})

test('images match nodes, are preferred, normalised and written as by containerd/platforms', async () => {
  await compare({
    name: 'platform pairs',
    inputs: platformTriple,
    count: 100_000,
    ours: ([node, image, other]) => ({
      normalized: normalizePlatform(image),
      text: cleaned(formatPlatform(image)),
      local: choose(node, image, other, checking),
      oldLocal: choose(node, image, other, old),
      strict: matchesExactly(normalizePlatform(node), image, checking),
      transfer: matchesExactly(node, image, checking),
    }),
    theirs: async ([node, image, other]) => {
      const { image: forms, ...match } = await oracle.match(toOci(node), toOci(image), toOci(other))
      return { normalized: fromOci(forms.normalized), text: forms.text, ...match }
    },
    sideOf: ({ local }) => (local.runs ? 'match' : 'differ'),
  })
})
