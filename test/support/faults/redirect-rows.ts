import { expect } from 'vitest'
import { singleImage } from '../../../src/demo/images.ts'
import type { Intercept } from '../../../src/demo/registry.ts'
import { emptyShelf, placed } from '../../../src/demo/shelf.ts'
import { basicGate } from '../token-server.ts'
import { always, atBlobs, inTurn, redirecting } from './answers.ts'
import { goodCertificate } from './certificates.ts'
import type { Fault } from './fault.ts'
import { portOf, publicRegistry, scene } from './scenes.ts'

const single = placed(emptyShelf, 'shop/web', '1', singleImage('linux/amd64'))
const account = { username: 'ci', password: 'right' }

const badRedirect = { kind: 'bad-answer', problem: 'bad-redirect', status: 307 } as const

/** Leads on from step to step, each on the same host, and at last to the manifest itself. */
const chainOf =
  (hops: number): Intercept =>
  (request, response) => {
    const [path, query = `left=${hops}`] = (request.url ?? '').split('?')
    const left = Number(query.replace('left=', ''))
    if (left === 0) request.url = path ?? ''
    return left > 0 && redirecting(() => `${path}?left=${left - 1}`)(request, response)
  }

/** Registries that hand their content on to others. */
export const redirectFaults: readonly Fault[] = [
  {
    id: 'F45',
    name: 'redirect to itself',
    given: lab =>
      scene(
        lab,
        redirecting(({ url = '' }) => url),
      ),
    expect: { codes: ['registry-error'], failure: badRedirect, requests: 4 },
  },
  {
    id: 'F46',
    name: 'redirect in four steps',
    given: lab => scene(lab, chainOf(4)),
    expect: { codes: ['registry-error'], failure: badRedirect, requests: 4 },
  },
  {
    id: 'F46',
    name: 'redirect in three steps is followed',
    given: lab => scene(lab, chainOf(3)),
    expect: { codes: [], requests: 12 },
  },
  {
    id: 'F47',
    name: 'redirect from HTTPS to HTTP',
    given: async lab => {
      const plain = await lab.registry()
      return publicRegistry(lab, { intercept: redirecting(({ url }) => `http://${plain.host}${url}`) })
    },
    expect: { codes: ['registry-error'], failure: badRedirect, requests: 1 },
  },
  {
    id: 'F48',
    name: 'redirect to the cloud’s metadata server',
    given: lab =>
      scene(
        lab,
        redirecting(() => 'http://169.254.169.254/latest/meta-data/'),
      ),
    expect: { codes: ['blocked-address'], failure: { kind: 'blocked' }, requests: 1 },
  },
  {
    id: 'F48',
    name: 'redirect to a name that stands for an address of the cloud’s metadata server',
    given: async lab => {
      const scene = await publicRegistry(lab, {
        intercept: redirecting(() => 'https://cdn.example/blob'),
      })
      const resolve = async (name: string) => [name === 'cdn.example' ? '169.254.169.254' : '127.0.0.1']
      return { ...scene, settings: { ...scene.settings, resolve } }
    },
    expect: { codes: ['blocked-address'], failure: { kind: 'blocked' }, requests: 1 },
  },
  {
    id: 'F49',
    name: 'redirect of blobs to a content network, which sees no credentials',
    given: async lab => {
      const seen: (string | undefined)[] = []
      const { key, cert, ca } = await goodCertificate('registry.example', 'cdn.example')
      const network = await lab.registry({
        shelf: single,
        tls: { key, cert },
        intercept: ({ headers }) => {
          seen.push(headers.authorization)
          return false
        },
      })
      const away = atBlobs(redirecting(({ url }) => `https://cdn.example:${portOf(network.host)}${url}`))
      const registry = { shelf: single, intercept: inTurn(basicGate([account]), away) }
      return {
        ...(await publicRegistry(lab, registry, { key, cert, ca })),
        credential: account,
        afterwards: () => expect(seen).toEqual([undefined]),
      }
    },
    expect: { codes: [], requests: 5 },
  },
  {
    id: 'F49',
    name: 'content network that answers 403 says nothing of the credentials',
    given: async lab => {
      const network = await lab.registry({ intercept: always(403, { 'content-type': 'application/xml' }, '<Error/>') })
      const away = atBlobs(redirecting(({ url }) => `http://${network.host}${url}`))
      const registry = await lab.registry({ shelf: single, intercept: inTurn(basicGate([account]), away) })
      return { image: `${registry.host}/shop/web:1`, credential: account }
    },
    expect: {
      codes: ['registry-error'],
      failure: { kind: 'bad-answer', step: 'config', problem: 'refused-after-redirect', status: 403 },
      requests: 5,
    },
  },
]
