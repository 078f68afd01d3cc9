import { describe, expect, test } from 'vitest'
import type { ProbeFailure, Step } from '../../src/registry/failure.ts'
import type { Exchanged, RegistryEvent } from '../../src/registry/observe.ts'
import { allCodes } from '../../src/verdict/codes.ts'
import { exchanged, notFound, remark, reviewed, unreachable, verdictWith } from './events.ts'
import { telemetryForTest } from './telemetry-for-test.ts'

describe('the metrics count', () => {
  test('requests by host, step and status', async () => {
    const { exchanged: tell, figure } = telemetryForTest()
    for (const outcome of [200, 204, 401, 429, 503, 'unreachable'] as const) tell(exchanged({ outcome }))
    tell(exchanged({ url: 'http://auth.example:8080/token?service=x', step: 'token' }))
    const of = (status: string): Promise<number | undefined> =>
      figure(`pullgate_registry_requests_total{host="ghcr.io",step="manifest",status="${status}"}`)
    expect(await Promise.all(['2xx', '4xx', '429', '5xx', 'none'].map(of))).toEqual([2, 1, 1, 1, 1])
    const token = 'pullgate_registry_requests_total{host="auth.example:8080",step="token",status="2xx"}'
    expect(await figure(token)).toBe(1)
    expect(await figure('pullgate_registry_failures_total{kind="unreachable"}')).toBe(1)
    expect(await figure('pullgate_registry_request_duration_seconds_count{step="manifest"}')).toBe(6)
  })

  test('durations in buckets, each of which holds those before it', async () => {
    const { probed, figure } = telemetryForTest()
    for (const tookMs of [0, 1, 1.5, 300, 31_000, Number.NaN]) probed({ answer: 'fresh', tookMs })
    const bucket = (le: string): Promise<number | undefined> =>
      figure(`pullgate_answer_duration_seconds_bucket{answer="fresh",le="${le}"}`)
    expect(await Promise.all(['0.001', '0.005', '0.25', '0.5', '30', '+Inf'].map(bucket))).toEqual([2, 3, 3, 4, 4, 5])
    expect(await figure('pullgate_answer_duration_seconds_count{answer="fresh"}')).toBe(5)
    expect(await figure('pullgate_answer_duration_seconds_sum{answer="fresh"}')).toBe(31.3025)
  })

  test('what happens between requests', async () => {
    const { noticed, figure } = telemetryForTest()
    noticed({ kind: 'breaker', host: 'ghcr.io', state: 'open' })
    noticed({ kind: 'turned-away', host: 'ghcr.io', reason: 'full' })
    noticed({ kind: 'waited', host: 'ghcr.io', waitedMs: 40 })
    noticed({ kind: 'token', from: 'held' })
    noticed({ kind: 'token', from: 'fetched', tookMs: 40 })
    expect(await figure('pullgate_registry_breaker_changes_total{host="ghcr.io",state="open"}')).toBe(1)
    expect(await figure('pullgate_registry_breaker_changes_total{host="ghcr.io",state="closed"}')).toBe(0)
    expect(await figure('pullgate_registry_sheds_total{reason="full"}')).toBe(1)
    expect(await figure('pullgate_registry_wait_duration_seconds_sum')).toBe(0.04)
    expect(await figure('pullgate_tokens_total{from="held"}')).toBe(1)
    expect(await figure('pullgate_tokens_total{from="fetched"}')).toBe(1)
    expect(await figure('pullgate_token_duration_seconds_count')).toBe(1)
  })

  test('what is left of a quota, as the registry said it last', async () => {
    const { exchanged: tell, figure } = telemetryForTest()
    for (const remaining of [7, 6]) tell(exchanged({ quota: { limit: 100, remaining, windowSeconds: 21_600 } }))
    tell(exchanged())
    expect(await figure('pullgate_registry_quota_remaining{host="ghcr.io"}')).toBe(6)
    expect(await figure('pullgate_registry_quota_limit{host="ghcr.io"}')).toBe(100)
  })

  test('verdicts by their worst code, and what they predict', async () => {
    const { judged, figure } = telemetryForTest()
    judged(verdictWith())
    judged(verdictWith(notFound, unreachable))
    judged(verdictWith(unreachable))
    judged({ kind: 'skipped', use: verdictWith().use, reason: 'ignored-image' })
    for (const labels of [
      'code="none",outcome="pass"',
      'code="none",outcome="skipped"',
      'code="not-found",outcome="fail"',
      'code="unreachable",outcome="unknown"',
    ])
      expect(await figure(`pullgate_verdicts_total{${labels}}`)).toBe(1)
  })

  test('reviews by how they ended, and what they said', async () => {
    const { reviewed: tell, figure } = telemetryForTest()
    tell(reviewed({}))
    tell(reviewed({ allowed: false, denials: [remark('deny')], warnings: [remark('warn')] }))
    tell(reviewed({ warnings: [remark('warn')] }))
    tell(reviewed({ withheld: [remark('deny')] }))
    tell(reviewed(undefined))
    for (const outcome of ['allowed', 'denied', 'warned', 'withheld', 'failed'])
      expect(await figure(`pullgate_reviews_total{outcome="${outcome}"}`)).toBe(1)
    expect(await figure('pullgate_review_duration_seconds_count')).toBe(5)
    expect(await figure('pullgate_remarks_total{fate="denied",code="not-found"}')).toBe(1)
    expect(await figure('pullgate_remarks_total{fate="warned",code="not-found"}')).toBe(2)
    expect(await figure('pullgate_remarks_total{fate="withheld",code="not-found"}')).toBe(1)
  })

  test('what happens to the process itself', async () => {
    const telemetry = telemetryForTest()
    telemetry.reloaded('refused')
    telemetry.certified('server', 1_800_000_000_000)
    telemetry.bug(new Error('no'), 'in a review')
    telemetry.overloaded()
    expect(await telemetry.figure('pullgate_config_reloads_total{result="refused"}')).toBe(1)
    expect(await telemetry.figure('pullgate_certificate_expiry_timestamp_seconds{certificate="server"}')).toBe(1.8e9)
    expect(await telemetry.figure('pullgate_bugs_total')).toBe(1)
    expect(await telemetry.figure('pullgate_reviews_shed_total')).toBe(1)
    expect(await telemetry.figure('pullgate_build_info{version="1.2.3"}')).toBe(1)
  })
})

