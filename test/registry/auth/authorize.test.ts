import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { singleImage } from '../../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept } from '../../../src/demo/registry.ts'
import { fail, ok } from '../../../src/lib/result.ts'
import { type Authorizer, createAuthorizer } from '../../../src/registry/auth/authorize.ts'
import type { Credential } from '../../../src/registry/auth/credential.ts'
import { hostsOf } from '../../../src/registry/hosts/hosts.ts'
import type { Reply, Request, Send } from '../../../src/registry/send.ts'
import { closedAfterTest, plainTerms, registryFor } from '../../support/lifetime.ts'
import { notingSend } from '../../support/noting-send.ts'
import {
  type BearerGateOptions,
  basicGate,
  bearerGate,
  prose,
  startTokenServer,
  type TokenServer,
  type TokenServerOptions,
} from '../../support/token-server.ts'

const right: Credential = { username: 'me', password: 'RIGHT-SECRET' }
const wrong: Credential = { username: 'me', password: 'WRONG-SECRET' }
const hidden = new RegExp(`SECRET|TOKEN-|${prose}`)

const signal = (): AbortSignal => AbortSignal.timeout(5000)

const serverFor = async (options: TokenServerOptions = {}): Promise<TokenServer> =>
  closedAfterTest(await startTokenServer({ accounts: [right], ...options }))

const shopBehind = async (intercept: Intercept): Promise<EmbeddedRegistry> => {
  const registry = await registryFor({ intercept })
  registry.put('shop/web', '1.0', singleImage('linux/amd64'))
  registry.put('shop/api', '1.0', singleImage('linux/amd64'))
  return registry
}

const authorizerOver = (send: Send, clock = { ms: 0 }): Authorizer =>
  createAuthorizer({ send, fingerprintKey: randomBytes(32), nowMs: () => clock.ms, mostTokens: 100, fetchMs: 5000 })

const headOf = (host: string, repository = 'shop/web', scheme = 'http'): Request => ({
  method: 'HEAD',
  url: `${scheme}://${host}/v2/${repository}/manifests/1.0`,
  client: hostsOf(host, undefined)[0] ?? plainTerms,
  namedBy: undefined,
  host,
  headers: { accept: '*/*' },
  body: undefined,
  step: 'manifest',
  mostBytes: 65_536,
  take: undefined,
})

/** What came of a question, in a word: `200 anonymous`, `refused 401 credentials token`. */
const outcomeOf = (answer: Awaited<ReturnType<Authorizer>>): string => {
  expect(JSON.stringify(answer)).not.toMatch(hidden)
  if (answer.ok) return `${answer.value.reply.status} ${answer.value.askedAs}`
  const { kind, step } = answer.error
  if (kind === 'refused') return `refused ${answer.error.status} ${answer.error.askedAs} ${step}`
  return kind === 'bad-answer' ? `${answer.error.problem} ${step}` : `${kind} ${step}`
}

interface Asked {
  readonly outcome: string
  /** What the registry and its token server saw. */
  readonly requests: string
}

const ask = async (
  authorizer: Authorizer,
  registry: EmbeddedRegistry,
  credential: Credential | undefined,
  tokens?: TokenServer,
  repository = 'shop/web',
): Promise<Asked> => {
  const before = [registry.requests.length, tokens?.requests.length ?? 0] as const
  const answer = await authorizer(headOf(registry.host, repository), { repository, credential }, signal())
  const seen = registry.requests.slice(before[0]).map(({ method, status }) => `${method} ${status}`)
  const fetched = tokens?.requests.slice(before[1]).map(({ method }) => `${method} token`) ?? []
  return { outcome: outcomeOf(answer), requests: [...seen.slice(0, 1), ...fetched, ...seen.slice(1)].join(', ') }
}

type Row = readonly [outcome: string, requests: string]

interface Shape {
  readonly name: string
  readonly gate: 'basic' | Omit<BearerGateOptions, 'tokens'>
  readonly server?: TokenServerOptions
  readonly anonymous: Row
  readonly wrong: Row
  readonly right: Row
}

const accessOnly = { members: ['access_token'] } as const
const known = { readers: ['me'] }

