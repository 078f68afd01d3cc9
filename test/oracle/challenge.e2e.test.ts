import { afterAll, test } from 'vitest'
import { parseChallenges } from '../../src/registry/auth/challenge.ts'
import { challengeLines } from '../support/arbitraries/challenge.ts'
import { compare } from './compare.ts'
import { startOracle } from './oracle.ts'

const oracle = startOracle()
afterAll(oracle.close)

const inOrder = (parameters: Iterable<readonly [string, string]>) =>
  [...parameters].sort(([a], [b]) => (a < b ? -1 : 1))

test('challenges are read and put in order as by containerd', async () => {
  await compare({
    name: 'challenges',
    inputs: challengeLines,
    count: 100_000,
    ours: lines =>
      parseChallenges(lines).map(({ scheme, parameters }) => ({ scheme, parameters: inOrder(parameters) })),
    theirs: async lines =>
      (await oracle.challenges(lines)).map(({ scheme, parameters }) => ({
        scheme,
        parameters: inOrder(Object.entries(parameters)),
      })),
    sideOf: ([best]) =>
      best?.parameters.some(([name, value]) => name === 'realm' && value !== '') ? 'name a realm' : 'name none',
  })
})
