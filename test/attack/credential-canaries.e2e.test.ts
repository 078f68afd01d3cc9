import { describe, expect, test } from 'vitest'
import { createRegistry } from '../../src/registry/registry.ts'
import { composed } from './canaries/composed.ts'
import { leaks } from './canaries/leaks.ts'
import { markersIn } from './canaries/marker.ts'
import { type Outcome, run } from './canaries/run.ts'

const seed = Number(process.env['PULLGATE_SEED'] ?? Date.now() % 2 ** 31)
const dialogues = Number(process.env['PULLGATE_DIALOGUES'] ?? 20_000)

const tellOf = ({ dialogues, questions, answered, requests, sightings, violations }: Outcome): string => {
  const kinds = Map.groupBy(sightings, ([key]) => key.split(',')[0] ?? '')
  const seen = [...kinds].map(([kind, rows]) => `${kind} ${rows.reduce((sum, [, count]) => sum + count, 0)}`)
  return (
    `canaries: ${dialogues} dialogues, ${questions} questions (${answered} answered), ${requests} requests; ` +
    `seen where they may be: ${seen.join(', ')}; elsewhere: ${violations.length}; seed ${seed}`
  )
}

describe('a canary', () => {
  const marker = 'cnryabcdefgh012345'
  const base64 = Buffer.from(`somebody:${marker}/+`).toString('base64')

  test.each([
    ['as it is', `{"a":"${marker}"}`],
    ['in a form', new URLSearchParams({ password: `${marker}+/ =` }).toString()],
    ['in base64', Buffer.from(`${marker}+`).toString('base64')],
    ['as Basic credentials', `Basic ${base64}`],
    ['in base64 for URLs', Buffer.from(`ÿþ${marker}ÿþ`).toString('base64url')],
    ['in base64 behind something else', `token-${base64}`],
    ['in hexadecimal digits', Buffer.from(marker).toString('hex')],
    ['in percent signs', marker.replace(/./g, each => `%${each.charCodeAt(0).toString(16)}`)],
    ['in base64 in base64', Buffer.from(`{"auth":"${base64}"}`).toString('base64')],
    ['in base64 in a URL', `/?auth=${encodeURIComponent(base64)}`],
  ])('is found %s', (_, text) => {
    expect(markersIn(text).map(met => met.marker)).toEqual([marker])
  })
})

/** Each has to be met, or the run proves nothing about it. */
const meetings = [
  'password, base64, authorization, registry',
  'password, base64, authorization, mirror',
  'password, base64, authorization, tokens',
  'password, plain, body, tokens',
  'identity token, plain, body, tokens',
  'identity token, base64, authorization, tokens',
  'access token, plain, authorization, registry',
  'access token, plain, authorization, mirror',
  'access token, plain, authorization, localhost',
  'static header, plain, authorization, mirror',
  'static header, plain, header x-api-key, registry',
  'proxy password, base64, proxy-authorization, the proxy',
  'signature, plain, url, storage',
  'key in a realm, plain, url, tokens',
]

describe('in dialogues with registries, mirrors, token servers, storages and proxies of every kind', () => {
  test('each secret is seen by those whom it is for, and by nobody else', { timeout: 1_800_000 }, async () => {
    const outcome = await run({ seed, dialogues, make: createRegistry })
    console.log(tellOf(outcome))
    expect(outcome.violations.slice(0, 10)).toEqual([])
    expect(outcome.dialogues).toBe(dialogues)
    const met = [...outcome.sightings.keys()]
    expect(meetings.filter(meeting => !met.includes(meeting))).toEqual([])
  })

  test('nothing leaks out of the pieces that the leaks below are put into', async () => {
    const { violations } = await run({ seed, dialogues: 500, make: composed({}) })
    expect(violations).toEqual([])
  })

  test.each(leaks)('it is seen when $name', async ({ name, make, shows }) => {
    const isEnough = ({ violations }: Pick<Outcome, 'violations'>): boolean => violations.some(shows)
    const outcome = await run({ seed, dialogues: 3000, make, isEnough })
    console.log(`canaries: caught after ${outcome.dialogues} dialogues: ${name}`)
    expect(outcome.violations.filter(shows)).not.toEqual([])
  })
})