// What each registry is known for; where its token server serves no POST, and how it says no to those without rights.
const shapes: readonly Shape[] = [
  {
    name: 'Docker Hub, public: a token for everybody, but a wrong password spoils it',
    gate: {},
    anonymous: ['200 anonymous', 'HEAD 401, GET token, HEAD 200'],
    wrong: ['refused 401 credentials token', 'HEAD 401, POST token, GET token'],
    right: ['200 credentials', 'HEAD 401, POST token, HEAD 200'],
  },
  {
    name: 'Docker Hub, private or missing: a token for everybody, and insufficient_scope',
    gate: known,
    anonymous: ['refused 401 anonymous manifest', 'HEAD 401, GET token, HEAD 401'],
    wrong: ['refused 401 credentials token', 'HEAD 401, POST token, GET token'],
    right: ['200 credentials', 'HEAD 401, POST token, HEAD 200'],
  },
  {
    name: 'Docker Hub, of somebody else: insufficient_scope',
    gate: { readers: ['somebody-else'] },
    anonymous: ['refused 401 anonymous manifest', 'HEAD 401, GET token, HEAD 401'],
    wrong: ['refused 401 credentials token', 'HEAD 401, POST token, GET token'],
    right: ['refused 401 credentials manifest', 'HEAD 401, POST token, HEAD 401'],
  },
  {
    name: 'ghcr.io: 403 from the token server',
    gate: known,
    server: { anonymous: 403, wrong: 403 },
    anonymous: ['refused 403 anonymous token', 'HEAD 401, GET token'],
    wrong: ['refused 403 credentials token', 'HEAD 401, POST token'],
    right: ['200 credentials', 'HEAD 401, POST token, HEAD 200'],
  },
  {
    name: 'quay.io: a token for everybody, and a plain 401; no POST',
    gate: { ...known, denied: 401 },
    server: { post: 405 },
    anonymous: ['refused 401 anonymous manifest', 'HEAD 401, GET token, HEAD 401'],
    wrong: ['refused 401 credentials token', 'HEAD 401, POST token, GET token'],
    right: ['200 credentials', 'HEAD 401, POST token, GET token, HEAD 200'],
  },
  {
    name: 'ECR: Basic, and 403 to a password that expired',
    gate: 'basic',
    anonymous: ['refused 401 anonymous manifest', 'HEAD 401'],
    wrong: ['403 credentials', 'HEAD 401, HEAD 403'],
    right: ['200 credentials', 'HEAD 401, HEAD 200'],
  },
  {
    name: 'ECR Public: 400 to a token that expired',
    gate: { expired: 400 },
    server: { post: 404 },
    anonymous: ['200 anonymous', 'HEAD 401, GET token, HEAD 200'],
    wrong: ['refused 401 credentials token', 'HEAD 401, POST token, GET token'],
    right: ['200 credentials', 'HEAD 401, POST token, GET token, HEAD 200'],
  },
  {
    name: 'Artifact Registry: 404 to POST, and 403 for want of rights',
    gate: { ...known, denied: 403 },
    server: { post: 404 },
    anonymous: ['403 anonymous', 'HEAD 401, GET token, HEAD 403'],
    wrong: ['refused 401 credentials token', 'HEAD 401, POST token, GET token'],
    right: ['200 credentials', 'HEAD 401, POST token, GET token, HEAD 200'],
  },
  {
    name: 'ACR: 400 to POST, 401 to nobody, access_token alone',
    gate: known,
    server: { post: 400, anonymous: 401, ...accessOnly },
    anonymous: ['refused 401 anonymous token', 'HEAD 401, GET token'],
    wrong: ['refused 401 credentials token', 'HEAD 401, POST token, GET token'],
    right: ['200 credentials', 'HEAD 401, POST token, GET token, HEAD 200'],
  },
  {
    name: 'GitLab: 403 from its token server, and 404 to POST',
    gate: known,
    server: { post: 404, anonymous: 403, wrong: 403 },
    anonymous: ['refused 403 anonymous token', 'HEAD 401, GET token'],
    wrong: ['refused 403 credentials token', 'HEAD 401, POST token, GET token'],
    right: ['200 credentials', 'HEAD 401, POST token, GET token, HEAD 200'],
  },
  {
    name: 'Harbor: a token for everybody that opens nothing',
    gate: { ...known, denied: 401, service: 'harbor-registry' },
    server: { post: 405 },
    anonymous: ['refused 401 anonymous manifest', 'HEAD 401, GET token, HEAD 401'],
    wrong: ['refused 401 credentials token', 'HEAD 401, POST token, GET token'],
    right: ['200 credentials', 'HEAD 401, POST token, GET token, HEAD 200'],
  },
  {
    name: 'Artifactory: 401 to POST',
    gate: known,
    server: { post: 401, anonymous: 401 },
    anonymous: ['refused 401 anonymous token', 'HEAD 401, GET token'],
    wrong: ['refused 401 credentials token', 'HEAD 401, POST token, GET token'],
    right: ['200 credentials', 'HEAD 401, POST token, GET token, HEAD 200'],
  },
]

