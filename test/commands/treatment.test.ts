import { describe, expect, test } from 'vitest'
import { startWebhook, type Webhook } from '../../src/commands/webhook.ts'
import type { Configuration } from '../../src/config/configuration.ts'
import { multiArchImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry } from '../../src/demo/registry.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { deploymentWith, podWith } from '../support/reviews.ts'
import { review } from './ask-webhook.ts'
import { settingsWith } from './settings.ts'

const log = (text: string): void => expect.fail(text)

const start = async (given: Partial<Configuration>): Promise<Webhook> => {
  const settings = settingsWith(given)
  const webhook = await startWebhook({
    host: '127.0.0.1',
    port: 0,
    names: ['127.0.0.1'],
    cluster: undefined,
    settings,
    log,
  })
  if (!webhook.ok) throw new Error(webhook.error)
  return closedAfterTest(webhook.value)
}

const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', controller: true }
const makers: Readonly<Record<string, (image: string) => object>> = {
  'a pod': image => podWith([image]),
  'an owned pod': image => podWith([image], { metadata: { ownerReferences: [owner] } }),
  'a template': image => deploymentWith(image),
  'an owned template': image =>
    deploymentWith(image, { kind: 'ReplicaSet', metadata: { ownerReferences: [{ ...owner, kind: 'Deployment' }] } }),
}

/** What comes of a missing image, and whether its registry was asked. */
const outcomeOf = async (webhook: Webhook, registry: EmbeddedRegistry, made: (image: string) => object) => {
  const before = registry.requests.length
  const answer = await review(webhook, made(`${registry.host}/shop/web:9`))
  const wasAsked = registry.requests.length > before
  if (answer?.allowed === false) return 'rejected'
  if (answer?.warnings !== undefined) return 'warned'
  return wasAsked ? 'asked, and let through' : 'not asked'
}

describe('of a missing image', () => {
  test.each<[Partial<Configuration>, string, string]>([
    [{}, 'a pod', 'rejected'],
    [{}, 'an owned pod', 'warned'],
    [{}, 'a template', 'rejected'],
    [{}, 'an owned template', 'warned'],
    [{ owned: 'enforce' }, 'an owned pod', 'rejected'],
    [{ owned: 'enforce' }, 'an owned template', 'rejected'],
    [{ owned: 'skip' }, 'an owned pod', 'not asked'],
    [{ owned: 'skip' }, 'a pod', 'rejected'],
    [{ templates: 'warn' }, 'a template', 'warned'],
    [{ templates: 'warn' }, 'a pod', 'rejected'],
    [{ templates: 'warn', owned: 'enforce' }, 'an owned template', 'warned'],
    [{ templates: 'skip' }, 'a template', 'not asked'],
    [{ templates: 'skip', owned: 'enforce' }, 'an owned pod', 'rejected'],
    [{ mode: 'warn', owned: 'enforce' }, 'an owned pod', 'warned'],
    [{ policy: { 'not-found': 'warn' } }, 'a pod', 'warned'],
    [{ ignoreImages: ['127.0.0.1:*/shop/*'] }, 'a pod', 'not asked'],
    [{ ignoreImages: ['127.0.0.1:*/other/*'] }, 'a pod', 'rejected'],
  ])('with %j, %s is %s', async (given, of, outcome) => {
    const [registry, webhook] = await Promise.all([registryFor(), start({ ...given, platforms: 'any' })])
    registry.put('shop/web', '1', multiArchImage(['linux/amd64']))
    expect(await outcomeOf(webhook, registry, makers[of] ?? (() => ({})))).toBe(outcome)
  })
})
