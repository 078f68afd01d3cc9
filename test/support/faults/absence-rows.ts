import { expect } from 'vitest'
import { always, atFirst, atHead, refusing, where } from './answers.ts'
import type { Fault } from './fault.ts'
import { web } from './lab.ts'

/** A "no", and a HEAD that is not served. */
export const absenceFaults: readonly Fault[] = [
  {
    id: 'F01',
    name: '404 that says the tag is unknown, confirmed by GET',
    given: async lab => ({ image: `${(await lab.registry()).host}/shop/web:2` }),
    expect: { codes: ['not-found'], failure: { kind: 'absent', missing: 'tag' }, requests: 3 },
  },
  {
    id: 'F01',
    name: '404 that says the repository is unknown, confirmed by GET',
    given: async lab => ({ image: `${(await lab.registry()).host}/shop/wbe:1` }),
    expect: { codes: ['not-found'], failure: { kind: 'absent', missing: 'repository' }, requests: 3 },
  },
  {
    id: 'F01',
    name: '404 to HEAD that GET takes back',
    given: async lab => ({
      image: `${(await lab.registry({ intercept: atFirst(1, atHead(always(404))) })).host}/shop/web:1`,
    }),
    expect: { codes: [], requests: 4 },
  },
  {
    id: 'F02',
    name: '404 as a page',
    given: async lab => {
      const page = always(404, { 'content-type': 'text/html' }, '<h1>Not Found</h1>')
      return { image: `${(await lab.registry({ intercept: page })).host}/shop/web:1` }
    },
    expect: {
      codes: ['registry-error'],
      failure: { kind: 'bad-answer', problem: 'bare-not-found', status: 404 },
      requests: 2,
    },
  },
  {
    id: 'F02',
    name: '404 without a body',
    given: async lab => ({ image: `${(await lab.registry({ intercept: always(404) })).host}/shop/web:1` }),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'bare-not-found' }, requests: 2 },
  },
  {
    id: 'F02',
    name: '404 with a code that the specification does not have',
    given: async lab => ({
      image: `${(await lab.registry({ intercept: refusing(404, 'UPSTREAM_GONE') })).host}/shop/web:1`,
    }),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'bare-not-found' }, requests: 2 },
  },
  {
    id: 'F03',
    name: '404 and then 200: pushed, and asked for again',
    given: async lab => {
      const registry = await lab.registry({ shelf: new Map() })
      return {
        image: `${registry.host}/shop/web:1`,
        before: async ask => {
          expect((await ask()).findings.map(({ code }) => code)).toEqual(['not-found'])
          registry.put('shop/web', '1', web)
        },
      }
    },
    expect: { codes: [], requests: [5, 6] },
  },
  ...[405, 501].map(
    (status): Fault => ({
      id: 'F21',
      name: `${status} to HEAD: GET decides`,
      given: async lab => ({
        image: `${(await lab.registry({ intercept: atFirst(1, atHead(always(status))) })).host}/shop/web:1`,
      }),
      // To containerd any other "no" than 405 is final, so that HEAD is asked again.
      expect: { codes: [], requests: status === 405 ? 3 : 4 },
    }),
  ),
  {
    id: 'F21',
    name: '405 to HEAD, and GET says that there is no such tag',
    given: async lab => ({
      image: `${(await lab.registry({ intercept: atHead(always(405)) })).host}/shop/web:2`,
    }),
    expect: { codes: ['not-found'], failure: { kind: 'absent', missing: 'tag' }, requests: 3 },
  },
  {
    id: 'F21',
    name: '405 to every HEAD, those for the parts of an index too',
    given: async lab => ({
      image: `${(await lab.registry({ intercept: atHead(always(405)) })).host}/shop/web:1`,
    }),
    expect: { codes: [], requests: 4 },
  },
]

const serverErrors = [
  ['F16', 500],
  ['F17', 502],
  ['F18', 503],
  ['F19', 504],
  ['F20', 408],
] as const

const hubLimit = JSON.stringify({
  errors: [{ code: 'TOOMANYREQUESTS', message: 'You have reached your pull rate limit.' }],
})

/** Too much asked, and servers in trouble. */
export const troubleFaults: readonly Fault[] = [
  {
    id: 'F12',
    name: '429 that says how long to wait',
    given: async lab => ({
      image: `${(await lab.registry({ intercept: always(429, { 'retry-after': '30' }) })).host}/shop/web:1`,
    }),
    expect: { codes: ['rate-limited'], failure: { kind: 'rate-limited', retryAfterMs: 30_000 }, requests: 1 },
  },
  {
    id: 'F13',
    name: '429 that does not say how long',
    given: async lab => ({ image: `${(await lab.registry({ intercept: always(429) })).host}/shop/web:1` }),
    expect: { codes: ['rate-limited'], failure: { kind: 'rate-limited', retryAfterMs: undefined }, requests: 1 },
  },
  {
    id: 'F14',
    name: '429 to GET alone, where pulls are counted and HEAD is free',
    given: async lab => {
      const limit = always(429, { 'content-type': 'application/json', 'retry-after': '3600' }, hubLimit)
      const registry = await lab.registry({ intercept: where(({ method }) => method === 'GET', limit) })
      return { image: `${registry.host}/shop/web:1` }
    },
    expect: { codes: ['rate-limited'], failure: { kind: 'rate-limited', retryAfterMs: 3_600_000 }, requests: 2 },
  },
  {
    id: 'F15',
    name: '429 in plain text to whatever an address asks',
    given: async lab => {
      const abuse = always(429, { 'content-type': 'text/plain' }, 'Too Many Requests')
      return { image: `${(await lab.registry({ intercept: abuse })).host}/shop/web:1` }
    },
    expect: { codes: ['rate-limited'], failure: { kind: 'rate-limited' }, requests: 1 },
  },
  ...serverErrors.map(
    ([id, status]): Fault => ({
      id,
      name: `${status}`,
      given: async lab => ({ image: `${(await lab.registry({ intercept: always(status) })).host}/shop/web:1` }),
      // One more try may be worth its while, and no more than one.
      expect: {
        codes: ['registry-error'],
        failure: { kind: 'bad-answer', problem: 'server-error', status },
        requests: [1, 2],
      },
    }),
  ),
  {
    id: 'F18',
    name: '503 to the parts of an index says nothing of whether they are there',
    given: async lab => {
      const registry = await lab.registry({
        intercept: where(({ method, url }) => method === 'HEAD' && url?.includes('sha256:') === true, always(503)),
      })
      return { image: `${registry.host}/shop/web:1` }
    },
    expect: {
      codes: ['registry-error'],
      failure: { kind: 'bad-answer', step: 'child', problem: 'server-error' },
      requests: [3, 4],
    },
  },
]
