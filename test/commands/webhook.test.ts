import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { startWebhook, type Webhook, type WebhookOptions } from '../../src/commands/webhook.ts'
import { helmChart, incompleteImage, indexOf, multiArchImage, singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry } from '../../src/demo/registry.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { deploymentWith, podWith, reviewOf } from '../support/reviews.ts'
import { basicGate, bearerGate, startTokenServer } from '../support/token-server.ts'
import { post, review } from './ask-webhook.ts'
import { settingsAllowing, settingsWith } from './settings.ts'

/** Nothing is to be logged: a bug. */
const log = (text: string): void => expect.fail(text)

const start = async (given: Partial<WebhookOptions> = {}): Promise<Webhook> => {
  const webhook = await startWebhook({
    cluster: undefined,
    host: '127.0.0.1',
    port: 0,
    names: ['127.0.0.1'],
    settings: settingsWith(),
    log,
    ...given,
  })
  if (!webhook.ok) throw new Error(webhook.error)
  return closedAfterTest(webhook.value)
}

const web = multiArchImage(['linux/amd64', 'linux/arm64'])

const stocked = async (): Promise<EmbeddedRegistry> => {
  const registry = await registryFor()
  registry.put('shop/web', '1.4.0', web)
  registry.put('shop/arm', '1', multiArchImage(['linux/arm64']))
  registry.put('shop/single', '1', singleImage('linux/arm64'))
  registry.put('shop/mislabelled', '1', singleImage('linux/arm64', { program: 'linux/amd64' }))
  registry.put('shop/broken', '1', incompleteImage(['linux/amd64', 'linux/arm64'], 'linux/amd64'))
  registry.put('shop/chart', '1', helmChart('shop', '1'))
  const inner = multiArchImage(['linux/amd64'])
  registry.put(
    'shop/nested',
    '1',
    indexOf([{ image: inner, platform: undefined, annotations: {}, presence: 'present' }]),
  )
  return registry
}

