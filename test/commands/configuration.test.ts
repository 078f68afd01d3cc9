import { expect, test } from 'vitest'
import { defaultConfiguration, settingsOf } from '../../src/commands/configuration.ts'
import { createGuard } from '../../src/registry/dial/guard.ts'

test('the API server of the own cluster is never called for an image, unless it is allowed by name', () => {
  const environment = { KUBERNETES_SERVICE_HOST: '10.96.0.1' }
  const judged = (allowAddresses: readonly string[]) => {
    const registries = { ...defaultConfiguration().registries, allowAddresses }
    const { addresses } = settingsOf({ ...defaultConfiguration(), registries }, environment)
    return createGuard({ ...addresses, strictness: 'cluster' })('10.96.0.1', 'private').kind
  }
  expect(judged([])).toBe('refused')
  expect(judged(['10.96.0.1'])).toBe('allowed')
})
