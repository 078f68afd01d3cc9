import { describe, expect, test } from 'vitest'
import { incompleteImage, multiArchImage, singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept } from '../../src/demo/registry.ts'
import { ok } from '../../src/lib/result.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import type { FindPlaces } from '../../src/registry/hosts/place.ts'
import { certsD } from '../support/certs-d.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { basicGate, bearerGate, startTokenServer } from '../support/token-server.ts'
import { inTime, type Stage, type StageOptions, said, secretFor, stageFor, workloadWith } from './stage.ts'

const ada: Credential = { username: 'ada', password: 'ada’s password' }
const bob: Credential = { username: 'bob', password: 'bob’s password' }

/** A registry with one tag, behind these gates. */
const stocked = async (...gates: readonly Intercept[]): Promise<EmbeddedRegistry> => {
  const intercept: Intercept = async (request, response) => {
    for (const gate of gates) if ((await gate(request, response)) === true) return true
    return false
  }
  const registry = await registryFor({ intercept })
  registry.put('shop/web', '1.4.0', singleImage('linux/amd64', { version: '1.4.0' }))
  return registry
}

/** It gives a token to everybody, and shows each what he may see, which is no more for those with an account. */
const tokens = async (): Promise<Intercept> =>
  bearerGate({ tokens: closedAfterTest(await startTokenServer({ accounts: [ada, bob] })) })

const withoutHead: Intercept = ({ method }, response) => method === 'HEAD' && Boolean(response.writeHead(405).end())

/** A core whose nodes ask this mirror before the registry itself. */
const stageBehind = async (near: EmbeddedRegistry, options: StageOptions = {}): Promise<Stage> => {
  const { findPlaces } = await certsD(`[host."http://${near.host}"]`)
  return stageFor({ registry: { findPlaces }, ...options })
}

const imageAt = ({ host }: EmbeddedRegistry): string => `${host}/shop/web:1.40`
const nodesMayHold = (): boolean => true

describe('that a mirror asks nobody for credentials says nothing of the registry behind it', () => {
  test('which refuses', async () => {
    const [near, far] = [await stocked(withoutHead), await stocked(basicGate([ada]))]
    const { check } = await stageBehind(near, { nodesMayHold })
    expect(said(await check(workloadWith([imageAt(far)]), inTime()))).toEqual(['node-credentials'])
  })

  test('which may hide what it says that it lacks', async () => {
    const [near, far] = [await stocked(withoutHead), await stocked(await tokens())]
    const { check } = await stageBehind(near, { nodesMayHold })
    expect(said(await check(workloadWith([imageAt(far)]), inTime()))).toEqual(['node-credentials'])
  })

  test('which refuses to give a part of an index that the mirror lacks', async () => {
    const [near, far] = [await stocked(withoutHead), await stocked(basicGate([ada]))]
    near.put('shop/web', '1.40', incompleteImage(['linux/arm64'], 'linux/arm64'))
    const { check } = await stageBehind(near, { nodesMayHold, platforms: ['linux/arm64'] })
    expect(said(await check(workloadWith([imageAt(far)]), inTime()))).toEqual(['node-credentials'])
  })
})

describe('that the registry asks nobody for credentials says nothing of a mirror before it', () => {
  test('which refuses those that are known', async () => {
    const [near, far] = [await stocked(basicGate([ada])), await stocked()]
    const { check, secrets } = await stageBehind(near)
    secrets.set('shop/bob', secretFor(bob, far.host))
    secrets.set('shop/shut', 'unreadable')
    expect(said(await check(workloadWith([imageAt(far)], ['bob', 'shut']), inTime()))).toEqual(['unknown-credentials'])
  })

  test('which refuses those that are known, as nodes may hold others', async () => {
    const [near, far] = [await stocked(basicGate([ada])), await stocked()]
    const { check, secrets } = await stageBehind(near, { nodesMayHold })
    secrets.set('shop/bob', secretFor(bob, far.host))
    expect(said(await check(workloadWith([imageAt(far)], ['bob']), inTime()))).toEqual(['node-credentials'])
  })

  test('which may hide what it says that it lacks', async () => {
    const [near, far] = [await stocked(await tokens()), await stocked()]
    const { check } = await stageBehind(near, { nodesMayHold })
    expect(said(await check(workloadWith([imageAt(far)]), inTime()))).toEqual(['node-credentials'])
  })

  test('which may hide what it says that it lacks, without a word and by GET alone', async () => {
    const bare: Intercept = (_, response) => Boolean(response.writeHead(404).end())
    const [near, far] = [await stocked(withoutHead, await tokens(), bare), await stocked()]
    const { check } = await stageBehind(near, { nodesMayHold })
    expect(said(await check(workloadWith([imageAt(far)]), inTime()))).toEqual(['node-credentials'])
  })

  test('which may hide from those that are known what it says that it lacks', async () => {
    const [near, far] = [await stocked(await tokens()), await stocked()]
    const { check, secrets } = await stageBehind(near, { nodesMayHold })
    secrets.set('shop/bob', secretFor(bob, far.host))
    expect(said(await check(workloadWith([imageAt(far)], ['bob']), inTime()))).toEqual(['node-credentials'])
  })

  test('nor does its list of tags', async () => {
    const [near, far] = [await stocked(basicGate([ada])), await stocked(await tokens())]
    const { check, secrets } = await stageBehind(near, { settles: true })
    secrets.set('shop/bob', secretFor(bob, far.host))
    secrets.set('shop/shut', 'unreadable')
    expect(said(await check(workloadWith([imageAt(far)], ['bob', 'shut']), inTime()))).toEqual(['unknown-credentials'])
  })
})

test('what mirror and registry say to known credentials counts', async () => {
  const [near, far] = [await stocked(basicGate([ada])), await stocked(basicGate([bob]))]
  const { check, secrets } = await stageBehind(near)
  secrets.set('shop/bob', secretFor(bob, far.host))
  expect(said(await check(workloadWith([imageAt(far)], ['bob']), inTime()))).toEqual(['not-found'])
})

test('a list of tags says nothing of the place where nodes of another kind look', async () => {
  const registry = await stocked(await tokens())
  const { findPlaces } = await certsD('')
  const elsewhere: FindPlaces = async reference => {
    const found = await findPlaces(reference)
    return found.ok ? ok(found.value.map(place => ({ ...place, repository: `cache/${place.repository}` }))) : found
  }
  const options = { registry: { findPlaces, findOtherwise: () => [elsewhere] }, nodesMayHold, settles: true }
  const { check } = stageFor(options)
  expect(said(await check(workloadWith([imageAt(registry)]), inTime()))).toEqual(['node-credentials'])
})

test.each<[what: string, gate: Intercept]>([
  ['lacks it', () => false],
  ['refuses', basicGate([ada])],
])(
  'a part of an index is there where a mirror gives it, whatever it says to HEAD, and the registry %s',
  async (_, gate) => {
    const whole = multiArchImage(['linux/amd64'])
    const withoutParts: Intercept = ({ method, url = '' }, response) =>
      method === 'HEAD' && url.includes('sha256:') && Boolean(response.writeHead(404).end())
    const [near, far] = [await stocked(withoutParts), await stocked(gate)]
    near.put('shop/web', '1.40', whole)
    const { check } = await stageBehind(near)
    expect(said(await check(workloadWith([imageAt(far)]), inTime()))).toEqual([''])
  },
)
