import { describe, expect, test } from 'vitest'
import { fail, ok, type Result } from '../../src/lib/result.ts'
import { createAskPlaces } from '../../src/registry/ask-places.ts'
import type { ProbeFailure } from '../../src/registry/failure.ts'
import { hostsOf } from '../../src/registry/hosts/hosts.ts'
import type { Place, PlaceQuestion, PlacesProblem } from '../../src/registry/hosts/place.ts'
import { dialogueForTest } from '../support/lifetime.ts'
import { pullOf } from '../support/reference-of.ts'
import { hostsFileOf } from './hosts/said.ts'

const pull = pullOf('registry.example/shop/web:1')

/** Places with these hosts.toml mirrors, then the registry. */
const placesWith = (toml: string): readonly Place[] =>
  hostsOf('registry.example', hostsFileOf(toml)).map(host => ({ host, repository: 'shop/web' }))

const threePlaces = placesWith('[host."https://one.example"]\n[host."https://two.example"]')

const at = (host: string) => ({ host, step: 'manifest' }) as const
type Failing = (host: string) => ProbeFailure

const down: Failing = host => ({ ...at(host), kind: 'unreachable', problem: 'connection-refused' })
const slow: Failing = host => ({ ...at(host), kind: 'timed-out' })
const absent: Failing = host => ({ ...at(host), kind: 'absent', missing: 'tag', askedAs: 'unchallenged' })
const bare: Failing = host => ({ ...at(host), kind: 'bad-answer', problem: 'bare-not-found', status: 404 })
const broken: Failing = host => ({ ...at(host), kind: 'bad-answer', problem: 'server-error', status: 500 })
const refused: Failing = host => ({ ...at(host), kind: 'refused', status: 403, askedAs: 'credentials' })
const other: Failing = host => ({ ...at(host), kind: 'bad-answer', problem: 'digest-mismatch', status: undefined })
const wrong: Failing = host => ({ ...at(host), kind: 'wrong-content', wanted: `sha256:${'0'.repeat(64)}` })

/** Asks the places, of which each fails in its way; undefined: it answers. */
const asking = async (
  fates: readonly (Failing | undefined)[],
  question: PlaceQuestion = 'tag',
  places = threePlaces,
) => {
  const seen: string[] = []
  const ask = createAskPlaces(async () => ok(places))
  const answer = await ask(pull, question, async ({ host }, isLast): Promise<Result<string, ProbeFailure>> => {
    const failing = fates[seen.length]
    seen.push(`${host.name}${isLast ? ' (last)' : ''}`)
    return failing === undefined ? ok(host.name) : fail(failing(host.name))
  })
  return { seen, answer: answer.ok ? answer.value : answer.error }
}

describe('the places of an image', () => {
  test.each<[fates: readonly (Failing | undefined)[], asked: number, answer: string]>([
    [[undefined], 1, 'one.example'],
    [[down, undefined], 2, 'two.example'],
    [[slow, undefined], 2, 'two.example'],
    [[absent, undefined], 2, 'two.example'],
    [[refused, bare, undefined], 3, 'registry.example'],
    [[broken, down, undefined], 3, 'registry.example'],
  ])('are asked in turn until one answers (%#)', async (fates, asked, answer) => {
    const { seen, answer: got } = await asking(fates)
    expect(got).toBe(answer)
    expect(seen).toEqual(['one.example', 'two.example', 'registry.example (last)'].slice(0, asked))
  })

  test.each([
    ['content for a pinned digest', wrong],
    ['content for a digest that was told', other],
  ])('are asked no further once one has given the wrong %s', async (_, failing) => {
    const { seen, answer } = await asking([bare, failing, undefined])
    expect(seen).toHaveLength(2)
    expect(answer).toEqual(failing('two.example'))
  })

  test('are not heard to have the wrong content where one that was down may have the right one', async () => {
    expect((await asking([down, wrong])).answer).toMatchObject({ problem: 'mirror-unasked', host: 'one.example' })
  })

  test('are heard as one: all of them say no', async () => {
    expect((await asking([absent, absent, absent])).answer).toEqual(absent('one.example'))
    expect((await asking([absent, bare, absent])).answer).toEqual({ ...absent('one.example'), askedAs: 'anonymous' })
  })

  test('are not heard to say no where one was not heard at all', async () => {
    for (const unheard of [down, slow, broken]) {
      const { answer } = await asking([absent, unheard, absent])
      expect(answer).not.toMatchObject({ kind: 'absent' })
    }
    expect((await asking([down, absent, absent])).answer).toMatchObject({
      problem: 'mirror-unasked',
      host: 'one.example',
    })
  })

  test('may be one alone, which is the last', async () => {
    const { seen, answer } = await asking([absent], 'tag', placesWith(''))
    expect(seen).toEqual(['registry.example (last)'])
    expect(answer).toEqual(absent('registry.example'))
  })

  test.each<[question: PlaceQuestion, asked: readonly string[]]>([
    ['tag', ['two.example', 'registry.example (last)']],
    ['digest', ['one.example', 'two.example', 'registry.example (last)']],
    ['content', ['one.example', 'two.example', 'three.example', 'registry.example (last)']],
  ])('are asked for a %s by what they are capable of', async (question, asked) => {
    const places = placesWith(
      `[host."https://one.example"]
       capabilities = ["pull"]
       [host."https://two.example"]
       [host."https://three.example"]
       capabilities = ["resolve"]`,
    )
    expect((await asking([down, down, down, down], question, places)).seen).toEqual(asked)
  })
})

describe('an image without a place', () => {
  const problem: PlacesProblem = {
    kind: 'unreadable',
    problem: { file: '/etc/certs.d/x/ca.crt', problem: 'unreadable', code: 'EACCES' },
  }

  test.each<[problem: PlacesProblem, told: string]>([
    [problem, 'hosts-unreadable'],
    [{ kind: 'forbidden' }, 'hosts-forbidden'],
    [{ kind: 'no-capable-host' }, 'no-capable-host'],
  ])('is unreachable, nobody is asked, and no file is named (%#)', async (found, told) => {
    const dialogue = dialogueForTest({ findPlaces: async () => fail(found) })
    const signal = AbortSignal.timeout(5000)
    const failure = { host: 'registry.example', step: 'hosts', kind: 'unreachable', problem: told }
    const digest = `sha256:${'0'.repeat(64)}` as const
    expect(await dialogue.resolve(pull, signal)).toEqual({ ok: false, error: failure })
    expect(await dialogue.manifest(pull, digest, signal)).toEqual({ ok: false, error: failure })
    expect(await dialogue.exists(pull, digest, signal)).toEqual({ ok: false, error: failure })
    expect(await dialogue.tags(pull, signal)).toEqual({ ok: false, error: failure })
  })

  test('because no URL can name its registry is unreachable', async () => {
    const { seen, answer } = await asking([], 'tag', [])
    expect(seen).toEqual([])
    expect(answer).toMatchObject({ kind: 'unreachable', problem: 'no-such-host', step: 'hosts' })
  })
})
