import { setTimeout as wait } from 'node:timers/promises'
import type { ClusterAccess } from '../../cluster/real/access.ts'
import type { KubeObject } from '../../cluster/real/client.ts'

/** What came of requests that went on and on. */
export interface Flood {
  readonly asked: number
  /** What was not answered as was expected. */
  readonly odd: readonly string[]
  /** Let through unread, with a warning, because this machine has too much to do. */
  readonly shed: number
}

const podNamed = (name: string, namespace: string, image: string): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } },
  spec: { containers: [{ name: 'web', image }] },
})

/** A pod in a namespace. */
export const pod = podNamed

/**
 * Dry-runs pods through the API server, so many a second, until it is told to end: every other one has an image that is to be
 * denied, so that a review that was let through unasked is seen.
 */
export const flood = (
  { client }: ClusterAccess,
  {
    namespace,
    good,
    bad,
    perSecond,
  }: { readonly namespace: string; readonly good: string; readonly bad: string; readonly perSecond: number },
): { readonly end: () => Promise<Flood> } => {
  const odd: string[] = []
  const underWay = new Set<Promise<void>>()
  let [asked, shed, isOver] = [0, 0, false]
  const ask = async (number: number): Promise<void> => {
    const isBad = number % 2 === 1
    const answer = await client.create(podNamed(`flood-${number}`, namespace, isBad ? bad : good), true)
    const isAsExpected = isBad
      ? answer.status === 403 && JSON.stringify(answer.body).includes('[invalid-reference]')
      : answer.status === 201 && answer.warnings.length === 0
    if (answer.warnings.some(text => text.includes('[overload]'))) shed += 1
    else if (!isAsExpected)
      odd.push(
        `${isBad ? 'bad' : 'good'} ${answer.status} ${JSON.stringify(answer.warnings)} ${JSON.stringify(answer.body).slice(0, 300)}`,
      )
  }
  const run = async (): Promise<void> => {
    const began = performance.now()
    while (!isOver) {
      // Never more than the API server takes of one client at a time.
      if (underWay.size < 100 && asked < ((performance.now() - began) / 1000) * perSecond) {
        const one = ask(asked++).catch(error => void odd.push(String(error)))
        underWay.add(one)
        void one.finally(() => underWay.delete(one))
      } else await wait(5)
    }
    await Promise.all(underWay)
  }
  const running = run()
  return {
    end: async () => {
      isOver = true
      await running
      return { asked, odd, shed }
    },
  }
}

/** A counter of the API server, all of its series together. */
export const apiServerCounter = async ({ client }: ClusterAccess, name: string): Promise<number> => {
  const { body } = await client.request('GET', '/metrics')
  const lines = String(body)
    .split('\n')
    .filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}
