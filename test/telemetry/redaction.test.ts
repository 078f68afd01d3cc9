import { describe, expect, test } from 'vitest'
import { basicAuthorization } from '../../src/registry/auth/credential.ts'
import { markersIn } from '../attack/canaries/marker.ts'
import { play } from './canary-play.ts'
import { type CanaryWorld, startCanaryWorld } from './canary-world.ts'
import { exchanged } from './events.ts'
import { type TelemetryForTest, telemetryForTest } from './telemetry-for-test.ts'

const seed = Number(process.env['PULLGATE_SEED'] ?? Date.now() % 2 ** 31)

/** All that somebody can read. */
const writtenBy = async (telemetry: TelemetryForTest): Promise<string> =>
  `${telemetry.text()}\n${await telemetry.metricsText()}`

describe('of passwords, tokens, headers, keys in realms and signatures', () => {
  test.each([
    ['enforce', false],
    ['warn', true],
    ['audit', false],
  ] as const)('none is written, though all of them travel: mode %s, at a terminal: %s', async (mode, isTerminal) => {
    const world = await startCanaryWorld(seed)
    const telemetry = telemetryForTest({ isTerminal, level: 'debug', nowMs: () => performance.now() })
    await play(world, telemetry, mode)
    const written = await writtenBy(telemetry)
    expect(markersIn(written)).toEqual([])
    // It proves nothing unless the secrets were there, and much was written.
    expect(world.unseen()).toEqual([])
    expect(telemetry.text().split('\n').length).toBeGreaterThan(10)
    for (const word of [
      'pullgate_registry_requests_total{host="127.0.0.1:',
      'pullgate_tokens_total{from="fetched"} ',
      'pullgate_verdicts_total{code="denied",outcome="fail"} ',
      'pullgate_registry_quota_remaining{host="127.0.0.1:',
      'is left alone for some seconds',
      'a bug in Pullgate: SyntaxError',
    ])
      expect(written).toContain(word)
    console.log(`redaction: ${written.length} characters in mode ${mode}, 0 canaries, seed ${seed}`)
  })

  type Leak = (telemetry: TelemetryForTest, world: CanaryWorld) => void
  const leaks: readonly (readonly [name: string, leak: Leak])[] = [
    ['a line says a password', ({ log }, { password }) => log(`asked with ${password}`)],
    [
      'a line says it in base64',
      ({ log }, { account }) => log(`asked with ${basicAuthorization(account).replace('Basic ', '')}`),
    ],
    ['a line says it as in a form', ({ log }, { password }) => log(`password=${percent(password)}`)],
    [
      'a host is called by it',
      (telemetry, { password }) => telemetry.exchanged(exchanged({ url: `https://${password}.example/` })),
    ],
    [
      'a host that fails is called by it',
      ({ noticed }, { password }) => noticed({ kind: 'breaker', host: password, state: 'open' }),
    ],
  ]

  test.each(leaks)('one is seen where %s', async (_, leak) => {
    const world = await startCanaryWorld(seed)
    const telemetry = telemetryForTest()
    leak(telemetry, world)
    expect(markersIn(await writtenBy(telemetry))).toHaveLength(1)
  })
})

const percent = (text: string): string => text.replace(/./g, character => `%${character.charCodeAt(0).toString(16)}`)
