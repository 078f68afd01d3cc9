import { test } from 'vitest'
import { expectNoCrossing } from './tenants.ts'

test('a thousand interleavings of tenants with different secrets cross in no verdict', () => expectNoCrossing(1000))
