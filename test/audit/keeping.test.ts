import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import type { Round } from '../../src/audit/round.ts'
import { createKeeping } from '../../src/commands/audit-keeping.ts'
import { allCodes } from '../../src/verdict/codes.ts'
import { accessTo, apiServerFor, clientOf } from '../support/api-server/connect.ts'
import { refuse } from '../support/api-server/server.ts'
import { keepWhatIsWritten } from './town.ts'

const signal = new AbortController().signal
const path = '/api/v1/namespaces/pullgate/configmaps/audit'

const world = async () => {
  const api = await apiServerFor()
  api.willMeet(keepWhatIsWritten(api))
  const [logged, waits]: [string[], number[]] = [[], []]
  const keptAt = { namespace: 'pullgate', name: 'audit' }
  const wait = async (ms: number): Promise<void> => void waits.push(ms)
  const keeping = createKeeping({ api: clientOf(accessTo(api)), keptAt, wait, log: text => void logged.push(text) })
  return { api, keeping, logged, waits }
}

const manyNames = Array.from({ length: 10_000 }, (_, index) =>
  `${(index * 2_654_435_761).toString(36)}-`.padEnd(63, `x${index}`),
)
const roundOf = (codes: number): Round => {
  const counts = (index: number) =>
    Object.fromEntries(allCodes.slice(0, codes).map((code, at) => [code, 1 + ((index * 31 + at * 7) % 9999)]))
  return { startedMs: 1000, done: new Map(manyNames.map((name, index) => [name, counts(index)])), before: new Map() }
}

it('a round of 10,000 namespaces with long names and five codes each fits a ConfigMap, and is read again', async () => {
  const { api, keeping, logged } = await world()
  const round = roundOf(5)
  await keeping.keep(round, signal)
  const bytes = Buffer.byteLength(JSON.stringify(api.objects.get(path)))
  console.log(`10,000 namespaces with 5 codes each take ${Math.round(bytes / 1024)} KiB`)
  expect([logged, bytes < 1024 * 1024]).toEqual([[], true])
  expect((await keeping.load(signal))?.done).toEqual(round.done)
})

it('of a round that does not fit as much is kept as fits: the rest is looked at once more', async () => {
  const { api, keeping } = await world()
  const round = roundOf(allCodes.length)
  await keeping.keep(round, signal)
  expect(Buffer.byteLength(JSON.stringify(api.objects.get(path)))).toBeLessThan(1024 * 1024)
  const done = (await keeping.load(signal))?.done
  expect([done?.size, done?.get(manyNames[0] ?? '')]).toEqual([5000, round.done.get(manyNames[0] ?? '')])
})

it('says to a reader of the ConfigMap how far it has come', async () => {
  const { api, keeping } = await world()
  await keeping.keep({ startedMs: 0, done: new Map([['a', {}]]), before: new Map() }, signal)
  expect(api.objects.get(path)).toMatchObject({ data: { about: expect.stringContaining('1 namespaces are done') } })
})

it('is none where nothing is kept, or something that is none of ours', async () => {
  const { api, keeping } = await world()
  expect(await keeping.load(signal)).toBeUndefined()
  for (const round of ['', 'no gzip', gzipSync('no round').toString('base64')]) {
    api.objects.set(path, { metadata: { name: 'audit', resourceVersion: '1' }, binaryData: { round } } as never)
    expect(await keeping.load(signal)).toBeUndefined()
  }
})

it('waits for an API server that is busy, rather than begin anew', async () => {
  const { api, keeping, waits } = await world()
  const round: Round = { startedMs: 0, done: new Map([['a', {}]]), before: new Map() }
  await keeping.keep(round, signal)
  let refused = 2
  api.willMeet((_, response) => refused-- > 0 && refuse(response, 429, 'TooManyRequests'))
  expect((await keeping.load(signal))?.done).toEqual(round.done)
  expect(waits).toHaveLength(2)
})
