import { setTimeout as wait } from 'node:timers/promises'
import type { ClusterAccess } from '../../cluster/real/access.ts'
import type { KubeAnswer, KubeObject } from '../../cluster/real/client.ts'

/** What came of requests that went on and on. */
export interface Flood {
  readonly asked: number
  /** How many a second there really were, and were to be. */
  readonly perSecond: number
  readonly wantedPerSecond: number
  /** What was neither let in nor denied as was expected. */
  readonly odd: readonly string[]
  /** When, by `performance.now()`, a pod was let in that was to be denied. */
  readonly slips: readonly number[]
  /** Let through unread, with a warning, because this machine has too much to do. */
  readonly shed: number
}

/** Requests that go on and on. */
export interface Flooding {
  /** Ends when so many that begin from now on have been answered. */
  readonly more: (count: number) => Promise<void>
  readonly end: () => Promise<Flood>
}

/** What is asked. */
export interface FloodOptions {
  readonly namespace: string
  readonly good: string
  /** An image that is denied without a question to anybody. */
  readonly malformed: string
  /** As many as the machine carries, up to this. */
  readonly perSecond: number
}

/** A pod in a namespace. */
export const pod = (name: string, namespace: string, image: string): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } },
  spec: { containers: [{ name: 'web', image }] },
})

/** Ten times what is under way where this machine carries it; where it does not, more would only wait in the API server. */
export const mostUnderWay = 32

type Outcome = 'expected' | 'shed' | 'slip' | 'odd'

const outcomeOf = ({ status, warnings, body }: KubeAnswer, isMalformed: boolean): Outcome => {
  if (warnings.some(text => text.includes('[overload]'))) return 'shed'
  if (!isMalformed) return status === 201 && warnings.length === 0 ? 'expected' : 'odd'
  if (status === 201) return 'slip'
  return status === 403 && JSON.stringify(body).includes('[invalid-reference]') ? 'expected' : 'odd'
}

/**
 * Dry-runs pods through the API server, so many a second, until it is told to end: every other one has an image that is to be
 * denied, so that a review that was let through unasked is seen.
 */
export const flood = ({ client }: ClusterAccess, options: FloodOptions): Flooding => {
  const { namespace, good, malformed, perSecond } = options
  const [odd, slips]: [string[], number[]] = [[], []]
  const underWay = new Set<Promise<void>>()
  const began = performance.now()
  let [asked, shed, isOver] = [0, 0, false]

  const ask = async (number: number): Promise<void> => {
    const isMalformed = number % 2 === 1
    const answer = await client.create(pod(`flood-${number}`, namespace, isMalformed ? malformed : good), true)
    const outcome = outcomeOf(answer, isMalformed)
    if (outcome === 'shed') shed += 1
    if (outcome === 'slip') slips.push(performance.now())
    if (outcome === 'odd') odd.push(`${isMalformed ? 'malformed' : 'good'} ${JSON.stringify(answer).slice(0, 500)}`)
  }
  const run = async (): Promise<void> => {
    while (!isOver) {
      if (underWay.size < mostUnderWay && asked < ((performance.now() - began) / 1000) * perSecond) {
        const one = ask(asked++).catch(error => void odd.push(String(error)))
        underWay.add(one)
        void one.finally(() => underWay.delete(one))
      } else await wait(5)
    }
    await Promise.all(underWay)
  }
  const running = run()
  return {
    more: async count => {
      const enough = asked + count
      while (asked - underWay.size < enough) await wait(5)
    },
    end: async () => {
      isOver = true
      await running
      const reached = (asked * 1000) / (performance.now() - began)
      return { asked, perSecond: reached, wantedPerSecond: perSecond, odd, slips, shed }
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
