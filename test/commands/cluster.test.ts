import { describe, expect, test } from 'vitest'
import { openCluster } from '../../src/cluster/cluster.ts'
import { startWebhook, type Webhook } from '../../src/commands/webhook.ts'
import { multiArchImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry } from '../../src/demo/registry.ts'
import { accessTo, apiServerFor } from '../support/api-server/connect.ts'
import { type FakeApiServer, refuse } from '../support/api-server/server.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { deploymentWith, podWith } from '../support/reviews.ts'
import { basicGate } from '../support/token-server.ts'
import { review } from './ask-webhook.ts'
import { settingsWith } from './settings.ts'

const me = { username: 'me', password: 'secret' }

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const pullSecret = (host: string, { username, password } = me) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'pull', namespace: 'shop' },
  type: 'kubernetes.io/dockerconfigjson',
  data: {
    '.dockerconfigjson': base64(JSON.stringify({ auths: { [host]: { auth: base64(`${username}:${password}`) } } })),
  },
})

const node = (architecture: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: architecture, labels: { 'kubernetes.io/arch': architecture, 'kubernetes.io/os': 'linux' } },
  spec: {},
  status: {
    nodeInfo: {
      architecture,
      operatingSystem: 'linux',
      containerRuntimeVersion: 'containerd://2.4.2',
      kubeletVersion: 'v1.36.1',
    },
  },
})

interface Town {
  readonly api: FakeApiServer
  readonly registry: EmbeddedRegistry
  readonly webhook: Webhook
  readonly image: string
}

const town = async (prepare: (api: FakeApiServer) => void = () => {}): Promise<Town> => {
  const [api, registry] = await Promise.all([apiServerFor(), registryFor({ intercept: basicGate([me]) })])
  prepare(api)
  registry.put('shop/web', '1', multiArchImage(['linux/amd64']))
  api.nodes.put(node('amd64'))
  api.namespaces.put({ metadata: { name: 'shop', labels: {} } })
  const cluster = openCluster({
    access: accessTo(api),
    userAgent: 'pullgate/test',
    foundSeconds: 5,
    nowMs: () => performance.now(),
    random: () => 0.5,
    observe: () => {},
  })
  closedAfterTest(cluster)
  await Promise.all([
    cluster.nodes.settled(AbortSignal.timeout(5000)),
    cluster.namespaces.settled(AbortSignal.timeout(5000)),
    cluster.runtimeClasses.settled(AbortSignal.timeout(5000)),
  ])
  const started = await startWebhook({
    host: '127.0.0.1',
    port: 0,
    names: ['127.0.0.1'],
    settings: settingsWith({ platforms: 'nodes' }),
    cluster,
    log: text => expect.fail(text),
  })
  if (!started.ok) throw new Error(started.error)
  return { api, registry, webhook: closedAfterTest(started.value), image: `${registry.host}/shop/web:1` }
}

const withSecret = (image: string) =>
  podWith([], { spec: { containers: [{ name: 'web', image }], imagePullSecrets: [{ name: 'pull' }] } })

type Answer = NonNullable<Awaited<ReturnType<typeof review>>>

/** Asks until a change in the cluster has reached the webhook. */
const settled = async (ask: () => ReturnType<typeof review>, isIt: (answer: Answer) => boolean): Promise<Answer> => {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await ask()
    if (answer !== undefined && isIt(answer)) return answer
  }
  throw new Error('the change did not reach the webhook')
}