describe('the webhook says of a pod', () => {
  test.each<[string, string | undefined, string]>([
    ['shop/web:1.4.0', undefined, 'whose image fits'],
    ['shop/web:1.40', 'did you mean 1.4.0? [not-found]', 'whose tag is missing'],
    ['shop/wbe:1.4.0', 'has no repository shop/wbe; check the name [not-found]', 'whose repository is missing'],
    ['shop/arm:1', 'it is offered for linux/arm64 only', 'whose index has no image for the nodes'],
    ['shop/single:1', 'it will be pulled but cannot run on linux/amd64', 'whose only image is for other nodes'],
    ['shop/mislabelled:1', undefined, 'whose label names other nodes, though its program is for these'],
    ['shop/broken:1', 'names an image for linux/amd64 that the registry does not have', 'whose image is incomplete'],
    ['shop/chart:1', 'an artifact of type application/vnd.cncf.helm.config.v1+json', 'whose image is a chart'],
    ['Shop/web:1.4.0', 'a repository name is in lower case (character ', 'whose image is written wrongly'],
  ])('with %s: %s (%s)', async (image, denial) => {
    const [registry, webhook] = await Promise.all([stocked(), start()])
    const answer = await review(webhook, podWith([`${registry.host}/${image}`]))
    expect(answer).toMatchObject({ uid: 'c0ffee', allowed: denial === undefined })
    expect(answer?.status?.message ?? '').toContain(denial ?? '')
    const warnings = image.startsWith('shop/mislabelled')
      ? [expect.stringContaining('its program is for linux/amd64')]
      : undefined
    expect(answer?.warnings).toEqual(warnings)
  })

  test('with an index within the index: CRI-O, which may be the runtime, does not look there', async () => {
    const [registry, webhook] = await Promise.all([stocked(), start()])
    const answer = await review(webhook, podWith([`${registry.host}/shop/nested:1`]))
    expect(answer?.warnings).toEqual([expect.stringContaining('it runs with containerd, not CRI-O')])
  })

  test('with a registry that cannot be reached: perhaps', async () => {
    const [registry, webhook] = await Promise.all([registryFor(), start()])
    await registry.close()
    const answer = await review(webhook, podWith([`${registry.host}/shop/web:1`]))
    expect(answer).toMatchObject({ allowed: true, warnings: [expect.stringContaining('[unreachable]')] })
  })

  test('with a registry that never answers: perhaps, and before the API server gives up', async () => {
    const registry = await registryFor({ intercept: () => true })
    const body = JSON.stringify(reviewOf(podWith([`${registry.host}/shop/web:1`])))
    const answer = await post(await start(), body, { path: '/validate?timeout=1s' })
    expect(answer.body.response).toMatchObject({ allowed: true, warnings: [expect.stringContaining('[timed-out]')] })
  })

  test('with a registry that gives everybody a token: what it then says', async () => {
    const tokens = closedAfterTest(await startTokenServer())
    const registry = await registryFor({ intercept: bearerGate({ tokens }) })
    registry.put('shop/web', '1.4.0', web)
    const webhook = await start()
    expect(await review(webhook, podWith([`${registry.host}/shop/web:1.4.0`]))).toEqual({
      uid: 'c0ffee',
      allowed: true,
    })
    // Neither pull secrets nor the nodes' credentials are read yet: whoever shows one might be told of the image.
    expect(await review(webhook, podWith([`${registry.host}/shop/web:9`]))).toMatchObject({
      allowed: true,
      warnings: [expect.stringContaining('[node-credentials]')],
    })
    expect(await review(webhook, deploymentWith(`${registry.host}/shop/web:9`))).toMatchObject({
      allowed: true,
      warnings: [expect.stringContaining('service account "default" could not be read')],
    })
  })

  test('with a registry that wants credentials: could not find out, since pull secrets are not read yet', async () => {
    const registry = await registryFor({ intercept: basicGate([{ username: 'rig', password: 'secret' }]) })
    const answer = await review(await start(), podWith([`${registry.host}/shop/web:1`]))
    expect(answer).toMatchObject({ allowed: true, warnings: [expect.stringContaining('[node-credentials]')] })
  })

  test('with a registry on an address that nobody allowed: could not find out, and nobody was called', async () => {
    const registry = await stocked()
    const webhook = await start({ settings: settingsAllowing([]) })
    const { port } = new URL(`http://${registry.host}`)
    for (const host of [registry.host, `localhost:${port}`, `127.1:${port}`, `[::ffff:7f00:1]:${port}`])
      expect(await review(webhook, podWith([`${host}/shop/web:1.4.0`])), host).toMatchObject({
        allowed: true,
        warnings: [expect.stringContaining('[blocked-address]')],
      })
    expect(registry.requests).toEqual([])
  })

  test('with thousands of images of a registry that never answers: perhaps, and still in time', async () => {
    const registry = await registryFor({ intercept: () => true })
    const images = Array.from({ length: 5000 }, (_, index) => `${registry.host}/shop/web-${index}:1`)
    const body = JSON.stringify(reviewOf(podWith(images)))
    const answer = await post(await start(), body, { path: '/validate?timeout=2s', signal: AbortSignal.timeout(2000) })
    expect(answer.body.response).toMatchObject({ allowed: true })
    expect(answer.body.response?.warnings?.at(-1)).toMatch(/^and \d+ more images have warnings$/)
    expect(registry.requests.length).toBeLessThan(100)
  })

  test('of which a workflow has thousands, each on another host that never answers: perhaps, and still in time', async () => {
    const registry = await registryFor({ intercept: () => true })
    const { port } = new URL(`http://${registry.host}`)
    const image = (index: number) => `127.0.${index >> 8}.${index & 255}:${port}/shop/web:1`
    const templates = Array.from({ length: 5000 }, (_, index) => ({
      name: `t${index}`,
      container: { image: image(index) },
    }))
    const workflow = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'w' },
      spec: { templates },
    }
    const webhook = await start({ settings: settingsAllowing(['127.0.0.0/8']) })
    const signal = AbortSignal.timeout(2000)
    const answer = await post(webhook, JSON.stringify(reviewOf(workflow)), { path: '/validate?timeout=2s', signal })
    expect(answer.body.response).toMatchObject({ allowed: true })
  })

  test('with one image twice: one question', async () => {
    const [registry, webhook] = await Promise.all([stocked(), start()])
    const image = `${registry.host}/shop/web:1.4.0`
    await review(webhook, podWith([image, image, image]))
    expect(registry.requests.filter(({ path }) => path.endsWith('/manifests/1.4.0'))).toHaveLength(1)
  })

  test('whose image was mended after a denial: it is let through at once', async () => {
    const [registry, webhook] = await Promise.all([stocked(), start()])
    const pod = podWith([`${registry.host}/shop/arm:1`])
    expect(await review(webhook, pod)).toMatchObject({ allowed: false })
    registry.put('shop/arm', '1', web)
    expect(await review(webhook, pod)).toMatchObject({ allowed: true })
  })

  test('whose image it knows: without any question', async () => {
    const [registry, webhook] = await Promise.all([stocked(), start()])
    const pod = podWith([`${registry.host}/shop/web:1.4.0`])
    await review(webhook, pod)
    const before = registry.requests.length
    expect(await review(webhook, pod)).toMatchObject({ allowed: true })
    expect(registry.requests).toHaveLength(before)
  })
})

