import { expect } from 'vitest'
import { always, refusing } from './answers.ts'
import type { Fault } from './fault.ts'
import { scene } from './scenes.ts'
import { gated, good, stale } from './token-scenes.ts'

/** Registries that refuse, or take a token for a while. */
export const authFaults: readonly Fault[] = [
  {
    id: 'F04',
    name: '403 with a code after a good token that a secret paid for',
    given: async lab => ({ ...(await gated(lab, {}, { behind: refusing(403, 'DENIED') })), credential: good }),
    expect: {
      codes: ['denied'],
      failure: { kind: 'refused', status: 403, askedAs: 'credentials' },
      requests: 4,
    },
  },
  {
    id: 'F04',
    name: '401 after a good token that a secret paid for',
    given: async lab => ({ ...(await gated(lab, {}, { readers: [] })), credential: good }),
    expect: { codes: ['denied'], failure: { kind: 'refused', status: 401, askedAs: 'credentials' }, requests: 3 },
  },
  {
    id: 'F04',
    name: '403 without a code, as from a firewall in front',
    given: async lab => ({
      ...(await gated(lab, {}, { behind: always(403, { 'content-type': 'text/html' }, '<h1>Forbidden</h1>') })),
      credential: good,
    }),
    expect: {
      codes: ['registry-error'],
      failure: { kind: 'bad-answer', problem: 'unexpected-status', status: 403 },
      requests: 4,
    },
  },
  {
    id: 'F05',
    name: '403 to anybody, where the nodes may have credentials of their own',
    given: async lab => ({
      ...(await gated(lab, {}, { behind: refusing(403, 'DENIED') })),
      notes: [{ kind: 'nodes-may-hold' }],
    }),
    expect: {
      codes: ['node-credentials'],
      failure: { kind: 'refused', status: 403, askedAs: 'anonymous' },
      requests: 4,
    },
  },
  {
    id: 'F05',
    name: '401 to anybody, where the nodes may have credentials of their own',
    given: async lab => ({ ...(await gated(lab, { anonymous: 401 })), notes: [{ kind: 'nodes-may-hold' }] }),
    expect: { codes: ['node-credentials'], failure: { kind: 'refused', askedAs: 'anonymous' }, requests: 2 },
  },
  {
    id: 'F06',
    name: '403 to a secret that ran out, of an image that anybody may pull: the node does not try as anybody',
    given: async lab => {
      const { tokens, image } = await gated(lab, { wrong: 403 })
      return {
        image,
        credential: stale,
        afterwards: () => expect(tokens.requests.map(({ method }) => method)).toEqual(['POST']),
      }
    },
    expect: {
      codes: ['denied'],
      failure: { kind: 'refused', step: 'token', status: 403, askedAs: 'credentials' },
      requests: 2,
    },
  },
  {
    id: 'F10',
    name: 'token that runs out between two requests is renewed once',
    given: async lab => {
      let left = 1
      const { tokens, image } = await gated(
        lab,
        {},
        {
          behind: () => {
            if (left-- === 1) tokens.revokeAll()
            return false
          },
        },
      )
      return { image, credential: good, afterwards: () => expect(tokens.requests).toHaveLength(2) }
    },
    // HEAD 401, token, HEAD; GET 401, token, GET; HEAD of the part.
    expect: { codes: [], requests: 7 },
  },
  {
    id: 'F10',
    name: 'tokens that never serve are not fetched for ever',
    given: async lab => {
      const tokens = await lab.tokens({ accounts: [good] })
      const challenge = { 'www-authenticate': `Bearer realm="${tokens.realm}",error="invalid_token"` }
      return { ...(await scene(lab, always(401, challenge))), credential: good }
    },
    expect: { codes: ['denied'], failure: { kind: 'refused', status: 401 }, requests: 3 },
  },
]