describe('a webhook that knows its cluster', () => {
  test('pulls with the secret of the pod, and denies where it is wrong', async () => {
    const { api, registry, webhook, image } = await town()
    const path = '/api/v1/namespaces/shop/secrets/pull'
    api.objects.set(path, pullSecret(registry.host, { ...me, password: 'old' }))
    const pod = withSecret(image)
    expect((await review(webhook, pod))?.status?.message).toContain('[denied')
    api.objects.set(path, pullSecret(registry.host))
    expect(await review(webhook, pod)).toMatchObject({ allowed: true })
  })

  test('warns of a secret that is not there, until it is', async () => {
    const { api, registry, webhook, image } = await town()
    const before = await review(webhook, withSecret(image))
    expect(JSON.stringify(before)).toContain('missing-pull-secret')
    api.objects.set('/api/v1/namespaces/shop/secrets/pull', pullSecret(registry.host))
    const after = await review(webhook, withSecret(image))
    expect(after).toEqual({ uid: 'c0ffee', allowed: true })
  })

  test("adds the ServiceAccount's secrets to a template, which admission has not seen yet", async () => {
    const { api, registry, webhook, image } = await town()
    api.objects.set('/api/v1/namespaces/shop/secrets/pull', pullSecret(registry.host))
    api.objects.set('/api/v1/namespaces/shop/serviceaccounts/default', {
      kind: 'ServiceAccount',
      metadata: { name: 'default', uid: 'u' },
      imagePullSecrets: [{ name: 'pull' }],
    })
    expect(await review(webhook, deploymentWith(image))).toEqual({ uid: 'c0ffee', allowed: true })
  })

  test('judges platforms by its nodes', async () => {
    const { api, registry, webhook } = await town()
    api.objects.set('/api/v1/namespaces/shop/secrets/pull', pullSecret(registry.host))
    registry.put('shop/arm', '1', multiArchImage(['linux/arm64']))
    const answer = await review(webhook, withSecret(`${registry.host}/shop/arm:1`))
    expect(answer?.status?.message).toContain('[no-platform')
  })

  test('judges the platforms of a template by what its RuntimeClass adds, and not at all before it knows', async () => {
    const { api, registry, webhook } = await town(({ runtimeClasses, nodes }) => {
      const scheduling = {
        nodeSelector: { 'kubernetes.io/arch': 'arm64' },
        tolerations: [{ key: 'vm', operator: 'Exists' }],
      }
      runtimeClasses.put({ metadata: { name: 'kata' }, handler: 'kata', scheduling })
      nodes.put({ ...node('arm64'), spec: { taints: [{ key: 'vm', effect: 'NoSchedule' }] } })
    })
    registry.put('shop/both', '1', multiArchImage(['linux/amd64', 'linux/arm64']))
    api.objects.set('/api/v1/namespaces/shop/secrets/pull', pullSecret(registry.host))
    const of = (name: string, runtimeClassName: string) => {
      const containers = [{ name: 'web', image: `${registry.host}/shop/${name}:1` }]
      const spec = { runtimeClassName, containers, imagePullSecrets: [{ name: 'pull' }] }
      return review(webhook, deploymentWith('', { spec: { template: { spec } } }))
    }
    expect((await of('web', 'kata'))?.status?.message).toMatch(
      /\[no-platform\].*linux\/arm64|linux\/arm64.*\[no-platform/,
    )
    expect(await of('both', 'kata')).toEqual({ uid: 'c0ffee', allowed: true })
    expect(await of('web', 'unheard-of')).toEqual({ uid: 'c0ffee', allowed: true })
  })

  test.each([
    ['warn', true],
    ['off', true],
    ['audit', true],
    ['enforce', false],
  ])('keeps to the mode of a namespace: %s', async (mode, allowed) => {
    const { api, registry, webhook } = await town()
    api.objects.set('/api/v1/namespaces/shop/secrets/pull', pullSecret(registry.host))
    api.namespaces.put({ metadata: { name: 'other', labels: { 'pullgate.dev/mode': mode } } })
    const pod = withSecret(`${registry.host}/shop/web:9`)
    api.objects.set('/api/v1/namespaces/other/secrets/pull', pullSecret(registry.host))
    const answer = await review(webhook, pod, { namespace: 'other' })
    expect(answer?.allowed).toBe(allowed)
    expect(answer?.warnings === undefined).toBe(mode !== 'warn')
  })
})

describe('what its nodes hold', () => {
  const holding = (...names: readonly string[]) => ({
    ...node('amd64'),
    status: { ...node('amd64').status, images: [{ names, sizeBytes: 1 }] },
  })

  test('makes a warning of an image that is in no registry any more', async () => {
    const { api, registry, webhook } = await town()
    api.objects.set('/api/v1/namespaces/shop/secrets/pull', pullSecret(registry.host))
    const lost = `${registry.host}/shop/web:9`
    expect(await review(webhook, withSecret(lost))).toMatchObject({ allowed: false })
    api.nodes.put(holding(lost))
    const answer = await settled(
      () => review(webhook, withSecret(lost)),
      ({ allowed }) => allowed,
    )
    expect(answer.warnings?.[0]).toContain('[cached-only]')
  })

  test('tells that they may have credentials of their own', async () => {
    const { api, registry, webhook, image } = await town()
    expect((await review(webhook, podWith([image])))?.status?.message).toContain('[denied]')
    api.nodes.put(holding(`${registry.host}/shop/web:0.9`))
    const answer = await settled(
      () => review(webhook, podWith([image])),
      ({ allowed }) => allowed,
    )
    expect(answer.warnings?.[0]).toContain('[node-credentials]')
  })
})

describe('what it does not know', () => {
  test('of CRI-O it does not hold for Docker Hub: names without a registry', async () => {
    const { api, webhook } = await town()
    const crio = node('amd64')
    api.nodes.put({
      ...crio,
      metadata: { ...crio.metadata, name: 'crio' },
      status: { nodeInfo: { ...crio.status.nodeInfo, containerRuntimeVersion: 'cri-o://1.34.1' } },
    })
    const said = (answer: Answer): string => JSON.stringify(answer.warnings ?? [])
    const answer = await settled(
      () => review(webhook, podWith(['ubi8/ubi'])),
      each => said(each).includes('its name has no registry'),
    )
    expect(answer.allowed).toBe(true)
  })

  test('of nodes that it may not list it does not hold against an image that they may have', async () => {
    const { registry, webhook, api } = await town(server =>
      server.willMeet(({ path }, response) => path === '/api/v1/nodes' && refuse(response, 403, 'Forbidden')),
    )
    api.objects.set('/api/v1/namespaces/shop/secrets/pull', pullSecret(registry.host))
    const answer = await review(webhook, withSecret(`${registry.host}/shop/web:9`))
    expect(answer?.allowed).toBe(true)
    expect(answer?.warnings?.[0]).toContain('[cached-only]')
  })
})
