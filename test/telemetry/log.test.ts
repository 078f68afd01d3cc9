import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { exchanged, remark, reviewed } from './events.ts'
import { telemetryForTest } from './telemetry-for-test.ts'

describe('the log says in one line', () => {
  test('that a review denied something, what and why', () => {
    const { reviewed: tell, lines } = telemetryForTest()
    tell(reviewed({ allowed: false, denials: [remark('deny'), remark('deny', 'ghcr.io/b', 'denied')] }))
    expect(lines()).toEqual([
      {
        level: 'info',
        time: '2026-01-02T03:04:05.006Z',
        event: 'review',
        outcome: 'denied',
        operation: 'CREATE',
        kind: 'Deployment',
        namespace: 'shop',
        name: 'web',
        codes: ['not-found', 'denied'],
        tookMs: 12,
        msg: expect.stringMatching(
          /^Deployment shop\/web denied: image "ghcr\.io\/shop\/web:1" not found .*\[not-found\] and 1 more$/,
        ),
      },
    ])
  })

  test.each([
    ['warned', { warnings: [remark('deny')] }],
    ['withheld', { withheld: [remark('deny')] }],
  ])('that a review would have denied but for the mode: %s', (outcome, decision) => {
    const { reviewed: tell, lines } = telemetryForTest()
    tell(reviewed(decision))
    expect(lines()).toMatchObject([{ outcome, msg: expect.stringContaining('would be denied but for the mode') }])
  })

  test('nothing of reviews that pass, or only warn', () => {
    const { reviewed: tell, text } = telemetryForTest()
    tell(reviewed({}))
    tell(reviewed({ warnings: [remark('warn')] }))
    tell(reviewed({ withheld: [remark('warn')] }))
    tell(reviewed(undefined))
    expect(text()).toBe('')
  })

  test('that a host fails, once a minute, and how often it did', () => {
    const { exchanged: tell, lines, clock, close } = telemetryForTest()
    for (let index = 0; index < 1000; index++) tell(exchanged({ outcome: 503 }))
    tell(exchanged({ outcome: 'unreachable', url: 'https://quay.io/v2/' }))
    for (const outcome of [200, 401, 404, 'absent'] as const) tell(exchanged({ outcome, url: 'https://well.example/' }))
    clock.now = 60_000
    tell(exchanged({ outcome: 503 }))
    close()
    expect(lines().map(({ level, host, msg, repeated }) => [level, host, msg, repeated])).toEqual([
      ['warn', 'ghcr.io', 'ghcr.io failed with status 503 when asked for the manifest', undefined],
      ['warn', 'quay.io', 'quay.io could not be reached when asked for the manifest', undefined],
      ['warn', 'ghcr.io', 'ghcr.io failed with status 503 when asked for the manifest', 999],
    ])
  })

  test('that a host is left alone, and that it is well again', () => {
    const { noticed, lines } = telemetryForTest()
    noticed({ kind: 'breaker', host: 'ghcr.io', state: 'open' })
    noticed({ kind: 'breaker', host: 'ghcr.io', state: 'closed' })
    noticed({ kind: 'turned-away', host: 'ghcr.io', reason: 'full' })
    noticed({ kind: 'waited', host: 'ghcr.io', waitedMs: 5 })
    noticed({ kind: 'token', from: 'held' })
    expect(lines().map(({ level, event, host }) => [level, event, host])).toEqual([
      ['warn', 'breaker', 'ghcr.io'],
      ['info', 'breaker', 'ghcr.io'],
      ['warn', 'shed', 'ghcr.io'],
    ])
  })

  test('what failed for a reason of our own: who threw it and where, but nothing of what it says', () => {
    const { bug, lines } = telemetryForTest()
    for (const text of ['{"secret": SECRET', 'SECRET']) {
      try {
        JSON.parse(text)
      } catch (error) {
        bug(error, 'in a review')
      }
    }
    bug(Object.assign(new TypeError('SECRET\n    at SECRET (SECRET:1:2)\n'), { code: 'ERR_INVALID_URL' }), 'in a look')
    bug('SECRET', 'in a look')
    expect(lines()).toMatchObject([
      {
        level: 'error',
        msg: 'a bug in Pullgate: SyntaxError, in a review',
        at: expect.arrayContaining([expect.stringContaining('log.test.ts')]),
      },
      { level: 'error', error: 'TypeError', code: 'ERR_INVALID_URL', at: expect.arrayContaining([expect.any(String)]) },
      { level: 'error', error: 'string' },
    ])
    expect(JSON.stringify(lines())).not.toContain('SECRET')
  })

  test('what others put together, an entry for each line of it', () => {
    const { log, lines } = telemetryForTest()
    log('hosts.toml:1:2: no such key\nthe file is passed over\n')
    log('pullgate.yaml was read anew', 'info')
    log('nobody wants to know', 'debug')
    expect(lines().map(({ level, msg }) => [level, msg])).toEqual([
      ['warn', 'hosts.toml:1:2: no such key'],
      ['warn', 'the file is passed over'],
      ['info', 'pullgate.yaml was read anew'],
    ])
  })
})

