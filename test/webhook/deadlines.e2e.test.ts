import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Pool } from 'undici'
import { expect, test } from 'vitest'
import { startWebhook } from '../../src/commands/webhook.ts'
import { mapSideBySide } from '../../src/lib/side-by-side.ts'
import { settingsWith } from '../commands/settings.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { podWith, reviewOf } from '../support/reviews.ts'

const reviews = 1000
const connections = 50
// What the way to the API server may take.
const spareMs = 250

/** Sends byte after byte, and never an end. */
const trickling = (response: { write(text: string): unknown; on(event: 'close', then: () => void): unknown }): true => {
  const timer = setInterval(() => response.write(' '), 200)
  response.on('close', () => clearInterval(timer))
  return true
}

test.each([
  ['that never answers', () => true],
  ['that answers a byte at a time', (_: unknown, response: Parameters<typeof trickling>[0]) => trickling(response)],
])(
  'of a thousand reviews of images of a registry %s none is answered too late, whatever the timeout',
  async (_, intercept) => {
    const registry = await registryFor({ intercept: intercept as () => boolean })
    const slowest = async (seconds: number): Promise<number> => {
      const settings = { ...settingsWith(), budget: { timeoutMs: seconds * 1000, reserveMs: 500 } }
      const options = { cluster: undefined, host: '127.0.0.1', port: 0, names: ['127.0.0.1'], settings }
      const webhook = await startWebhook({ ...options, log: text => expect.fail(text) })
      if (!webhook.ok) throw new Error(webhook.error)
      const { url, caPem } = closedAfterTest(webhook.value)
      const pool = new Pool(url, { connections, pipelining: 1, allowH2: false, connect: { ca: caPem } })
      closedAfterTest({ close: () => pool.close() })
      const ask = async (object: object): Promise<number> => {
        const body = JSON.stringify(reviewOf(object))
        const headers = { 'content-type': 'application/json' }
        const began = performance.now()
        const answer = await pool.request({ path: `/validate?timeout=${seconds}s`, method: 'POST', headers, body })
        const said = (await answer.body.json()) as { readonly response: { readonly allowed: boolean } }
        expect([answer.statusCode, said.response.allowed]).toEqual([200, true])
        return performance.now() - began
      }
      const sideBySide = (list: readonly object[]) => mapSideBySide(list, connections, ask)
      // Connections are made before, as an API server has them.
      await sideBySide(Array.from({ length: 10 * connections }, () => ({ apiVersion: 'v1', kind: 'ConfigMap' })))
      const late = monitorEventLoopDelay({ resolution: 10 })
      late.enable()
      const pods = Array.from({ length: reviews }, (_, index) => podWith([`${registry.host}/shop/web-${index}:1`]))
      const slowestMs = Math.max(...(await sideBySide(pods)))
      late.disable()
      // A machine that has too much to do is late by itself: client and webhook are this one process.
      return slowestMs - late.max / 1e6
    }
    for (const seconds of [1, 2, 3, 5, 10, 30])
      expect(await slowest(seconds), `timeout ${seconds} s`).toBeLessThan(seconds * 1000 - spareMs)
  },
)