describe("the webhook stands in nobody's way", () => {
  const missing = async (): Promise<string> => `${(await stocked()).host}/shop/web:9`

  test.each<[string, (image: string) => object, Record<string, unknown>]>([
    ['an object of a kind without pods', image => ({ apiVersion: 'v1', kind: 'ConfigMap', data: { image } }), {}],
    [
      'an object on its way out',
      image => podWith([image], { metadata: { deletionTimestamp: '2026-11-21T00:00:00Z' } }),
      {},
    ],
    [
      'the note of a static pod',
      image => podWith([image], { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } }),
      {},
    ],
    ['a deletion', image => podWith([image]), { operation: 'DELETE' }],
    ['a status', image => podWith([image]), { operation: 'UPDATE', subResource: 'status' }],
    ['an exec', image => podWith([image]), { operation: 'CONNECT', subResource: 'exec' }],
  ])('with %s', async (_, object, given) => {
    const answer = await review(await start(), object(await missing()), given)
    expect(answer).toEqual({ uid: 'c0ffee', allowed: true })
  })

  test('with an update that changes nothing about pulling', async () => {
    const [image, webhook] = await Promise.all([missing(), start()])
    const before = deploymentWith(image)
    const after = deploymentWith(image, { metadata: { name: 'web', labels: { new: 'yes' } } })
    expect(await review(webhook, after, { operation: 'UPDATE', oldObject: before })).toEqual({
      uid: 'c0ffee',
      allowed: true,
    })
  })

  test('with a pod whose owner was judged: it is warned about, and comes back', async () => {
    const [image, webhook] = await Promise.all([missing(), start()])
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', controller: true }]
    const answer = await review(webhook, podWith([image], { metadata: { ownerReferences } }))
    expect(answer).toMatchObject({ allowed: true, warnings: [expect.stringContaining('[not-found]')] })
  })

  test('in a mode that only warns, or says nothing', async () => {
    const registry = await stocked()
    const image = `${registry.host}/shop/web:9`
    expect(await review(await start({ settings: settingsWith({ mode: 'off' }) }), podWith([image]))).toEqual({
      uid: 'c0ffee',
      allowed: true,
    })
    expect(registry.requests).toEqual([])
    const warned = await review(await start({ settings: settingsWith({ mode: 'warn' }) }), podWith([image]))
    expect(warned).toMatchObject({ allowed: true, warnings: [expect.stringContaining('[not-found]')] })
    expect(await review(await start({ settings: settingsWith({ mode: 'audit' }) }), podWith([image]))).toEqual({
      uid: 'c0ffee',
      allowed: true,
    })
  })
})

