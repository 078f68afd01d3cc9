import { expect, test } from 'vitest'
import { settingsOf } from '../../src/commands/configuration.ts'
import { startWebhook } from '../../src/commands/webhook.ts'
import { defaultConfiguration } from '../../src/config/defaults.ts'
import { createGuard } from '../../src/registry/dial/guard.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { review } from './ask-webhook.ts'
import { settingsWith } from './settings.ts'

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

test('a kind of the configuration is judged by the templates that it names', async () => {
  const registry = await registryFor()
  const started = await startWebhook({
    host: '127.0.0.1',
    port: 0,
    names: ['127.0.0.1'],
    cluster: undefined,
    settings: settingsWith({ kinds: [{ group: 'play.example', kind: 'Game', templates: ['spec.sides[*].template'] }] }),
    log: text => expect.fail(text),
  })
  if (!started.ok) throw new Error(started.error)
  const game = (kind: string) => ({
    apiVersion: 'play.example/v1',
    kind,
    metadata: { name: 'chess' },
    spec: { sides: [{ template: { spec: { containers: [{ name: 'a', image: `${registry.host}/white:1` }] } } }] },
  })
  const webhook = closedAfterTest(started.value)
  const denied = await review(webhook, game('Game'))
  expect(denied?.status?.message).toContain('(spec.sides[0].template.spec.containers[0].image)')
  expect(await review(webhook, game('Match'))).toEqual({ uid: 'c0ffee', allowed: true })
})
