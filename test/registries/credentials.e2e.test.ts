import { beforeAll, describe, expect, test } from 'vitest'
import { singleImage } from '../../src/demo/images.ts'
import { basicAuthorization } from '../../src/registry/auth/credential.ts'
import { closedAfterTest } from '../support/lifetime.ts'
import { pullOf } from '../support/reference-of.ts'
import { account, htpasswd, stranger } from './accounts.ts'
import { countingForwarder } from './counting-forwarder.ts'
import { type JwtServerOptions, startJwtServer } from './jwt-server.ts'
import { type Distribution, distributions } from './kinds.ts'
import { push } from './push.ts'
import { inTime, standing } from './standing.ts'

const image = singleImage('linux/amd64')
const known = { value: { digest: image.top.digest } }

describe.each(distributions)('$name with passwords', ({ name, start }) => {
  const { registry, questions } = standing(`${name} with passwords`, () => start({ htpasswd }))
  beforeAll(async () => {
    const authorization = basicAuthorization(account)
    await push({ url: registry().url, repository: 'shop/web', tag: '1.0', authorization }, image)
  })

  const counted = async () => {
    const { host, requests } = await countingForwarder(registry().host)
    const shown = () => requests.map(({ authorization }) => authorization)
    return { web: `${host}/shop/web:1.0`, nothing: `${host}/shop/nothing:1.0`, shown, ...questions() }
  }

  test('refuses those who show none', async () => {
    const { web, shown, ask } = await counted()
    expect(await ask(web)).toMatchObject({ error: { kind: 'refused', status: 401, askedAs: 'anonymous' } })
    expect(shown()).toEqual([undefined])
  })

  test('tells those who show the right one, which is asked for once', async () => {
    const { web, shown, ask } = await counted()
    expect(await ask(web, { credentials: [account] })).toMatchObject(known)
    const right = basicAuthorization(account)
    expect(shown()).toEqual([undefined, right, right, right])
  })

  test('refuses a wrong one, which is shown once', async () => {
    const { web, shown, ask } = await counted()
    const told = await ask(web, { credentials: [stranger] })
    expect(told).toMatchObject({ error: { kind: 'refused', status: 401, askedAs: 'credentials' } })
    expect(shown()).toEqual([undefined, basicAuthorization(stranger)])
  })

  test('tells those whose second one is right', async () => {
    const { web, ask } = await counted()
    expect(await ask(web, { credentials: [stranger, account] })).toMatchObject(known)
  })

  test('says what is not there to those who show the right one alone', async () => {
    const { nothing, ask, dialogue } = await counted()
    expect(await ask(nothing)).toMatchObject({ error: { kind: 'refused' } })
    const told = await ask(nothing, { credentials: [account] })
    expect(told).toMatchObject({ error: { kind: 'absent', missing: 'tag', askedAs: 'credentials' } })
    const listed = await dialogue.tags(pullOf(nothing, account), inTime())
    expect(listed).toMatchObject({ error: { kind: 'absent', missing: 'repository', askedAs: 'credentials' } })
  })
})

const open = 'shop/open'
const closed = 'shop/closed'

/** A registry of that kind with a server of tokens, both as long as the test. */
const withTokens = async (start: Distribution['start'], options: Partial<JwtServerOptions> = {}) => {
  const tokens = closedAfterTest(await startJwtServer({ account, open: [open], servesPost: true, ...options }))
  const registry = closedAfterTest(await start({ tokens }))
  for (const repository of [open, closed]) {
    const authorization = `Bearer ${tokens.pushToken(repository)}`
    await push({ url: registry.url, repository, tag: '1.0', authorization }, image)
  }
  const { host, requests } = await countingForwarder(registry.host)
  return { image: (repository: string) => `${host}/${repository}:1.0`, asked: tokens.requests, requests }
}

describe.each(distributions)('$name with tokens', ({ name, start }) => {
  const { questions } = standing(`${name} with tokens`, start)

  test('tells anybody what is open to all, with one token', async () => {
    const { image, asked, requests } = await withTokens(start)
    expect(await questions().ask(image(open))).toMatchObject(known)
    expect(asked).toEqual(['GET'])
    expect(requests).toHaveLength(4)
  })

  test('refuses anybody what is not, though the server gives a token', async () => {
    const { image, asked } = await withTokens(start)
    const told = await questions().ask(image(closed))
    expect(told).toMatchObject({ error: { kind: 'refused', status: 401, askedAs: 'anonymous', step: 'manifest' } })
    expect(asked).toEqual(['GET'])
  })

  test.each([
    [true, ['POST pullgate']],
    [false, ['POST pullgate', 'GET pullgate']],
  ])('tells the account what is not, with one token (POST served: %s)', async (servesPost, ways) => {
    const { image, asked, requests } = await withTokens(start, { servesPost })
    const { ask, dialogue } = questions()
    expect(await ask(image(closed), { credentials: [account] })).toMatchObject(known)
    expect(await dialogue.tags(pullOf(image(closed), account), inTime())).toMatchObject({
      value: { names: ['1.0'], showsAll: true },
    })
    expect(asked).toEqual(ways)
    const secret = basicAuthorization(account)
    expect(requests.filter(({ authorization }) => authorization === secret)).toEqual([])
  })

  test('wants another token for another repository', async () => {
    const { image, asked } = await withTokens(start)
    const { ask } = questions()
    await ask(image(closed), { credentials: [account] })
    await ask(image(open), { credentials: [account] })
    expect(asked).toEqual(['POST pullgate', 'POST pullgate'])
  })

  // A server that takes no POST may say 401 as well, so a wrong password is tried both ways, as containerd does.
  test('is not even asked by those whose password the server of tokens refuses', async () => {
    const { image, asked, requests } = await withTokens(start)
    const told = await questions().ask(image(closed), { credentials: [stranger] })
    expect(told).toMatchObject({ error: { kind: 'refused', status: 401, askedAs: 'credentials', step: 'token' } })
    expect(asked).toEqual(['POST pullgate', 'GET pullgate'])
    expect(requests).toHaveLength(1)
  })

  test('says what is not there to the account', async () => {
    const { image } = await withTokens(start)
    const told = await questions().ask(image(closed).replace('1.0', '9'), { credentials: [account] })
    expect(told).toMatchObject({ error: { kind: 'absent', missing: 'tag', askedAs: 'credentials' } })
  })

  test('refuses the tokens of a server that it does not believe, after one more try', async () => {
    const believed = closedAfterTest(await startJwtServer({ account, open: [open], servesPost: true }))
    const other = closedAfterTest(await startJwtServer({ account, open: [open], servesPost: true }))
    const registry = closedAfterTest(await start({ tokens: { ...other, trusted: believed.trusted } }))
    const told = await questions().ask(`${registry.host}/${closed}:1.0`, { credentials: [account] })
    expect(told).toMatchObject({ error: { kind: 'refused', askedAs: 'credentials' } })
    expect(other.requests).toEqual(['POST pullgate'])
  })
})
