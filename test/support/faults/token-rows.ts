import { expect } from 'vitest'
import type { TokenServerOptions } from '../token-server.ts'
import { always } from './answers.ts'
import { goodCertificate } from './certificates.ts'
import type { Fault } from './fault.ts'
import { failingWith, onTheWay, portOf, publicRegistry } from './scenes.ts'
import { gated, good, sentTo, stale } from './token-scenes.ts'

const json = { 'content-type': 'application/json' }

const answering =
  (status: number, headers: Record<string, string>, body: string): NonNullable<TokenServerOptions['answer']> =>
  response =>
    void response.writeHead(status, headers).end(body)

const endlessTokens: NonNullable<TokenServerOptions['answer']> = response => {
  const more = (): void => {
    if (!response.destroyed) response.write(' '.repeat(16 * 1024), more)
  }
  response.writeHead(200, json)
  more()
}

const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString()

/** What goes wrong at the servers that give tokens, or with their clocks. */
export const tokenFaults: readonly Fault[] = [
  {
    id: 'F07',
    name: 'token endpoint says 401',
    given: async lab => ({ ...(await gated(lab, {})), credential: stale }),
    expect: {
      codes: ['denied'],
      failure: { kind: 'refused', step: 'token', status: 401, askedAs: 'credentials' },
      requests: 3,
    },
  },
  {
    id: 'F08',
    name: 'token endpoint says 503',
    given: async lab => ({ ...(await gated(lab, { post: 503 })), credential: good }),
    expect: {
      codes: ['registry-error'],
      failure: { kind: 'bad-answer', step: 'token', problem: 'server-error', status: 503 },
      requests: [2, 3],
    },
  },
  {
    id: 'F08',
    name: 'token endpoint does not answer',
    given: async lab => ({ ...(await gated(lab, { answer: () => {} })), credential: good, deadlineMs: 300 }),
    expect: { codes: ['timed-out'], failure: { kind: 'timed-out', step: 'token' }, requests: 2 },
  },
  {
    id: 'F08',
    name: 'token endpoint is not listening',
    given: async lab => sentTo(lab, `http://${await lab.closedPort()}/token`),
    expect: {
      codes: ['unreachable'],
      failure: { kind: 'unreachable', step: 'token', problem: 'connection-refused' },
      requests: [1, 2],
    },
  },
  {
    id: 'F08',
    name: 'token endpoint has a name that nobody resolves',
    given: async lab => ({
      ...(await sentTo(lab, 'http://tokens.example/token')),
      settings: { resolve: failingWith('ENOTFOUND') },
    }),
    expect: {
      codes: ['unreachable'],
      failure: { kind: 'unreachable', step: 'token', problem: 'no-such-host', host: 'tokens.example' },
      requests: [1, 2],
    },
  },
  {
    id: 'F08',
    name: 'token endpoint has a certificate that nobody knows',
    given: async lab => {
      const elsewhere = await lab.registry({ tls: await goodCertificate('tokens.example') })
      const realm = `https://tokens.example:${portOf(elsewhere.host)}/token`
      const challenge = always(401, { 'www-authenticate': `Bearer realm="${realm}"` })
      return { ...(await publicRegistry(lab, { intercept: challenge })), credential: good }
    },
    expect: {
      codes: ['unreachable'],
      failure: { kind: 'unreachable', step: 'token', problem: 'certificate-untrusted' },
      requests: 1,
    },
  },
  {
    id: 'F09',
    name: 'token endpoint says 200 without a token',
    given: async lab => ({ ...(await gated(lab, { answer: answering(200, json, '{}') })), credential: good }),
    expect: {
      codes: ['registry-error'],
      failure: { kind: 'bad-answer', step: 'token', problem: 'no-token' },
      requests: 2,
    },
  },
  {
    id: 'F09',
    name: 'token endpoint says 200 with a page',
    given: async lab => ({
      ...(await gated(lab, { answer: answering(200, { 'content-type': 'text/html' }, '<h1>Log in</h1>') })),
      credential: good,
    }),
    expect: {
      codes: ['registry-error'],
      failure: { kind: 'bad-answer', step: 'token', problem: 'not-json' },
      requests: 2,
    },
  },
  {
    id: 'F09',
    name: 'token endpoint says more than 64 KiB',
    given: async lab => ({ ...(await gated(lab, { answer: endlessTokens })), credential: good }),
    expect: {
      codes: ['registry-error'],
      failure: { kind: 'bad-answer', step: 'token', problem: 'too-large' },
      requests: 2,
      mostBytes: 64 * 1024 + onTheWay,
    },
  },
  {
    id: 'F09',
    name: 'token endpoint is the cloud’s metadata server',
    given: lab => sentTo(lab, 'http://169.254.169.254/latest/token'),
    expect: { codes: ['blocked-address'], failure: { kind: 'blocked', step: 'token' }, requests: 1 },
  },
  {
    id: 'F09',
    name: 'token endpoint is no address of the web',
    given: lab => sentTo(lab, 'file:///etc/passwd'),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'bad-realm' }, requests: 1 },
  },
  ...[
    ['ten minutes behind', { expires_in: 300, issued_at: at(-600) }],
    ['ten minutes ahead', { expires_in: 300, issued_at: at(600) }],
    ['a century off', { expires_in: 300, issued_at: '1999-01-01T00:00:00Z' }],
    ['gone mad: it lives for thirty thousand years', { expires_in: 1e12 }],
    ['gone mad: it lives for less than no time', { expires_in: -600 }],
  ].map(
    ([name, more]): Fault => ({
      id: 'F11',
      name: `token of a clock that is ${name}`,
      given: async lab => {
        const { tokens, image } = await gated(lab, { more: more as Record<string, unknown> })
        return { image, credential: good, afterwards: () => expect(tokens.requests).toHaveLength(1) }
      },
      expect: { codes: [], requests: 5 },
    }),
  ),
  {
    id: 'F11',
    name: 'our own clock leaps ten minutes ahead whenever it is looked at',
    given: async lab => {
      let leaps = 0
      const nowMs = () => performance.now() + 600_000 * leaps++
      return { ...(await gated(lab, { more: { expires_in: 300 } })), credential: good, settings: { nowMs } }
    },
    // No token is held for as long as it takes to use it twice.
    expect: { codes: [], requests: [5, 9] },
  },
]
