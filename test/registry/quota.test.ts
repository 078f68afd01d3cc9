import { describe, expect, test } from 'vitest'
import { singleImage } from '../../src/demo/images.ts'
import { quotaOf } from '../../src/registry/quota.ts'
import { askerOf } from '../support/faults/ask.ts'
import { registryFor } from '../support/lifetime.ts'
import { processorClock } from '../support/processor-clock.ts'

const read = (headers: Readonly<Record<string, string>>) => quotaOf(name => headers[name])

describe('a quota is read', () => {
  test.each([
    ['100;w=21600', '76;w=21600', { limit: 100, remaining: 76, windowSeconds: 21_600 }],
    ['200;w=21600', '0;w=21600', { limit: 200, remaining: 0, windowSeconds: 21_600 }],
    ['100', '99', { limit: 100, remaining: 99, windowSeconds: undefined }],
    ['100;w=21600', '99', { limit: 100, remaining: 99, windowSeconds: 21_600 }],
    [' 100 ; w=60 ', ' 1 ', { limit: 100, remaining: 1, windowSeconds: 60 }],
    ['999999999', '999999999', { limit: 999_999_999, remaining: 999_999_999, windowSeconds: undefined }],
  ])('from %j and %j', (limit, remaining, quota) => {
    expect(read({ 'ratelimit-limit': limit, 'ratelimit-remaining': remaining })).toEqual(quota)
  })

  test.each([
    ['', ''],
    ['100;w=21600', ''],
    ['', '0;w=21600'],
    ['100', '-1'],
    ['100', '1e3'],
    ['100', '0x0'],
    ['100', '0.5'],
    ['100', '1000000000'],
    ['100', '0, 50'],
    ['100;w=', '0'],
    ['100;w=-5', '0'],
    ['100;window=5', '0'],
    ['unlimited', '0'],
    ['100', '٠'],
    ['100', `${'9'.repeat(100_000)}`],
    ['100', `0${' '.repeat(100_000)}x`],
  ])('from nothing like %j and %j', (limit, remaining) => {
    const spentMs = processorClock()
    expect(read({ 'ratelimit-limit': limit, 'ratelimit-remaining': remaining })).toBeUndefined()
    expect(spentMs()).toBeLessThan(200)
  })

  test('from nothing where there is nothing', () => expect(read({})).toBeUndefined())
})

describe('a registry that answers', () => {
  const findingsWith = async (headers: Readonly<Record<string, string>>) => {
    const registry = await registryFor({
      intercept: (_, response) => {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        return false
      },
    })
    registry.put('shop/web', '1', singleImage('linux/amd64'))
    const { findings } = await askerOf({ image: `${registry.host}/shop/web:1` })(AbortSignal.timeout(5000))
    return { host: registry.host, findings }
  }

  test('and has nothing left is told of, though it answered us: the node asks by GET', async () => {
    const { host, findings } = await findingsWith({
      'ratelimit-limit': '100;w=21600',
      'ratelimit-remaining': '0;w=21600',
    })
    expect(findings).toEqual([{ code: 'rate-limited', host, retryAfterMs: undefined }])
  })

  test.each(['1;w=21600', '-1', 'none'])('and says that %j is left passes without a word', async left => {
    const { findings } = await findingsWith({ 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': left })
    expect(findings).toEqual([])
  })
})
