import { expect, vi } from 'vitest'
import { multiArchImage } from '../../../src/demo/images.ts'
import { type EmbeddedRegistry, startRegistry } from '../../../src/demo/registry.ts'
import { type Cluster, startCluster } from '../../cluster/real/cluster.ts'
import { createFleet, type Fleet } from './fleet.ts'
import { install, makeNamespace } from './installation.ts'
import { pod } from './load.ts'

/** An API server that asks replicas of the webhook, by a Service, about pods in the namespace `shop`. */
export interface Stage {
  readonly cluster: Cluster
  readonly registry: EmbeddedRegistry
  readonly fleet: Fleet
  /** Images: one that is there, one whose tag is wrong, and one that nobody has to be asked about. */
  readonly good: string
  readonly bad: string
  readonly malformed: string
  readonly close: () => Promise<void>
}

/** For what has to be started. */
export const inTime = (): AbortSignal => AbortSignal.timeout(90_000)

/** Starts everything, with so many replicas on the first of these addresses. */
export const openStage = async (addresses: readonly string[], count: number): Promise<Stage> => {
  const registry = await startRegistry()
  registry.put('shop/web', '1.4.0', multiArchImage(['linux/amd64']))
  const [good, bad] = [`${registry.host}/shop/web:1.4.0`, `${registry.host}/shop/web:1.40`]
  const configuration = (serve: object = {}): object => ({
    platforms: ['linux/amd64'],
    registries: { allowAddresses: ['127.0.0.1'] },
    serve: { testImage: good, drainSeconds: 12, ...serve },
  })
  const cluster = await startCluster({ parts: ['etcd', 'kube-apiserver'] }, inTime())
  const fleet = createFleet(cluster, addresses, configuration)
  const close = async (): Promise<void> => {
    await fleet.killAll()
    await cluster.close()
    await registry.close()
  }
  const furnish = async (): Promise<void> => {
    await install(cluster)
    await makeNamespace(cluster, 'shop')
    // All find the Secret empty, and each wants to be the one who fills it.
    await fleet.start(count)
    // The API server reads registration and endpoints with a delay.
    const denied = async (): Promise<void> => {
      expect(await cluster.client.create(pod('first', 'shop', bad), true)).toMatchObject({ status: 403 })
    }
    await vi.waitFor(denied, { timeout: 20_000, interval: 200 })
  }
  await furnish().catch(async error => {
    await close()
    throw error
  })
  return { cluster, registry, fleet, good, bad, malformed: `${registry.host}/Shop/web:1`, close }
}
