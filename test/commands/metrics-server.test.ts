import { expect, test } from 'vitest'
import { startMetrics } from '../../src/commands/metrics-server.ts'
import { closedAfterTest } from '../support/lifetime.ts'

const counted = { metricsText: async () => 'pullgate_reviews_total 7\n' }

test('metrics are served where Prometheus looks for them, and nothing else is', async () => {
  const started = await startMetrics(counted, '127.0.0.1', 0, () => true)
  if (!started.ok) throw new Error(started.error)
  const { url } = closedAfterTest(started.value)
  const answer = await fetch(url)
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
    'pullgate_reviews_total 7\n',
  ])
  expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404)
})

test('a port that is taken is told in a sentence', async () => {
  const first = await startMetrics(counted, '127.0.0.1', 0, () => true)
  if (!first.ok) throw new Error(first.error)
  const { url } = closedAfterTest(first.value)
  const port = Number(new URL(url).port)
  expect(await startMetrics(counted, '127.0.0.1', port, () => true)).toEqual({
    ok: false,
    error: `Metrics cannot be served on 127.0.0.1, port ${port} (EADDRINUSE): choose another with --metrics-port.`,
  })
})
