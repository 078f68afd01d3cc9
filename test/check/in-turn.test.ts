import { describe, expect, test } from 'vitest'
import { inTurn } from '../../src/check/in-turn.ts'
import { createProbe } from '../../src/check/probe.ts'
import { singleImage } from '../../src/demo/images.ts'
import { fail, ok, type Result } from '../../src/lib/result.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import { basicAuthorization } from '../../src/registry/auth/credential.ts'
import type { ProbeFailure } from '../../src/registry/failure.ts'
import { closedAfterTest, dialogueForTest, registryFor } from '../support/lifetime.ts'
import { referenceOf } from '../support/reference-of.ts'
import { basicGate, bearerGate, startTokenServer } from '../support/token-server.ts'

const at = { host: 'registry.example', step: 'manifest' } as const
const credential = (username: string): Credential => ({ username, password: `password of ${username}` })

const answers: Readonly<Record<string, Result<string, ProbeFailure>>> = {
  right: ok('facts'),
  refused: fail({ ...at, kind: 'refused', status: 401, askedAs: 'credentials' }),
  absent: fail({ ...at, kind: 'absent', missing: 'tag', askedAs: 'credentials' }),
  wrong: fail({ ...at, kind: 'wrong-content', wanted: `sha256:${'0'.repeat(64)}` }),
  oversized: fail({ ...at, kind: 'oversized', sizeBytes: 5_000_000 }),
  slow: fail({ ...at, kind: 'timed-out' }),
  down: fail({ ...at, kind: 'unreachable', problem: 'connection-refused' }),
  busy: fail({ ...at, kind: 'rate-limited', retryAfterMs: 1000 }),
  odd: fail({ ...at, kind: 'bad-answer', problem: 'server-error', status: 500 }),
  blocked: fail({ ...at, kind: 'blocked' }),
}

/** Asks with credentials of these names, each of which gets the answer of its name, but for a number behind it. */
const asked = async (...names: readonly string[]) => {
  const seen: string[] = []
  const told = await inTurn(names.map(credential), async used => {
    const name = used?.username ?? 'nobody'
    seen.push(name)
    return answers[name.replace(/\d/, '')] ?? fail({ ...at, kind: 'refused', status: 401, askedAs: 'anonymous' })
  })
  return { seen: seen.join(' '), told: told.ok ? told.value : told.error.kind }
}

describe('credentials are tried', () => {
  test.each([
    [[], 'nobody', 'refused'],
    [['right'], 'right', 'facts'],
    [['right', 'refused'], 'right', 'facts'],
    [['refused', 'right'], 'refused right', 'facts'],
    [['absent', 'refused', 'right', 'down'], 'absent refused right', 'facts'],
    [['down', 'right'], 'down right', 'facts'],
    [['slow', 'right'], 'slow right', 'facts'],
    [['refused', 'refused2'], 'refused refused2', 'refused'],
    [['refused', 'absent'], 'refused absent', 'absent'],
    [['absent', 'refused'], 'absent refused', 'absent'],
    [['refused', 'wrong'], 'refused wrong', 'wrong-content'],
    [['absent', 'oversized'], 'absent oversized', 'oversized'],
  ])('in their order until one serves, and as nobody only where there is none: %j', async (names, seen, told) => {
    expect(await asked(...names)).toEqual({ seen, told })
  })

  test.each([
    ['slow', 'timed-out'],
    ['down', 'unreachable'],
    ['busy', 'rate-limited'],
    ['odd', 'bad-answer'],
    ['blocked', 'blocked'],
  ])('and where one of them is %s and the others get a "no", nobody knows', async (name, kind) => {
    for (const names of [
      [name, 'refused', 'absent'],
      ['refused', name, 'absent'],
      ['refused', 'absent', name],
      ['wrong', name],
      ['oversized', name],
    ])
      expect(await asked(...names)).toMatchObject({ told: kind })
  })

  test('once each, though several secrets may hold the same one', async () => {
    expect(await asked('refused', 'absent', 'refused', 'absent')).toEqual({ seen: 'refused absent', told: 'absent' })
    expect(await asked('refused', 'refused', 'right')).toEqual({ seen: 'refused right', told: 'facts' })
  })

  test('and are told apart, however they are written', async () => {
    const pairs = [
      { username: 'a', password: 'b:c' },
      { username: 'a:b', password: 'c' },
      { username: '', password: 'a' },
      { username: 'a', password: '' },
      { username: '__proto__', password: '"' },
    ]
    const seen: (Credential | undefined)[] = []
    await inTurn(pairs, async used => {
      seen.push(used)
      return answers['refused'] as Result<string, ProbeFailure>
    })
    expect(seen).toEqual(pairs)
  })
})

