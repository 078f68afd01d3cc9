import { setTimeout as wait } from 'node:timers/promises'
import { asList, asText, propertyAt } from '../../src/lib/untrusted.ts'
import type { KubeClient } from '../cluster/real/client.ts'

const withinMs = 180_000

const imagesOf = async (client: KubeClient, node: string): Promise<readonly unknown[]> =>
  asList(propertyAt(await client.get('v1', 'Node', node), 'status', 'images'))

const namesOf = (images: readonly unknown[]): ReadonlySet<string> =>
  new Set(images.flatMap(image => asList(propertyAt(image, 'names')).flatMap(name => asText(name) ?? [])))

const untilListed = async (client: KubeClient, node: string, names: readonly string[]): Promise<number> => {
  const began = performance.now()
  for (;;) {
    const images = await imagesOf(client, node)
    const listed = namesOf(images)
    const lacking = names.filter(name => !listed.has(name))
    if (lacking.length === 0) return images.length
    if (performance.now() - began > withinMs) throw new Error(`the node does not list ${lacking.join(', ')}`)
    await wait(1000)
  }
}

/**
 * Waits until a node lists the images, which kubelets tell twice a minute. A list of 50, 55 and so on is taken for one that was cut
 * there, so that the node gets one more image then.
 */
export const listsWhole = async (
  client: KubeClient,
  node: string,
  names: readonly string[],
  getAnother: () => Promise<string>,
): Promise<void> => {
  const count = await untilListed(client, node, names)
  if (count % 5 === 0) await untilListed(client, node, [await getAnother()])
}