describe.each(shapes)('$name', ({ gate, server, ...rows }) => {
  test.each(['anonymous', 'wrong', 'right'] as const)('%s', async who => {
    const tokens = await serverFor(server)
    const registry = await shopBehind(gate === 'basic' ? basicGate([right], 403) : bearerGate({ tokens, ...gate }))
    const credential = { anonymous: undefined, wrong, right }[who]
    const asked = await ask(authorizerOver(notingSend().send), registry, credential, tokens)
    expect([asked.outcome, asked.requests]).toEqual(rows[who])
  })
})

describe('what served once is used first the next time', () => {
  test('a token for the same repository, until it expires by our clock', async () => {
    const tokens = await serverFor({ more: { expires_in: 300 } })
    const registry = await shopBehind(bearerGate({ tokens }))
    const clock = { ms: 0 }
    const authorizer = authorizerOver(notingSend().send, clock)
    await ask(authorizer, registry, right, tokens)
    expect(await ask(authorizer, registry, right, tokens)).toEqual({ outcome: '200 credentials', requests: 'HEAD 200' })
    clock.ms = 290_000
    const { requests } = await ask(authorizer, registry, right, tokens)
    expect(requests).toBe('HEAD 401, POST token, HEAD 200')
  })

  test('a password as well', async () => {
    const registry = await shopBehind(basicGate([right]))
    const authorizer = authorizerOver(notingSend().send)
    await ask(authorizer, registry, right)
    expect(await ask(authorizer, registry, right)).toEqual({ outcome: '200 credentials', requests: 'HEAD 200' })
  })

  test('but not for another repository, which may be open to everybody', async () => {
    const registry = await shopBehind(basicGate([right]))
    const authorizer = authorizerOver(notingSend().send)
    await ask(authorizer, registry, right)
    expect(await ask(authorizer, registry, right, undefined, 'shop/api')).toMatchObject({
      requests: 'HEAD 401, HEAD 200',
    })
  })

  test('and not with another credential', async () => {
    const tokens = await serverFor()
    const registry = await shopBehind(bearerGate({ tokens, readers: ['me'] }))
    const authorizer = authorizerOver(notingSend().send)
    await ask(authorizer, registry, right, tokens)
    expect((await ask(authorizer, registry, undefined, tokens)).outcome).toBe('refused 401 anonymous manifest')
    expect((await ask(authorizer, registry, wrong, tokens)).outcome).toBe('refused 401 credentials token')
    expect((await ask(authorizer, registry, { ...right }, tokens)).requests).toBe('HEAD 200')
  })

  test('one token serves many that ask at a time', async () => {
    const tokens = await serverFor()
    const registry = await shopBehind(bearerGate({ tokens }))
    const authorizer = authorizerOver(notingSend().send)
    const gates = Array.from({ length: 10 }, () => ask(authorizer, registry, right, tokens))
    expect((await Promise.all(gates)).map(({ outcome }) => outcome)).toEqual(Array(10).fill('200 credentials'))
    expect(tokens.requests).toHaveLength(1)
  })
})

