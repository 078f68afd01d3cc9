import { setTimeout as wait } from 'node:timers/promises'
import { asList, asText, propertyAt } from '../../src/lib/untrusted.ts'
import type { KubeClient } from '../cluster/real/client.ts'

const withinMs = 180_000

const imagesOf = async (client: KubeClient, node: string): Promise<readonly unknown[]> =>
  asList(propertyAt(await client.get('v1', 'Node', node), 'status', 'images'))

const namesOf = (images: readonly unknown[]): ReadonlySet<string> =>
  new Set(images.flatMap(image => asList(propertyAt(image, 'names')).flatMap(name => asText(name) ?? [])))

/** Waits until a node lists the images, which kubelets tell twice a minute. */
export const untilListed = async (client: KubeClient, node: string, names: readonly string[]): Promise<void> => {
  const began = performance.now()
  for (;;) {
    const listed = namesOf(await imagesOf(client, node))
    const lacking = names.filter(name => !listed.has(name))
    if (lacking.length === 0) return
    if (performance.now() - began > withinMs) throw new Error(`the node does not list ${lacking.join(', ')}`)
    await wait(1000)
  }
}
