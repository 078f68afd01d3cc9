import { expect, test } from 'vitest'
import { openCluster } from '../../src/cluster/cluster.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { accessTo, apiServerFor } from '../support/api-server/connect.ts'
import { closedAfterTest } from '../support/lifetime.ts'

const signal = (): AbortSignal => deadlineIn(5000)

test('a cluster is asked for secrets one by one, follows nodes, namespaces and RuntimeClasses, and asks for nothing else', async () => {
  const server = await apiServerFor()
  server.nodes.put({ metadata: { name: 'a' } })
  server.namespaces.put({ metadata: { name: 'shop', labels: { 'pullgate.dev/mode': 'off' } } })
  server.runtimeClasses.put({
    metadata: { name: 'kata' },
    handler: 'kata',
    scheduling: { nodeSelector: { vm: 'yes' } },
  })
  server.objects.set('/api/v1/namespaces/shop/secrets/pull', {
    kind: 'Secret',
    metadata: { name: 'pull' },
    type: 'kubernetes.io/dockercfg',
    data: { '.dockercfg': 'e30=' },
  })
  const cluster = closedAfterTest(
    openCluster({
      access: accessTo(server),
      userAgent: 'pullgate/test',
      foundSeconds: 5,
      nowMs: () => 0,
      random: () => 0,
      observe: () => {},
    }),
  )
  const { nodes, namespaces, runtimeClasses } = cluster
  await Promise.all([nodes, namespaces, runtimeClasses].map(each => each.settled(signal())))
  const { nodeWatches, namespaceWatches, runtimeClassWatches } = server
  await Promise.all([nodeWatches, namespaceWatches, runtimeClassWatches].map(each => each.untilOpen()))
  expect(await cluster.secrets.get('shop', 'pull', signal())).toMatchObject({ ok: true })
  expect(await cluster.serviceAccounts.get('shop', 'default', signal())).toEqual({
    ok: false,
    error: { kind: 'missing' },
  })
  expect(cluster.nodes.current()).toHaveLength(1)
  expect(await cluster.namespaces.modeOf('shop', signal())).toEqual({ kind: 'label', value: 'off' })
  expect(runtimeClasses.find('kata')).toEqual({ nodeSelector: new Map([['vm', 'yes']]), tolerations: [] })
  const asked = server.requests.map(({ path, query }) => `${path}${query.has('watch') ? ' watch' : ''}`)
  expect(asked.toSorted()).toEqual([
    '/api/v1/namespaces',
    '/api/v1/namespaces watch',
    '/api/v1/namespaces/shop/secrets/pull',
    '/api/v1/namespaces/shop/serviceaccounts/default',
    '/api/v1/nodes',
    '/api/v1/nodes watch',
    '/apis/node.k8s.io/v1/runtimeclasses',
    '/apis/node.k8s.io/v1/runtimeclasses watch',
  ])
})
