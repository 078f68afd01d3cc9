import { expect, test } from 'vitest'
import type { Mode } from '../../src/verdict/policy.ts'
import { modeUnder, type Treatment } from '../../src/verdict/treatment.ts'

test.each<[Mode, readonly Treatment[], Mode]>([
  ['enforce', [], 'enforce'],
  ['enforce', ['enforce'], 'enforce'],
  ['enforce', ['warn'], 'warn'],
  ['enforce', ['enforce', 'warn'], 'warn'],
  ['enforce', ['warn', 'skip'], 'off'],
  ['warn', ['enforce'], 'warn'],
  ['audit', ['warn'], 'audit'],
  ['audit', ['skip'], 'off'],
  ['off', ['enforce'], 'off'],
])('in mode %s, what is treated as %j is judged in mode %s', (mode, treatments, reach) => {
  expect(modeUnder(mode, treatments)).toBe(reach)
})