describe('a token that is turned away', () => {
  test.each([
    [401, 'HEAD 401, POST token, HEAD 200'],
    [400, 'HEAD 400, POST token, HEAD 200'],
  ])('with %i before its time is renewed once', async (expired, requests) => {
    const tokens = await serverFor()
    const registry = await shopBehind(bearerGate({ tokens, expired }))
    const authorizer = authorizerOver(notingSend().send)
    await ask(authorizer, registry, right, tokens)
    tokens.revokeAll()
    expect(await ask(authorizer, registry, right, tokens)).toEqual({ outcome: '200 credentials', requests })
  })

  test('although it is new is not renewed, and not kept', async () => {
    const tokens = await serverFor()
    const registry = await shopBehind(bearerGate({ tokens, readers: [] }))
    const authorizer = authorizerOver(notingSend().send)
    const refused = { outcome: 'refused 401 credentials manifest', requests: 'HEAD 401, POST token, HEAD 401' }
    expect(await ask(authorizer, registry, right, tokens)).toEqual(refused)
    expect(await ask(authorizer, registry, right, tokens)).toEqual(refused)
  })

  test('is replaced by the one that another question got meanwhile, which is not renewed either', async () => {
    const challenges = [bearerAt('https://a.example')]
    const { send: first, sent } = scripted([{ status: 401, challenges }, { status: 200 }])
    const { send: later } = scripted(Array.from({ length: 9 }, () => ({ status: 401, challenges })))
    const [isRenewed, isDone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let served = 0
    const send: Send = async (request, until) => {
      if (request.step === 'token' || sent.length < 3) return first(request, until)
      served += 1
      const turn = served
      // The second question hears of the old token's end when the first one has shown the new one, which takes long.
      if (turn === 2) await isRenewed.promise
      if (turn === 3) {
        isRenewed.resolve()
        await isDone.promise
      }
      return later(request, until)
    }
    const authorizer = authorizerOver(send)
    const question = () => authorizer(headOf('r.example', 'shop/web', 'https'), shop, signal())
    await question()
    const [one, other] = [question(), question()]
    expect(outcomeOf(await other)).toBe('refused 401 credentials manifest')
    isDone.resolve()
    expect(outcomeOf(await one)).toBe('refused 401 credentials manifest')
    expect(sent.filter(({ step }) => step === 'token')).toHaveLength(2)
  })

  test('with 400 although it is new leaves the 400 to the reader', async () => {
    const tokens = await serverFor()
    const registry = await shopBehind(bearerGate({ tokens, readers: [], denied: 400 }))
    const asked = await ask(authorizerOver(notingSend().send), registry, right, tokens)
    expect(asked).toEqual({ outcome: '400 credentials', requests: 'HEAD 401, POST token, HEAD 400' })
  })
})

describe('a password', () => {
  test('that is refused is sent once, where the node sends it five times', async () => {
    const registry = await shopBehind(basicGate([right]))
    const asked = await ask(authorizerOver(notingSend().send), registry, wrong)
    expect(asked).toEqual({ outcome: 'refused 401 credentials manifest', requests: 'HEAD 401, HEAD 401' })
  })

  test('that served, and was changed, is not sent a second time', async () => {
    const accounts = [right]
    const registry = await shopBehind((...both) => basicGate(accounts)(...both))
    const authorizer = authorizerOver(notingSend().send)
    await ask(authorizer, registry, right)
    accounts.pop()
    expect(await ask(authorizer, registry, right)).toEqual({
      outcome: 'refused 401 credentials manifest',
      requests: 'HEAD 401',
    })
  })

  test('that is answered by the wish for a token is refused, as containerd stays with the first challenge', async () => {
    const replies = [['Basic'], [bearerAt('https://a.example')]].map(challenges => ({ status: 401, challenges }))
    const { send, sent } = scripted(replies)
    const answer = await authorizerOver(send)(headOf('r.example', 'shop/web', 'https'), shop, signal())
    expect(outcomeOf(answer)).toBe('refused 401 credentials manifest')
    expect(sent.map(({ step }) => step)).toEqual(['manifest', 'manifest'])
  })

  test('that served is not sent again to a registry that wants a token by now', async () => {
    const { send, sent } = scripted([
      { status: 401, challenges: ['Basic'] },
      { status: 200 },
      { status: 401, challenges: [bearerAt('https://a.example')] },
      { status: 401, challenges: ['Basic'] },
    ])
    const authorizer = authorizerOver(send)
    await authorizer(headOf('r.example', 'shop/web', 'https'), shop, signal())
    const second = outcomeOf(await authorizer(headOf('r.example', 'shop/web', 'https'), shop, signal()))
    expect(second).toBe('refused 401 credentials manifest')
    const sentWith = sent.map(({ headers, step }) => String(headers['authorization'] ?? '').split(' ')[0] || step)
    expect(sentWith).toEqual(['manifest', 'Basic', 'Basic', 'token', 'Bearer'])
  })

  test.each([
    ['an empty one', { username: 'me', password: '' }],
    ['one without a name', { username: '', password: 'SECRET' }],
  ])('that is %s is not sent at all', async (_, credential) => {
    const registry = await shopBehind(basicGate([right]))
    const asked = await ask(authorizerOver(notingSend().send), registry, credential)
    expect(asked).toEqual({ outcome: 'refused 401 anonymous manifest', requests: 'HEAD 401' })
  })
})

/** A registry that gives these answers one after another, and its token server, without sockets. */
const scripted = (replies: readonly { readonly status: number; readonly challenges?: readonly string[] }[]) => {
  const sent: Request[] = []
  let at = 0
  const replyOf = (status: number, challenges: readonly string[], body = ''): Reply => {
    const lines = (name: string): readonly string[] => (name === 'www-authenticate' ? challenges : [])
    return { status, lines, header: name => lines(name).at(-1), body: Buffer.from(body) }
  }
  const send: Send = async request => {
    sent.push(request)
    if (request.step === 'token') return ok(replyOf(200, [], JSON.stringify({ access_token: `TOKEN-${sent.length}` })))
    const reply = replies[at] ?? { status: 200 }
    at += 1
    return ok(replyOf(reply.status, reply.challenges ?? []))
  }
  return { send, sent }
}

const shop = { repository: 'shop/web', credential: right }
const bearerAt = (realm: string): string => `Bearer realm="${realm}"`

describe('a challenge is answered', () => {
  test.each<[string, readonly string[], string]>([
    ['if there is none, not at all', [], 'unsupported-challenge manifest'],
    ['if it is another scheme, not at all', ['Negotiate'], 'unsupported-challenge manifest'],
    ['if it is Digest, not at all', ['Digest realm=x'], 'unsupported-challenge manifest'],
    ['by Basic beside Digest', ['Digest realm=x', 'Basic realm=x'], '200 credentials'],
    ['if Bearer has no realm, not at all', ['Bearer service=x'], 'bad-realm manifest'],
    [
      'if Bearer has a bad realm, not by Basic beside it either',
      ['Basic', bearerAt('http://a.example')],
      'bad-realm manifest',
    ],
    ['by a token, even if Basic stands first', ['Basic realm=x', bearerAt('https://a.example')], '200 credentials'],
  ])('%s', async (_, challenges, outcome) => {
    const { send } = scripted([{ status: 401, challenges }])
    expect(outcomeOf(await authorizerOver(send)(headOf('r.example', 'shop/web', 'https'), shop, signal()))).toBe(
      outcome,
    )
  })

  test.each([
    [undefined, ['repository:shop/web:pull']],
    ['', ['repository:shop/web:pull']],
    ['repository:shop/web:pull', ['repository:shop/web:pull']],
    ['repository:z:pull  repository:a:pull', ['repository:a:pull', 'repository:shop/web:pull', 'repository:z:pull']],
  ])('for the scope %j and the pull of the repository', async (scope, scopes) => {
    const challenge = bearerAt('https://a.example/token') + (scope === undefined ? '' : `,scope="${scope}"`)
    const { send, sent } = scripted([{ status: 401, challenges: [challenge] }])
    await authorizerOver(send)(headOf('r.example', 'shop/web', 'https'), { ...shop, credential: undefined }, signal())
    expect(new URL(sent[1]?.url ?? '').searchParams.getAll('scope')).toEqual(scopes)
  })

  test('with a password where a new token is answered by Basic, as the node does', async () => {
    const { send, sent } = scripted([
      { status: 401, challenges: [bearerAt('https://a.example')] },
      { status: 401, challenges: ['Basic'] },
    ])
    expect(outcomeOf(await authorizerOver(send)(headOf('r.example', 'shop/web', 'https'), shop, signal()))).toBe(
      '200 credentials',
    )
    expect(sent.map(({ headers }) => String(headers['authorization'] ?? '').split(' ')[0])).toEqual([
      '',
      '',
      'Bearer',
      'Basic',
    ])
  })
})

describe('a token goes to the registry whose challenge it answers', () => {
  test('and to no other that names the same token server', async () => {
    const challenges = [bearerAt('https://auth.example')]
    const { send, sent } = scripted([{ status: 401, challenges }, { status: 200 }, { status: 401, challenges }])
    const authorizer = authorizerOver(send)
    await authorizer(headOf('a.example', 'shop/web', 'https'), shop, signal())
    await authorizer(headOf('b.example', 'shop/web', 'https'), shop, signal())
    const tokens = sent.map(({ host, headers }) => [host, headers['authorization']])
    expect(tokens).toEqual([
      ['a.example', undefined],
      ['auth.example', undefined],
      ['a.example', 'Bearer TOKEN-2'],
      ['b.example', undefined],
      ['auth.example', undefined],
      ['b.example', 'Bearer TOKEN-5'],
    ])
  })
})

describe('whoever gives up', () => {
  test('gets an answer at once, and those who wait for the same token get theirs', async () => {
    const arrived = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const tokens = await serverFor({
      before: () => {
        asked.resolve()
        return arrived.promise
      },
    })
    const registry = await shopBehind(bearerGate({ tokens }))
    const authorizer = authorizerOver(notingSend().send)
    const impatient = new AbortController()
    const first = authorizer(headOf(registry.host), shop, impatient.signal)
    await asked.promise
    const second = authorizer(headOf(registry.host), shop, signal())
    impatient.abort()
    expect(await first).toEqual({ ok: false, error: { host: tokens.host, step: 'token', kind: 'timed-out' } })
    arrived.resolve()
    expect(outcomeOf(await second)).toBe('200 credentials')
    expect(tokens.requests).toHaveLength(1)
  })

  test('what the sender says goes through as it is', async () => {
    const failure = { host: 'r.example', step: 'manifest', kind: 'blocked' } as const
    expect(await authorizerOver(async () => fail(failure))(headOf('r.example'), shop, signal())).toEqual(fail(failure))
  })
})

describe('whatever a registry and a token server say', () => {
  const challenge = fc.constantFrom(
    'Basic realm=x',
    'Digest',
    bearerAt('https://a.example'),
    bearerAt('http://b.example'),
    'Bearer',
  )
  const reply = fc.record({
    status: fc.constantFrom(200, 400, 401, 401, 401, 403, 404, 500),
    challenges: fc.oneof(
      challenge.map(one => [one]),
      fc.array(challenge, { maxLength: 3 }),
    ),
  })
  const credential = fc.constantFrom(
    undefined,
    right,
    right,
    right,
    { username: '', password: 'SECRET' },
    { username: 'me', password: '' },
  )

  test('it ends soon, keeps its secrets, and a password is sent to the registry at most once a question', async () => {
    const script = fc.array(reply, { maxLength: 24 })
    await fc.assert(
      fc.asyncProperty(script, fc.array(credential, { minLength: 1, maxLength: 4 }), async (replies, credentials) => {
        const { send, sent } = scripted(replies)
        const authorizer = authorizerOver(send)
        for (const given of credentials) {
          const before = sent.length
          const answer = await authorizer(
            headOf('r.example', 'shop/web', 'https'),
            { ...shop, credential: given },
            signal(),
          )
          const own = sent.slice(before)
          // Asked as nobody, with a held token, with its successor, with a password; a token before the last three at most.
          expect(own.filter(({ step }) => step === 'manifest').length).toBeLessThanOrEqual(4)
          expect(own.filter(({ step }) => step === 'token').length).toBeLessThanOrEqual(2)
          const passwords = own.filter(({ headers }) => String(headers['authorization']).startsWith('Basic'))
          expect(passwords.length).toBeLessThanOrEqual(1)
          expect(passwords.every(({ host }) => host === 'r.example' && given === right)).toBe(true)
          expect(sent.every(({ url }) => url.startsWith('https:'))).toBe(true)
          if (!answer.ok) expect(JSON.stringify(answer.error)).not.toMatch(hidden)
        }
      }),
      { numRuns: 3000 },
    )
  })
})

describe('a token that was fetched some time ago', () => {
  test.each([403, 404])(
    'is no proof that the answer %d still holds: rights may have been given since',
    async status => {
      const clock = { ms: 0 }
      const tokens = closedAfterTest(await startTokenServer({ accounts: [right] }))
      let isAllowed = false
      const registry = await shopBehind((request, response) => {
        const gate = bearerGate({ tokens })
        if (gate(request, response) === true) return true
        if (isAllowed) return false
        response.writeHead(status).end('{"errors":[{"code":"DENIED"}]}')
        return true
      })
      const { send } = notingSend()
      const authorizer = authorizerOver(send, clock)
      const asked = async () => outcomeOf(await authorizer(headOf(registry.host), shop, signal()))
      expect(await asked()).toBe(`${status} credentials`)
      isAllowed = true
      expect(tokens.requests).toHaveLength(1)
      clock.ms = 6000
      expect(await asked()).toBe('200 credentials')
    },
  )
})
