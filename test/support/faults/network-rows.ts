import { DEFAULT_CIPHERS } from 'node:tls'
import { atGet, drippingBody, resettingBody } from './answers.ts'
import { expiredCertificate, goodCertificate, publicName } from './certificates.ts'
import type { Fault } from './fault.ts'
import { web } from './lab.ts'
import { failingWith, guardAllowing, named, publicRegistry, scene, toLoopback } from './scenes.ts'
import { dripping, sayingLast, sayingThenReset, silent } from './sockets.ts'

const resolverFault = (id: string, code: string, problem: 'resolver-failed' | 'no-such-host'): Fault => ({
  id,
  name: `the resolver says ${code}`,
  given: async () => ({ image: `${publicName}/shop/web:1`, settings: { resolve: failingWith(code) } }),
  expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem }, requests: 0 },
})

const indexHead = { 'content-type': web.top.mediaType, 'content-length': String(web.top.bytes.length) }
const slow = 50

/** No conversation comes about, or it breaks off. */
export const networkFaults: readonly Fault[] = [
  resolverFault('F22', 'EAI_AGAIN', 'resolver-failed'),
  resolverFault('F22', 'EAI_FAIL', 'resolver-failed'),
  resolverFault('F23', 'ENOTFOUND', 'no-such-host'),
  {
    id: 'F24',
    name: 'connect is refused',
    given: async lab => ({ image: `${await lab.closedPort()}/shop/web:1` }),
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'connection-refused' }, requests: 0 },
  },
  {
    id: 'F25',
    name: 'connect goes into a black hole',
    given: async lab => ({ image: `${(await lab.blackHole()).host}/shop/web:1`, deadlineMs: 300 }),
    expect: { codes: ['timed-out'], failure: { kind: 'timed-out' }, requests: 0 },
  },
  {
    id: 'F26',
    name: 'reset in the middle of the headers',
    given: async lab => ({ image: `${await lab.tls(sayingThenReset('HTTP/1.1 200 OK\r\nContent-Ty'))}/shop/web:1` }),
    expect: {
      codes: ['unreachable'],
      failure: { kind: 'unreachable', problem: 'connection-lost' },
      requests: [1, 2],
    },
  },
  {
    id: 'F26',
    name: 'reset before the first byte of the answer',
    given: async lab => ({ image: `${await lab.tls(socket => void socket.destroy())}/shop/web:1` }),
    expect: {
      codes: ['unreachable'],
      failure: { kind: 'unreachable', problem: 'connection-lost' },
      requests: [1, 2],
    },
  },
  {
    id: 'F27',
    name: 'reset in the middle of the body',
    given: lab => scene(lab, atGet(resettingBody(indexHead))),
    expect: {
      codes: ['unreachable'],
      failure: { kind: 'unreachable', problem: 'connection-lost' },
      requests: [2, 3],
    },
  },
  {
    id: 'F27',
    name: 'the body ends before its announced length',
    given: async lab => {
      const half = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{"schemaVersion":2,'
      return { image: `${await lab.tls(sayingLast(half))}/shop/web:1` }
    },
    expect: {
      codes: ['unreachable'],
      failure: { kind: 'unreachable', problem: 'connection-lost' },
      requests: [1, 3],
    },
  },
  {
    id: 'F33',
    name: 'headers that come a byte at a time',
    given: async lab => ({
      image: `${await lab.tls(dripping('HTTP/1.1 200 OK\r\nX-Slow: loris\r\n', slow))}/shop/web:1`,
      deadlineMs: 300,
    }),
    expect: { codes: ['timed-out'], failure: { kind: 'timed-out' }, requests: 1 },
  },
  {
    id: 'F34',
    name: 'a body that comes a byte at a time',
    given: async lab => ({ ...(await scene(lab, atGet(drippingBody(indexHead, slow)))), deadlineMs: 300 }),
    expect: { codes: ['timed-out'], failure: { kind: 'timed-out' }, requests: 2 },
  },
]

/** Certificates and handshakes; behind none of these is anything asked without verification. */
export const tlsFaults: readonly Fault[] = [
  {
    id: 'F28',
    name: 'certificate that has expired',
    given: async lab => publicRegistry(lab, {}, await expiredCertificate(publicName)),
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'certificate-expired' }, requests: 0 },
  },
  {
    id: 'F29',
    name: 'certificate of an authority that nobody knows',
    given: async lab => {
      const scene = await publicRegistry(lab)
      return { ...scene, settings: { resolve: toLoopback } }
    },
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'certificate-untrusted' }, requests: 0 },
  },
  {
    id: 'F30',
    name: 'certificate for another name',
    given: async lab => publicRegistry(lab, {}, await goodCertificate('somebody-else.example')),
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'certificate-name' }, requests: 0 },
  },
  {
    id: 'F31',
    name: 'TLS 1.0 and nothing newer',
    given: async lab => {
      const { key, cert, ca } = await goodCertificate(publicName)
      const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0` } as const
      return named(await lab.tls(silent, { key, cert, ...old }), ca)
    },
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'tls-failed' }, requests: 0 },
  },
  {
    id: 'F32',
    name: 'handshake that nobody answers',
    given: async lab => ({ ...named(await lab.tcp(silent)), deadlineMs: 300 }),
    expect: { codes: ['timed-out'], failure: { kind: 'timed-out' }, requests: 0 },
  },
  {
    id: 'F32',
    name: 'handshake that is hung up on',
    given: async lab => named(await lab.tcp(socket => void socket.destroy())),
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'connection-lost' }, requests: 0 },
  },
  {
    id: 'F32',
    name: 'plain HTTP where TLS belongs',
    given: async lab => named((await lab.registry()).host),
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'not-https' }, requests: 0 },
  },
]

// The kernel has no route to these of any family: a TCP connection to many is none. The code is that of a missing family.
const nowhereV6 = 'ff0e::1'
const nowhereV4 = '224.0.0.1'

/** A registry in a family of addresses that we have no way into. */
export const familyFaults: readonly Fault[] = [
  {
    id: 'F52',
    name: 'registry with IPv6 alone, and no way into it',
    given: async () => ({
      image: `${publicName}/shop/web:1`,
      settings: { resolve: async () => [nowhereV6], guard: guardAllowing('ff00::/8') },
    }),
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'no-route' }, requests: 0 },
  },
  {
    id: 'F52',
    name: 'registry with both families, of which IPv6 leads nowhere',
    given: async lab => {
      const scene = await publicRegistry(lab)
      const resolve = async () => [nowhereV6, '127.0.0.1']
      return { ...scene, settings: { ...scene.settings, resolve, guard: guardAllowing('ff00::/8', '127.0.0.0/8') } }
    },
    expect: { codes: [], requests: 3 },
  },
  {
    id: 'F53',
    name: 'registry with IPv4 alone, and no way into it',
    given: async () => ({
      image: `${publicName}/shop/web:1`,
      settings: { resolve: async () => [nowhereV4], guard: guardAllowing('224.0.0.0/4') },
    }),
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'no-route' }, requests: 0 },
  },
]