test('the log says no more than it is told to', () => {
  const { log, lines } = telemetryForTest({ level: 'error' })
  log('careful', 'warn')
  log('broken', 'error')
  expect(lines()).toMatchObject([{ msg: 'broken' }])
})

describe('what others chose', () => {
  const evil = 'a\u001b[2J\u009b31m\u202egnp\r\nlevel=error'

  test.each([true, false])('moves no cursor and makes no line of its own; at a terminal: %s', isTerminal => {
    const { reviewed: tell, noticed, log, text } = telemetryForTest({ isTerminal })
    tell(reviewed({ allowed: false, denials: [remark('deny', evil)] }, evil))
    noticed({ kind: 'breaker', host: evil, state: 'open' })
    log(evil.replaceAll('\n', ' '))
    const plain = stripVTControlCharacters(text())
    expect(plain.split('\n')).toHaveLength(4)
    expect(plain.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  test('is cut where it is long', () => {
    const { reviewed: tell, log, text } = telemetryForTest()
    tell(reviewed({ allowed: false, denials: [remark('deny', 'x'.repeat(1_000_000))] }, 'y'.repeat(1_000_000)))
    log('z'.repeat(1_000_000))
    expect(text().length).toBeLessThan(4000)
  })

  test('fills neither memory nor disk: of a million names a thousand are written', () => {
    const { exchanged: tell, clock, lines } = telemetryForTest()
    for (let index = 0; index < 100_000; index++)
      tell(exchanged({ url: `https://r${index}.example/`, outcome: 'unreachable' }))
    expect(lines()).toHaveLength(1000)
    clock.now = 60_000
    tell(exchanged({ url: 'https://ghcr.io/', outcome: 'unreachable' }))
    expect(lines().slice(1000)).toMatchObject([
      { msg: '99000 more lines were left out: too many different things happened within a minute' },
      { host: 'ghcr.io' },
    ])
  })
})

describe('a text with what opens a door', () => {
  test.each([
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer …'],
    ['authorization: basic YTpi, and more', 'authorization: basic …, and more'],
    ['GET https://ada:secret@ghcr.io/v2/ failed', 'GET https://…@ghcr.io/v2/ failed'],
    ['GET https://cdn.example/blob?X-Amz-Signature=abc&b=c failed', 'GET https://cdn.example/blob?… failed'],
    ['no tag 1; did you mean 1.4.0?', 'no tag 1; did you mean 1.4.0?'],
  ])('is written without it: %s', (given, written) => {
    const { log, lines } = telemetryForTest()
    log(given)
    expect(lines()).toMatchObject([{ msg: written }])
  })
})

test('a password is not to be had by cutting the line within it', () => {
  const { log, text } = telemetryForTest()
  log(`${'x'.repeat(980)} https://ada:SECRET-OF-SOME-LENGTH@ghcr.io/v2/`)
  expect(text()).not.toContain('SECRET')
})

test('at a terminal a line is for people', () => {
  const { noticed, log, bug, text } = telemetryForTest({ isTerminal: true })
  noticed({ kind: 'breaker', host: 'ghcr.io', state: 'open' })
  log('all is well', 'info')
  bug(new RangeError('no'), 'in a review')
  const plain = stripVTControlCharacters(text())
  expect(plain).toContain(
    '03:04:05.006 warn  ghcr.io fails, and is left alone for some seconds  event=breaker host=ghcr.io state=open\n' +
      '03:04:05.006 info  all is well\n' +
      '03:04:05.006 error a bug in Pullgate: RangeError, in a review  event=bug during="in a review" error=RangeError\n    at ',
  )
  expect(plain).toMatch(/^ {4}at .*log\.test\.ts:\d+:\d+\)?$/m)
})