describe('at a registry', () => {
  const [ada, bob, eve] = [credential('ada'), credential('bob'), credential('eve')]
  const signal = (): AbortSignal => AbortSignal.timeout(5000)

  const probeFor = () =>
    createProbe({
      dialogue: dialogueForTest(),
      foundSeconds: 60,
      absentSeconds: 5,
      flightMs: 5000,
      entries: 10,
      now: () => 0,
      fingerprintKey: new Uint8Array(32),
    })

  const guarded = async (...accounts: readonly Credential[]) => {
    const proofs: (string | undefined)[] = []
    const gate = basicGate(accounts)
    const registry = await registryFor({
      intercept: (request, response) => {
        proofs.push(request.headers.authorization)
        return gate(request, response)
      },
    })
    registry.put('shop/web', '1', singleImage('linux/amd64'))
    const sent = (used: Credential): number => proofs.filter(proof => proof === basicAuthorization(used)).length
    return { registry, sent, reference: referenceOf(`${registry.host}/shop/web:1`) }
  }

  test('a wrong password before the right one does no harm, and is sent once', async () => {
    const { reference, sent } = await guarded(bob)
    const question = { reference, platforms: [], anew: false }
    expect((await probeFor()({ ...question, credentials: [ada, bob] }, signal())).ok).toBe(true)
    expect(sent(ada)).toBe(1)
  })

  test('wrong passwords alone are refused, and each is sent once', async () => {
    const { reference, sent } = await guarded(bob)
    const question = { reference, platforms: [], anew: false, credentials: [ada, eve, ada] }
    expect(await probeFor()(question, signal())).toMatchObject({ error: { kind: 'refused', askedAs: 'credentials' } })
    expect([sent(ada), sent(eve)]).toEqual([1, 1])
  })

  test('that gives everybody a token, a wrong password is refused all the same, as the node is', async () => {
    const tokens = closedAfterTest(await startTokenServer({ accounts: [bob] }))
    const registry = await registryFor({ intercept: bearerGate({ tokens }) })
    registry.put('shop/web', '1', singleImage('linux/amd64'))
    const question = { reference: referenceOf(`${registry.host}/shop/web:1`), platforms: [], anew: false }
    const probe = probeFor()
    expect((await probe({ ...question, credentials: [] }, signal())).ok).toBe(true)
    expect(await probe({ ...question, credentials: [ada] }, signal())).toMatchObject({ error: { kind: 'refused' } })
  })

  test('with a token server, each password goes there once by form and once by header, and never to the registry', async () => {
    const tokens = closedAfterTest(await startTokenServer({ accounts: [bob] }))
    const proofs: string[] = []
    const gate = bearerGate({ tokens })
    const registry = await registryFor({
      intercept: (request, response) => {
        proofs.push(request.headers.authorization ?? '')
        return gate(request, response)
      },
    })
    registry.put('shop/web', '1', singleImage('linux/amd64'))
    const question = { reference: referenceOf(`${registry.host}/shop/web:1`), platforms: [], anew: false }
    expect((await probeFor()({ ...question, credentials: [ada, bob] }, signal())).ok).toBe(true)
    const forms = tokens.requests.filter(({ method }) => method === 'POST')
    const usernames = forms.map(({ fields }) => fields.find(([name]) => name === 'username')?.[1])
    expect(usernames).toEqual(['ada', 'bob'])
    expect(tokens.requests.filter(({ authorization }) => authorization === basicAuthorization(ada))).toHaveLength(1)
    expect(proofs.filter(proof => proof.startsWith('Basic'))).toEqual([])
  })
})
