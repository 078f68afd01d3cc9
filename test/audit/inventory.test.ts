import { describe, expect, it } from 'vitest'
import { createInventory } from '../../src/audit/inventory.ts'
import { builtInKinds, findKind, type Kind } from '../../src/workload/kinds.ts'

const kindOf = (group: string, kind: string): Kind => {
  const row = findKind(builtInKinds, group, kind)
  if (row === undefined) throw new Error(`${group}/${kind} is not in the table`)
  return row
}
const [pods, deployments, replicaSets, daemonSets, cronJobs, jobs] = [
  kindOf('', 'Pod'),
  kindOf('apps', 'Deployment'),
  kindOf('apps', 'ReplicaSet'),
  kindOf('apps', 'DaemonSet'),
  kindOf('batch', 'CronJob'),
  kindOf('batch', 'Job'),
]

const digest = (character: string): string => `sha256:${character.repeat(64)}`
const ownedBy = (apiVersion: string, kind: string, name: string) => ({
  ownerReferences: [{ apiVersion, kind, name, uid: `uid-${name}`, controller: true }],
})
const named = (name: string, more: object = {}) => ({ name, uid: `uid-${name}`, namespace: 'shop', ...more })
const specOf = (image: string, more: object = {}) => ({ containers: [{ name: 'app', image }], ...more })
const templated = (name: string, image: string, owner: object = {}, more: object = {}) => ({
  metadata: named(name, owner),
  spec: { template: { spec: specOf(image, more) } },
})
const podNamed = (name: string, image: string, owner: object = {}, more: object = {}) => ({
  metadata: named(name, owner),
  spec: specOf(image, { nodeName: `node-of-${name}`, ...more }),
  status: { phase: 'Running', containerStatuses: [{ name: 'app', imageID: `r.test/app@${digest('a')}` }] },
})
const ofWeb = ownedBy('apps/v1', 'Deployment', 'web')
const ofWebSet = ownedBy('apps/v1', 'ReplicaSet', 'web-1')

const inventoryOf = (...all: readonly (readonly [object, Kind])[]) => {
  const inventory = createInventory(builtInKinds)
  for (const [object, kind] of all) inventory.take(object, kind, 'shop')
  return inventory.owners()
}
const imagesOf = (owners: ReturnType<typeof inventoryOf>) =>
  owners.map(({ object, workloads }) => [
    `${object.kind}/${object.name}`,
    ...workloads.flatMap(({ images }) => images.map(({ image }) => image.text)),
  ])

describe('the inventory of a cluster', () => {
  it('shows a Deployment in the place of its hundred pods, and counts them', () => {
    const all = Array.from({ length: 100 }, (_, index) => podNamed(`web-1-${index}`, 'r.test/app:1', ofWebSet))
    const [web, ...others] = inventoryOf(
      [templated('web', 'r.test/app:1'), deployments],
      [templated('web-1', 'r.test/app:1', ofWeb), replicaSets],
      ...all.map(pod => [pod, pods] as const),
    )
    expect(others).toEqual([])
    expect(web).toMatchObject({ object: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, pods: 100 })
    expect(web?.workloads.map(({ images }) => images.map(({ path }) => path))).toEqual([
      ['spec.template.spec.containers[0].image'],
    ])
    expect([...(web?.running.get('r.test/app:1') ?? [])]).toEqual([digest('a')])
  })

  it('takes objects in any order, and each once', () => {
    const list = [
      [podNamed('web-1-x', 'r.test/app:1', ofWebSet), pods],
      [templated('web-1', 'r.test/app:1', ofWeb), replicaSets],
      [templated('web', 'r.test/app:1'), deployments],
    ] as const
    expect(inventoryOf(...list, ...list)).toEqual(inventoryOf(...list.toReversed()))
  })

  it('judges the pods as admission left them, and not the template that they were made from', () => {
    const owners = inventoryOf(
      [templated('web', 'app:1'), deployments],
      [templated('web-1', 'app:1', ofWeb), replicaSets],
      [podNamed('web-1-x', 'mirror.test/app:1', ofWebSet), pods],
    )
    expect(imagesOf(owners)).toEqual([['Deployment/web', 'mirror.test/app:1']])
  })

  it('judges the template of what has no pods now', () => {
    const owners = inventoryOf(
      [templated('web', 'app:1'), deployments],
      [templated('web-0', 'app:0', ofWeb), replicaSets],
      [
        { metadata: named('nightly'), spec: { jobTemplate: { spec: { template: { spec: specOf('job:1') } } } } },
        cronJobs,
      ],
    )
    expect(imagesOf(owners)).toEqual([
      ['CronJob/nightly', 'job:1'],
      ['Deployment/web', 'app:1'],
    ])
  })

  it('passes over pods that are over, and what is being deleted', () => {
    const over = { ...podNamed('done', 'app:1'), status: { phase: 'Succeeded' } }
    const going = podNamed('going', 'app:2', { deletionTimestamp: '2026-01-01T00:00:00Z' })
    expect(inventoryOf([over, pods], [going, pods])).toEqual([])
  })

  it('names an owner that is of no known kind by what its pods say of it', () => {
    const owners = inventoryOf([podNamed('x-1', 'app:1', ownedBy('shop.test/v1', 'Shop', 'x')), pods])
    expect(owners.map(({ object }) => object)).toEqual([
      { apiVersion: 'shop.test/v1', kind: 'Shop', namespace: 'shop', name: 'x' },
    ])
  })

  it('lets the next pod of an owner land wherever its template may, not on the node that this one has', () => {
    const bound = {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] }],
          },
        },
      },
    }
    const [agent] = inventoryOf(
      [templated('agent', 'agent:1'), daemonSets],
      [podNamed('agent-1', 'agent:1', ownedBy('apps/v1', 'DaemonSet', 'agent'), bound), pods],
      [podNamed('agent-2', 'agent:1', ownedBy('apps/v1', 'DaemonSet', 'agent'), bound), pods],
    )
    expect(agent?.pods).toBe(2)
    expect(agent?.workloads.map(({ placement }) => placement)).toMatchObject([
      { nodeName: undefined, requiredTerms: undefined, daemon: true },
    ])
  })

  it('tells pods of one owner apart that pull in different names', () => {
    const job = ownedBy('batch/v1', 'Job', 'load')
    const owners = inventoryOf(
      [templated('load', 'app:1'), jobs],
      [podNamed('load-1', 'app:1', job, { imagePullSecrets: [{ name: 'a' }] }), pods],
      [podNamed('load-2', 'app:1', job, { imagePullSecrets: [{ name: 'b' }] }), pods],
    )
    expect(owners.flatMap(({ workloads }) => workloads.map(({ pullAs }) => pullAs.imagePullSecrets))).toEqual([
      ['a'],
      ['b'],
    ])
  })

  it('ends with a circle of owners', () => {
    const owners = inventoryOf(
      [templated('a', 'app:1', ownedBy('shop.test/v1', 'Shop', 'b')), deployments],
      [templated('b', 'app:1', ownedBy('shop.test/v1', 'Shop', 'a')), deployments],
      [podNamed('pod', 'app:1', ownedBy('shop.test/v1', 'Shop', 'a')), pods],
    )
    expect(owners.length).toBeGreaterThan(0)
  })
})
