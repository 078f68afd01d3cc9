// A process of its own that offers reviews to a server at a steady rate, whether or not it keeps up, and tells what came of them.
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'

/** Whom to ask, and what. */
export interface Target {
  readonly url: string
  readonly ca: string
  readonly body: string
  /** The most that there are. */
  readonly connections: number
}

/** So many reviews, for so long. */
export interface Offer {
  readonly perSecond: number
  readonly forMs: number
  /** Under way at the most, each on a connection of its own; what comes on top waits here. */
  readonly connections: number
}

/** What came of an offer. */
export interface Taken {
  readonly answered: number
  /** Let through unread, with a warning, because there were too many. */
  readonly shed: number
  /** Not answered, or otherwise than to be expected. */
  readonly failed: number
  /** For so long it went on until the last answer. */
  readonly tookMs: number
  /** How long each answer took, from when the review was to be sent, in the order of sending; what waited here is not counted. */
  readonly milliseconds: readonly number[]
}

const post = { path: '/validate?timeout=10s', method: 'POST', headers: { 'content-type': 'application/json' } } as const

const take = async (pool: Pool, body: string, { perSecond, forMs, connections }: Offer): Promise<Taken> => {
  const milliseconds: number[] = []
  const underWay = new Set<Promise<void>>()
  let [sent, answered, shed, failed] = [0, 0, 0, 0]
  const ask = async (number: number, dueMs: number): Promise<void> => {
    const answer = await pool.request({ ...post, body })
    const text = await answer.body.text()
    milliseconds[number] = performance.now() - dueMs
    if (answer.statusCode !== 200 || !text.includes('"allowed":true')) failed += 1
    else answered += 1
    if (text.includes('[overload]')) shed += 1
  }
  const began = performance.now()
  // What could not be sent in time, because as many were under way as may be, was never offered.
  let skipped = 0
  for (let now = began; now - began < forMs; now = performance.now()) {
    const due = Math.floor(((now - began) / 1000) * perSecond) - skipped
    while (sent < due && underWay.size < connections) {
      const one = ask(sent, began + ((sent + skipped) * 1000) / perSecond).catch(() => {
        failed += 1
      })
      sent += 1
      underWay.add(one)
      void one.finally(() => underWay.delete(one))
    }
    if (underWay.size >= connections) skipped += Math.max(due - sent, 0)
    await wait(1)
  }
  await Promise.all(underWay)
  return { answered, shed, failed, tookMs: performance.now() - began, milliseconds }
}

const { url, ca, body, connections } = JSON.parse(process.argv[2] ?? '') as Target
// Thousands of connections at once take a while to be made.
const pool = new Pool(url, { connections, pipelining: 1, allowH2: false, connect: { ca, timeout: 60_000 } })
process.on('message', async (offer: Offer) => process.send?.(await take(pool, body, offer)))
process.once('disconnect', () => process.exit())
process.send?.('ready')
