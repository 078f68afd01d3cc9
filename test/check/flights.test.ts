import { describe, expect, test } from 'vitest'
import { multiArchImage, singleImage } from '../../src/demo/images.ts'
import type { Intercept } from '../../src/demo/registry.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { bearerGate, startTokenServer } from '../support/token-server.ts'
import { inTime, said, secretFor, stageFor, workloadWith } from './stage.ts'

const bob = { username: 'bob', password: 'right' }
const many = Array.from({ length: 1000 }, (_, at) => at)

/** A registry whose answers can be held back, each until all are let go. */
const holding = async (inner: Intercept = () => false) => {
  let held = Promise.withResolvers<void>()
  let came = Promise.withResolvers<void>()
  held.resolve()
  const registry = await registryFor({
    intercept: async (request, response) => {
      came.resolve()
      await held.promise
      return inner(request, response)
    },
  })
  const hold = (): { readonly letGo: () => void; readonly came: Promise<void> } => {
    held = Promise.withResolvers()
    came = Promise.withResolvers()
    return { letGo: held.resolve, came: came.promise }
  }
  registry.put('shop/web', '1', multiArchImage(['linux/amd64', 'linux/arm64']))
  return { registry, hold, image: `${registry.host}/shop/web:1` }
}

const linesOf = (requests: readonly { readonly method: string; readonly path: string }[]): readonly string[] =>
  requests.map(
    ({ method, path }) =>
      `${method} ${path
        .replace(/sha256:.*/, 'DIGEST')
        .split('/')
        .slice(-2)
        .join('/')}`,
  )

describe('a thousand equal questions', () => {
  test('cost one dialogue and one token', async () => {
    const tokens = closedAfterTest(await startTokenServer({ accounts: [bob] }))
    const { registry, image } = await holding(bearerGate({ tokens, readers: ['bob'] }))
    const { check, secrets } = stageFor({ platforms: ['linux/amd64', 'linux/arm64'] })
    secrets.set('shop/right', secretFor(bob, registry.host))
    const signal = inTime()
    const reports = await Promise.all(many.map(() => check(workloadWith([image], ['right']), signal)))
    expect(reports.flatMap(said).filter(codes => codes !== '')).toEqual([])
    expect(linesOf(registry.requests)).toEqual([
      'HEAD manifests/1',
      'HEAD manifests/1',
      'GET manifests/DIGEST',
      'HEAD manifests/DIGEST',
      'HEAD manifests/DIGEST',
    ])
    expect(tokens.requests).toHaveLength(1)
  })

  test('about a single image cost one dialogue, and later ones nothing', async () => {
    const { registry, image } = await holding()
    registry.put('shop/web', '1', singleImage('linux/amd64'))
    const { check } = stageFor()
    const signal = inTime()
    for (const _ of [1, 2]) await Promise.all(many.map(() => check(workloadWith([image]), signal)))
    expect(linesOf(registry.requests)).toEqual(['HEAD manifests/1', 'GET manifests/DIGEST', 'GET blobs/DIGEST'])
  })

  test('about what is not there cost two dialogues at the most: who came later must know that it is not there now', async () => {
    const { registry, image } = await holding()
    const { check } = stageFor()
    const signal = inTime()
    const workload = workloadWith([image.replace(':1', ':9')])
    const reports = await Promise.all(many.map(() => check(workload, signal)))
    expect(new Set(reports.flatMap(said))).toEqual(new Set(['not-found']))
    const asked = linesOf(registry.requests)
    expect(asked.filter(line => line.endsWith('manifests/9')).length).toBeLessThanOrEqual(4)
    // The tags that are like it are looked up for each wave together.
    expect(asked.filter(line => line.includes('tags/')).length).toBeLessThanOrEqual(2)
  })
})

describe('whoever gives up', () => {
  test('hurts nobody who asks the same', async () => {
    const { hold, image, registry } = await holding()
    const { check } = stageFor()
    const held = hold()
    const leaving = many.slice(0, 50).map(() => new AbortController())
    const left = leaving.map(({ signal }) => check(workloadWith([image]), signal))
    const staying = many.slice(0, 50).map(() => check(workloadWith([image]), inTime()))
    await held.came
    for (const each of leaving) each.abort()
    expect(new Set((await Promise.all(left)).flatMap(said))).toEqual(new Set(['timed-out']))
    held.letGo()
    expect(new Set((await Promise.all(staying)).flatMap(said))).toEqual(new Set(['']))
    expect(linesOf(registry.requests)).toEqual(['HEAD manifests/1', 'GET manifests/DIGEST', 'HEAD manifests/DIGEST'])
  })

  test('leaves the answer to those who come later', async () => {
    const { hold, image, registry } = await holding()
    const { check } = stageFor()
    const held = hold()
    const leaving = new AbortController()
    const left = check(workloadWith([image]), leaving.signal)
    await held.came
    leaving.abort()
    expect(said(await left)).toEqual(['timed-out'])
    held.letGo()
    expect(said(await check(workloadWith([image]), inTime()))).toEqual([''])
    expect(linesOf(registry.requests).filter(line => line === 'HEAD manifests/1')).toHaveLength(1)
  })
})

describe('a "no" on its way', () => {
  /** A registry that says of a tag what was true when it was asked, and says so late. */
  const slowToSayNo = async () => {
    const late = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    let isThere = false
    const registry = await registryFor({
      intercept: async ({ method, url }, response) => {
        if (isThere || !url?.endsWith('/manifests/new')) return false
        if (method === 'GET') {
          asked.resolve()
          await late.promise
        }
        const body = JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN' }] })
        response.writeHead(404, { 'content-type': 'application/json' }).end(method === 'HEAD' ? undefined : body)
        return true
      },
    })
    const push = (): void => {
      isThere = true
      registry.put('shop/web', 'new', singleImage('linux/amd64'))
    }
    return { image: `${registry.host}/shop/web:new`, asked: asked.promise, sayIt: late.resolve, push }
  }

  test('is none for whoever asks after the image was pushed', async () => {
    const { image, asked, sayIt, push } = await slowToSayNo()
    const { check } = stageFor()
    const early = check(workloadWith([image]), inTime())
    await asked
    push()
    const later = [1, 2, 3].map(() => check(workloadWith([image]), inTime()))
    sayIt()
    expect((await Promise.all(later)).flatMap(said)).toEqual(['', '', ''])
    expect(said(await early)).toEqual(['registry-error'])
  })
})

describe('questions of different tenants', () => {
  test('are not shared, even if they are about one image', async () => {
    const { image, registry } = await holding()
    const { check, secrets } = stageFor()
    for (const name of 'abc') secrets.set(`shop/${name}`, secretFor({ username: name, password: 'p' }, registry.host))
    const signal = inTime()
    await Promise.all([...'abcabc'].map(name => check(workloadWith([image], [name]), signal)))
    expect(linesOf(registry.requests).filter(line => line === 'HEAD manifests/1')).toHaveLength(3)
  })
})
