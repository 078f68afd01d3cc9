import { test } from 'vitest'
import { expectNoCrossing } from './tenants.ts'

test('ten thousand interleavings of tenants with different secrets cross in no verdict', () =>
  expectNoCrossing(Number(process.env['PULLGATE_COUNT'] ?? 10_000)))
