import { describe, expect, test } from 'vitest'
import { multiArchImage, singleImage } from '../../src/demo/images.ts'
import type { Intercept } from '../../src/demo/registry.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { registryFor } from '../support/lifetime.ts'
import { basicGate } from '../support/token-server.ts'
import { inTime, said, secretFor, stageFor, workloadWith } from './stage.ts'

const bob = { username: 'bob', password: 'right' }

type Trouble = 'none' | 'lost' | 'error' | 'busy' | 'silent'

/** A registry that can be brought into trouble, and a core that asks it; its breaker's clock is the core's. */
const sceneFor = async (gate: Intercept = () => false, flightMs = 5000) => {
  let trouble: Trouble = 'none'
  let now = 0
  const registry = await registryFor({
    intercept: (request, response) => {
      switch (trouble) {
        case 'none':
          return gate(request, response)
        case 'lost':
          return Boolean(request.socket.destroy())
        case 'error':
          return Boolean(response.writeHead(503).end())
        case 'busy':
          return Boolean(response.writeHead(429).end())
        case 'silent':
          return true
      }
    },
  })
  registry.put('shop/web', '1', multiArchImage(['linux/amd64', 'linux/arm64']))
  const stage = stageFor({ registry: { nowMs: () => now }, flightMs })
  const pass = (seconds: number): void => {
    now += seconds * 1000
    stage.pass(seconds)
  }
  const image = `${registry.host}/shop/web`
  const ask = async (tag = '1', secrets: readonly string[] = [], signal = inTime()) =>
    said(await stage.check(workloadWith([`${image}:${tag}`], secrets), signal)).join()
  const fall = (into: Trouble): void => {
    trouble = into
  }
  const requestsFor = (tag: string) => registry.requests.filter(({ path }) => path.endsWith(`/manifests/${tag}`)).length
  return { ...stage, registry, pass, ask, fall, requestsFor }
}

const troubles = [
  ['lost', 'unreachable'],
  ['error', 'registry-error'],
  ['busy', 'rate-limited'],
] as const

describe('an image that was good', () => {
  test.each(troubles)('passes for an hour while its registry is in trouble: %s', async (trouble, code) => {
    const { ask, fall, pass } = await sceneFor()
    expect(await ask()).toBe('')
    fall(trouble)
    pass(59)
    // Within a minute nobody asks.
    expect(await ask()).toBe('')
    pass(2)
    expect(await ask()).toBe('stale')
    pass(58 * 60)
    expect(await ask()).toBe('stale')
    pass(60)
    expect(await ask()).toBe(code)
    pass(3600)
    fall('none')
    expect(await ask()).toBe('')
  })

  test('is as good as new after the trouble', async () => {
    const { ask, fall, pass } = await sceneFor()
    await ask()
    fall('error')
    pass(61)
    expect(await ask()).toBe('stale')
    fall('none')
    pass(61)
    expect(await ask()).toBe('')
    fall('error')
    // An hour since the last good answer, not since the first.
    pass(59 * 60)
    expect(await ask()).toBe('stale')
  })

  test('passes where the registry says nothing until the time is over', async () => {
    const { ask, fall, pass } = await sceneFor()
    expect(await ask()).toBe('')
    fall('silent')
    pass(61)
    expect(await ask('1', [], deadlineIn(50))).toBe('stale')
    expect(await ask('other', [], deadlineIn(50))).toBe('timed-out')
  })

  test('passes where the registry says nothing for longer than a question may take', async () => {
    const { ask, fall, pass } = await sceneFor(undefined, 400)
    expect(await ask()).toBe('')
    fall('silent')
    pass(61)
    expect(await ask()).toBe('stale')
  })

  test('passes for whoever got it, and for nobody else', async () => {
    const { ask, fall, pass, secrets, registry } = await sceneFor(basicGate([bob]))
    secrets.set('shop/bob', secretFor(bob, registry.host))
    secrets.set('shop/ada', secretFor({ username: 'ada', password: 'wrong' }, registry.host))
    expect(await ask('1', ['bob'])).toBe('')
    fall('error')
    pass(61)
    expect(await ask('1', ['bob'])).toBe('stale')
    expect(await ask('1', ['ada'])).toBe('registry-error')
    expect(await ask()).toBe('registry-error')
  })

  test('passes, and is marked, where it is only a part of it that the registry says nothing of', async () => {
    let isDown = false
    const index = multiArchImage(['linux/amd64', 'linux/arm64'])
    const { ask, pass, registry } = await sceneFor(({ method, url = '' }, response) => {
      if (!isDown || method !== 'HEAD' || !url.includes('sha256:')) return false
      return Boolean(response.writeHead(503).end())
    })
    registry.put('shop/web', '2', index)
    expect(await ask('2')).toBe('')
    isDown = true
    pass(61)
    expect(await ask('2')).toBe('stale')
    pass(3600)
    expect(await ask('2')).toBe('registry-error')
  })

  test('no longer does as soon as the registry says no', async () => {
    const { ask, fall, pass, registry } = await sceneFor()
    expect(await ask()).toBe('')
    pass(61)
    registry.untag('shop/web', '1')
    expect(await ask()).toBe('not-found')
    fall('lost')
    pass(61)
    expect(await ask()).toBe('unreachable')
  })
})

describe('a "no"', () => {
  test.each(troubles)('is never served while its registry is in trouble: %s', async (trouble, code) => {
    const { ask, fall, pass, registry, secrets } = await sceneFor()
    secrets.set('shop/s', secretFor(bob, registry.host))
    registry.put('shop/web', 'arm', multiArchImage(['linux/arm64']))
    expect(await ask('9', ['s'])).toBe('not-found')
    expect(await ask('arm', ['s'])).toBe('no-platform')
    fall(trouble)
    // Within the seconds of a "no", within the minute of a name, and within the hour.
    for (const seconds of [1, 30, 60]) {
      pass(seconds)
      expect(await ask('9', ['s'])).toBe(code)
      expect(await ask('arm', ['s'])).toBe(code)
    }
  })

  test('is remembered, and asked for once more before it denies', async () => {
    const { ask, pass, requestsFor } = await sceneFor()
    const spent = async () => {
      const before = requestsFor('9')
      expect(await ask('9')).toBe('not-found')
      return requestsFor('9') - before
    }
    const once = await spent()
    for (const seconds of [0, 1, 3, 2, 100]) {
      pass(seconds)
      expect(await spent()).toBe(once)
    }
  })

  test('spares a credential that serves the one before it for five seconds, and no longer', async () => {
    const shown: string[] = []
    const gate = basicGate([bob])
    const { ask, pass, registry, secrets } = await sceneFor((request, response) => {
      shown.push(Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64').toString())
      return gate(request, response)
    })
    secrets.set('shop/ada', secretFor({ username: 'ada', password: 'wrong' }, registry.host))
    secrets.set('shop/bob', secretFor(bob, registry.host))
    const wrong = async (tag: string) => {
      shown.length = 0
      expect(await ask(tag, ['ada', 'bob'])).toBe('')
      return shown.filter(each => each === 'ada:wrong').length
    }
    expect(await wrong('1')).toBe(1)
    pass(4)
    expect(await wrong('1')).toBe(0)
    pass(1)
    // It may have got the right to pull since.
    expect(await wrong('1')).toBe(1)
  })

  test('gives way to an image that came a moment ago', async () => {
    const { ask, registry } = await sceneFor()
    expect(await ask('new')).toBe('not-found')
    registry.put('shop/web', 'new', singleImage('linux/amd64'))
    expect(await ask('new')).toBe('')
  })
})