describe('the page of metrics', () => {
  test('says of each what it is, under names of our own', async () => {
    const text = await telemetryForTest().metricsText()
    const names = [...text.matchAll(/^# TYPE (\S+) (counter|gauge|histogram)$/gm)].map(([, name]) => name)
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter(name => !/^pullgate_[a-z_]+$/.test(name ?? ''))).toEqual([])
    expect([...text.matchAll(/^# HELP (\S+) .+$/gm)].map(([, name]) => name)).toEqual(names)
  })

  test('begins every closed count with zero, so that the first event is seen', async () => {
    const { figure } = telemetryForTest()
    for (const code of allCodes) expect(await figure(`pullgate_remarks_total{fate="denied",code="${code}"}`)).toBe(0)
  })

  test('is of two processes never the same', async () => {
    const [one, other] = [telemetryForTest(), telemetryForTest()]
    one.overloaded()
    expect(await other.figure('pullgate_reviews_shed_total')).toBe(0)
  })
})

describe('there are never more than 2,000 series', () => {
  const steps: readonly Step[] = ['token', 'manifest', 'child', 'config', 'program', 'tags', 'hosts', 'dns', 'tls']
  const outcomes = [100, 200, 302, 404, 429, 500, 999, 'unreachable', 'timed-out', 'blocked', 'absent'] as const
  const quota = { limit: 100, remaining: 1, windowSeconds: 1 }

  test('whoever names a hundred thousand hosts, each with every step and every end', async () => {
    const telemetry = telemetryForTest()
    telemetry.expectHosts(['harbor.corp.example'])
    for (let index = 0; index < 100_000; index++) {
      const host = `registry-${index}.attacker-${index % 1000}.example:${index % 60_000}`
      const url = `https://${host}/v2/a/manifests/1`
      const step = steps[index % steps.length] ?? 'manifest'
      const outcome = outcomes[Math.trunc(index / 7) % outcomes.length] ?? 200
      telemetry.exchanged(exchanged({ url, step, outcome, quota, tookMs: index % 40_000 }))
      telemetry.noticed({ kind: 'breaker', host, state: index % 2 === 0 ? 'open' : 'closed' })
      telemetry.noticed({ kind: 'turned-away', host, reason: 'full' })
      telemetry.noticed({ kind: 'waited', host, waitedMs: index })
    }
    // Those that have a seat do everything that a host can do.
    for (const line of await telemetry.series())
      for (const step of steps)
        for (const outcome of outcomes) {
          const host = /host="([^"]+)"/.exec(line)?.[1]
          if (host !== undefined) telemetry.exchanged(exchanged({ url: `https://${host}/`, step, outcome, quota }))
        }
    const series = await telemetry.series()
    const hosts = new Set(series.map(line => /host="([^"]+)"/.exec(line)?.[1]).filter(host => host !== undefined))
    expect(hosts.size).toBeGreaterThanOrEqual(50)
    expect(hosts.size).toBeLessThanOrEqual(51)
    expect(hosts).toContain('other')
    console.log(`telemetry: ${series.length} series after 100,000 hosts`)
    expect(series.length).toBeLessThanOrEqual(2000)
    telemetry.exchanged(exchanged({ url: 'https://harbor.corp.example/v2/', outcome: 'unreachable' }))
    const own = 'pullgate_registry_requests_total{host="harbor.corp.example",step="manifest",status="none"}'
    expect(await telemetry.figure(own)).toBe(1)
  })

  test('whatever comes in the place of codes, kinds, steps and answers', async () => {
    const telemetry = telemetryForTest()
    const before = (await telemetry.series()).length
    for (let index = 0; index < 100_000; index++) {
      const word = index === 0 ? '__proto__' : `made-up-${index}`
      telemetry.judged(verdictWith({ ...unreachable, code: word } as never))
      telemetry.probed({ answer: word as 'fresh', tookMs: 1 })
      telemetry.reloaded(word as 'changed')
      telemetry.noticed({ kind: 'token', from: word, tookMs: 1 } as unknown as RegistryEvent)
      telemetry.noticed({ kind: 'turned-away', host: 'a.example', reason: word } as unknown as RegistryEvent)
      if (index < 1000)
        telemetry.exchanged(exchanged({ step: word as Step, outcome: word as ProbeFailure['kind'] } as Exchanged))
      telemetry.reviewed(reviewed({ warnings: [remark('warn', 'a', word as 'denied')] }))
    }
    expect((await telemetry.series()).length).toBeLessThan(before + 20)
    expect(await telemetry.metricsText()).not.toContain('made-up')
  })

  test('with all of them at once', async () => {
    const telemetry = telemetryForTest()
    telemetry.certified('authority', 1)
    telemetry.certified('server', 1)
    const statuses = [200, 301, 404, 429, 500, 'unreachable'] as const
    for (let index = 0; index < 60; index++)
      for (const step of steps)
        for (const outcome of statuses) {
          const host = `r${index}.x${index}.example`
          telemetry.exchanged(exchanged({ url: `https://${host}/`, step, outcome, quota }))
          telemetry.noticed({ kind: 'breaker', host, state: 'open' })
        }
    const count = (await telemetry.series()).length
    console.log(`telemetry: ${count} series at the most`)
    expect(count).toBeLessThanOrEqual(2000)
  })
})
