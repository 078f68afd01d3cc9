import { incompleteImage, singleImage } from '../../../src/demo/images.ts'
import { emptyShelf, placed } from '../../../src/demo/shelf.ts'
import { always, atBlobs, atHead, changing, inTurn, redirecting, refusing, where } from './answers.ts'
import type { Fault } from './fault.ts'
import { web, webShelf } from './lab.ts'
import { publicRegistry, scene } from './scenes.ts'
import { saying, sayingLast } from './sockets.ts'

const portal = always(200, { 'content-type': 'text/html' }, '<html><h1>Welcome to our network</h1></html>')
const warning = (length: number): string => {
  const [head, tail] = ['299 - "', '"']
  return `${head}${'deprecated '.repeat(length).slice(0, length - head.length - tail.length)}${tail}`
}
const single = placed(emptyShelf, 'shop/web', '1', singleImage('linux/amd64'))

/** Answers that say more than they need, or nothing of what was asked. */
export const oddFaults: readonly Fault[] = [
  {
    id: 'F59',
    name: '200 with 4,096 bytes of Warning',
    given: lab =>
      scene(
        lab,
        changing(webShelf, answer => ({ ...answer, headers: { ...answer.headers, Warning: warning(4096) } })),
      ),
    expect: { codes: [], requests: 3 },
  },
  {
    id: 'F60',
    name: '200 and a page to everything',
    given: lab => scene(lab, portal),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'not-json' }, requests: 2 },
  },
  {
    id: 'F60',
    name: '200 and a page to everything, where a pod pins the digest',
    given: async lab => ({ image: `${(await lab.registry({ intercept: portal })).host}/shop/web@${web.top.digest}` }),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'digest-mismatch' }, requests: 2 },
  },
  {
    id: 'F60',
    name: 'a redirect to the page where one logs in',
    given: lab =>
      scene(
        lab,
        inTurn(
          where(({ url }) => url === '/login', portal),
          redirecting(() => '/login', 302),
        ),
      ),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'not-json' }, requests: 4 },
  },
]

/** What is in no list, and what real registries and what stands before them do all the same. */
export const moreFaults: readonly Fault[] = [
  {
    id: 'X01',
    name: 'kept connection that the registry closed in the meantime',
    given: async lab => {
      const served = new Set<unknown>()
      // It hangs up at the second request on a connection, as one does whose patience ends at that very moment.
      const scene = await publicRegistry(lab, {
        intercept: ({ socket }) => {
          if (!served.has(socket)) return !served.add(socket)
          socket.destroy()
          return true
        },
      })
      return { ...scene, settings: { ...scene.settings, connectionsPerHost: 1 } }
    },
    expect: { codes: [], requests: [3, 6] },
  },
  {
    id: 'X02',
    name: '103 before the answer',
    given: lab =>
      scene(lab, (_, response) => {
        response.writeEarlyHints({ link: '</style.css>; rel=preload' })
        return false
      }),
    expect: { codes: [], requests: 3 },
  },
  {
    id: 'X03',
    name: 'bytes that are no HTTP',
    given: async lab => ({ image: `${await lab.tls(sayingLast('SSH-2.0-OpenSSH_9.9\r\n'))}/shop/web:1` }),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'not-a-registry' }, requests: [1, 2] },
  },
  {
    id: 'X04',
    name: 'headers without end',
    given: async lab => ({
      image: `${await lab.tls(saying(`HTTP/1.1 200 OK\r\n${'X-More: and more\r\n'.repeat(100_000)}`))}/shop/web:1`,
    }),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'not-a-registry' }, requests: [1, 2] },
  },
  {
    id: 'X05',
    name: '401 that does not say what it wants',
    given: lab => scene(lab, always(401)),
    expect: {
      codes: ['registry-error'],
      failure: { kind: 'bad-answer', problem: 'unsupported-challenge', status: 401 },
      requests: 1,
    },
  },
  {
    id: 'X06',
    name: 'HEAD finds the tag, and GET finds nothing under its digest',
    given: lab =>
      scene(
        lab,
        where(({ method }) => method === 'GET', refusing(404, 'MANIFEST_UNKNOWN')),
      ),
    expect: { codes: ['not-found'], failure: { kind: 'absent' }, requests: 2 },
  },
  {
    id: 'X07',
    name: 'index whose image for the nodes is missing',
    given: async lab => {
      const image = incompleteImage(['linux/amd64', 'linux/arm64'], 'linux/amd64')
      return { image: `${(await lab.registry({ shelf: placed(emptyShelf, 'shop/web', '1', image) })).host}/shop/web:1` }
    },
    expect: { codes: ['broken-image'], requests: 4 },
  },
  {
    id: 'X08',
    name: 'configuration that the registry does not have',
    given: async lab => {
      const registry = await lab.registry({ shelf: single, intercept: atBlobs(refusing(404, 'BLOB_UNKNOWN')) })
      return { image: `${registry.host}/shop/web:1` }
    },
    expect: { codes: ['broken-image'], requests: 3 },
  },
  {
    id: 'X09',
    name: 'answer of HTTP/1.0, which ends with the connection',
    given: async lab => {
      const head = `HTTP/1.0 200 OK\r\nContent-Type: ${web.top.mediaType}\r\nDocker-Content-Digest: ${web.top.digest}\r\n`
      const body = Buffer.from(web.top.bytes).toString()
      return { image: `${await lab.tls(sayingLast(`${head}\r\n${body}`))}/shop/web:1` }
    },
    expect: { codes: [], requests: 3 },
  },
  {
    id: 'X10',
    name: 'quota of which nothing is left, though HEAD is answered',
    given: lab =>
      scene(
        lab,
        changing(webShelf, answer => ({
          ...answer,
          headers: { ...answer.headers, 'RateLimit-Limit': '100;w=21600', 'RateLimit-Remaining': '0;w=21600' },
        })),
      ),
    expect: { codes: ['rate-limited'], requests: 3 },
  },
  {
    id: 'X11',
    name: '203 from a proxy that transforms: containerd takes any 2xx',
    given: lab =>
      scene(
        lab,
        changing(webShelf, answer => ({ ...answer, status: 203 })),
      ),
    expect: { codes: [], requests: 3 },
  },
  {
    id: 'X12',
    name: '429 with a date to wait for',
    given: lab => scene(lab, always(429, { 'retry-after': 'Wed, 21 Oct 2099 07:28:00 GMT' })),
    expect: { codes: ['rate-limited'], failure: { kind: 'rate-limited', retryAfterMs: undefined }, requests: 1 },
  },
  {
    id: 'X13',
    name: '200 without a header to HEAD: GET decides',
    given: lab => scene(lab, atHead(always(200))),
    expect: { codes: [], requests: 3 },
  },
  {
    id: 'X14',
    name: 'registry that has failed five times in a row is left alone for a while, and its failure still told',
    given: async lab => ({
      ...(await scene(lab, always(500))),
      before: async ask => {
        for (let time = 0; time < 5; time++) await ask()
      },
    }),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'server-error' }, requests: 5 },
  },
  {
    id: 'X15',
    name: 'registry that said how long to wait is left alone',
    given: async lab => ({
      ...(await scene(lab, always(429, { 'retry-after': '30' }))),
      before: async ask => void (await ask()),
    }),
    expect: { codes: ['rate-limited'], failure: { kind: 'rate-limited' }, requests: 1 },
  },
]