describe('the webhook looks at', () => {
  test('an update that changes the image', async () => {
    const [registry, webhook] = await Promise.all([stocked(), start()])
    const [before, after] = ['1.4.0', '9'].map(tag => deploymentWith(`${registry.host}/shop/web:${tag}`))
    expect(await review(webhook, after, { operation: 'UPDATE', oldObject: before })).toMatchObject({ allowed: false })
  })

  test('a container that is added to debug with', async () => {
    const [registry, webhook] = await Promise.all([stocked(), start()])
    const before = podWith([`${registry.host}/shop/web:1.4.0`]) as { readonly spec: object }
    const ephemeralContainers = [{ name: 'debugger', image: `${registry.host}/shop/debug:1` }]
    const after = { ...before, spec: { ...before.spec, ephemeralContainers } }
    const given = { operation: 'UPDATE', subResource: 'ephemeralcontainers', oldObject: before }
    expect(await review(webhook, after, given)).toMatchObject({ allowed: false })
  })

  test('an object beside a key that could reach into JavaScript', async () => {
    const [registry, webhook] = await Promise.all([stocked(), start()])
    const text = JSON.stringify(reviewOf(podWith([`${registry.host}/shop/web:9`]))).replace(
      '"spec":{',
      '"spec":{"__proto__":{"containers":[]},"constructor":{"prototype":{"containers":[]}},',
    )
    expect((await post(webhook, text)).body.response).toMatchObject({ allowed: false })
  })

  test('an object as large as the API server lets pass, twice', async () => {
    const [registry, webhook] = await Promise.all([stocked(), start()])
    const metadata = { name: 'web', annotations: { big: 'x'.repeat(2.9 * 1024 * 1024) } }
    const [before, after] = ['1.4.0', '9'].map(tag => deploymentWith(`${registry.host}/shop/web:${tag}`, { metadata }))
    expect(await review(webhook, after, { operation: 'UPDATE', oldObject: before })).toMatchObject({ allowed: false })
  })
})

describe('the webhook refuses, with a reason', () => {
  test.each([
    ['what is not JSON', '{"kind":', 400, 'the body is not JSON'],
    ['nothing', '', 400, 'the body is not JSON'],
    ['what is no review', '{"kind":"Pod"}', 400, 'the body is not an AdmissionReview: its kind says otherwise'],
    ['too much', `"${'x'.repeat(8 * 1024 * 1024)}"`, 413, 'the body is larger than 8 MiB'],
  ])('%s', async (_, body, status, error) => {
    expect(await post(await start(), body)).toEqual({ status, body: { error } })
  })

  test('what does not say that it is JSON', async () => {
    const answer = await post(await start(), 'a=b', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer).toEqual({ status: 415, body: { error: 'the body is not application/json' } })
  })

  test('other paths', async () => {
    const answer = await post(await start(), '{}', { path: '/mutate' })
    expect(answer.status).toBe(404)
    expect(answer.body.error).toContain('/validate')
  })
})

describe('the webhook does not start, and says why,', () => {
  test('where its port is taken', async () => {
    const port = Number(new URL((await start()).url).port)
    const second = await startWebhook({
      cluster: undefined,
      host: '127.0.0.1',
      port,
      names: ['a'],
      settings: settingsWith({ mode: 'warn' }),
      log,
    })
    expect(second).toEqual({
      ok: false,
      error: `Port ${port} of 127.0.0.1 is in use by another program: choose another with --port.`,
    })
  })

  test('where the address is not of this machine', async () => {
    const started = await startWebhook({
      cluster: undefined,
      host: '192.0.2.1',
      port: 0,
      names: ['a'],
      settings: settingsWith({ mode: 'warn' }),
      log,
    })
    expect(started).toEqual({
      ok: false,
      error: '192.0.2.1 is not an address of this machine: choose another with --host.',
    })
  })
})

test('the webhook closes though somebody holds a connection and says nothing, or only half of something', async () => {
  const settings = { ...settingsWith(), budget: { timeoutMs: 200, reserveMs: 50 } }
  const webhook = await start({ settings })
  const port = Number(new URL(webhook.url).port)
  const silent = connect(port, '127.0.0.1')
  const half = connectTls({ port, host: '127.0.0.1', ca: webhook.caPem })
  await Promise.all([once(silent, 'connect'), once(half, 'secureConnect')])
  half.write('POST /validate HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{')
  half.on('error', () => {})
  // Who does not read does not see the end either.
  const ended = Promise.all([silent, half].map(socket => once(socket.resume(), 'close')))
  await webhook.close()
  await ended
})
