import { beforeAll, describe, expect, test } from 'vitest'
import { multiArchImage, singleImage } from '../../src/demo/images.ts'
import { type Certificate, makeCertificate } from '../../src/webhook/certificate.ts'
import { closedAfterTest } from '../support/lifetime.ts'
import { account, htpasswd } from './accounts.ts'
import { countingForwarder } from './counting-forwarder.ts'
import { type Distribution, distributions } from './kinds.ts'
import { nodeWith } from './node-with.ts'
import { push } from './push.ts'
import { standing } from './standing.ts'

const platforms = ['linux/amd64']
const image = multiArchImage(platforms)
const known = { value: { digest: image.top.digest } }
const hour = 3_600_000

describe.each(distributions)('$name with TLS', ({ name, start }) => {
  let certificate: Certificate | undefined
  const { registry, questions } = standing(`${name} with TLS`, async () => {
    certificate = await makeCertificate(['127.0.0.1'], new Date(), hour)
    return start({ tls: { cert: certificate.cert, key: certificate.key } })
  })
  const ca = (): string => certificate?.ca ?? ''
  beforeAll(() => push({ url: registry().url, repository: 'shop/web', tag: '1.0', ca: ca() }, image))

  /** Asked for on a node that verifies a loopback host's certificate, since its server is written down. */
  const askOnNode = async (more: string, files: Readonly<Record<string, string>> = {}) => {
    const { host, url } = registry()
    const node = await nodeWith(host, `server = "${url}"\n${more}`, files)
    return questions(node).ask(`${host}/shop/web:1.0`, { platforms })
  }
  const unreachable = (problem: string) => ({ error: { kind: 'unreachable', problem } })

  test('is believed by a node that knows its authority', async () => {
    expect(await askOnNode('ca = "ca.crt"', { 'ca.crt': ca() })).toMatchObject(known)
  })

  test('is not believed by a node that knows none', async () => {
    expect(await askOnNode('')).toMatchObject(unreachable('certificate-untrusted'))
  })

  test('is not believed by a node that knows another', async () => {
    const other = await makeCertificate(['127.0.0.1'], new Date(), hour)
    const told = await askOnNode('ca = "ca.crt"', { 'ca.crt': other.ca })
    expect(told).toMatchObject(unreachable('certificate-untrusted'))
  })

  test('is believed by a node that does not care', async () => {
    expect(await askOnNode('skip_verify = true')).toMatchObject(known)
  })

  test('is believed by a node that was told nothing of it, for it stands on the loopback', async () => {
    expect(await questions().ask(`${registry().host}/shop/web:1.0`, { platforms })).toMatchObject(known)
  })

  test.each([
    ['expired', 'certificate-expired', ['127.0.0.1'], -1000],
    ['for another name', 'certificate-name', ['registry.example'], hour],
  ])('is not believed with a certificate that is %s', async (_, problem, names, lifeMs) => {
    const { cert, key, ca } = await makeCertificate(names, new Date(), lifeMs)
    const { host, url } = closedAfterTest(await start({ tls: { cert, key } }))
    const node = await nodeWith(host, `server = "${url}"\nca = "ca.crt"`, { 'ca.crt': ca })
    expect(await questions(node).ask(`${host}/shop/web:1.0`)).toMatchObject(unreachable(problem))
  })
})

describe.each(distributions)('$name as a mirror', ({ name, start }) => {
  const { registry: upstream, questions } = standing(`${name} behind a mirror`, start)
  const later = singleImage('linux/amd64', { version: 'later' })
  beforeAll(() => push({ url: upstream().url, repository: 'shop/web', tag: '1.0' }, image))

  interface Scene {
    readonly mirror: Awaited<ReturnType<Distribution['start']>>
    readonly ask: (tag: string) => ReturnType<ReturnType<typeof questions>['ask']>
    readonly seen: () => { readonly byMirror: readonly string[]; readonly byUpstream: readonly string[] }
    readonly closeUpstream: () => Promise<void>
  }

  /** A node that asks the mirror first; what the mirror fetches itself is not counted at the upstream. */
  const scene = async (kind: 'pull-through' | 'plain'): Promise<Scene> => {
    const mirror = closedAfterTest(await start(kind === 'plain' ? {} : { proxyOf: upstream().url }))
    const toMirror = await countingForwarder(mirror.host)
    const toUpstream = await countingForwarder(upstream().host)
    const node = await nodeWith(toUpstream.host, `[host."http://${toMirror.host}"]`)
    const { ask } = questions(node)
    const lines = (way: typeof toMirror) =>
      way.requests.map(({ line }) => line.replace(encodeURIComponent(toUpstream.host), 'HOST'))
    return {
      mirror,
      ask: tag => ask(`${toUpstream.host}/shop/web:${tag}`, { platforms }),
      seen: () => ({ byMirror: lines(toMirror), byUpstream: lines(toUpstream) }),
      closeUpstream: toUpstream.close,
    }
  }

  test('is asked in the place of the registry, and told whose content is wanted', async () => {
    const { ask, seen } = await scene('pull-through')
    expect(await ask('1.0')).toMatchObject(known)
    expect(seen()).toEqual({
      byMirror: [
        'HEAD /v2/shop/web/manifests/1.0?ns=HOST',
        'GET /v2/shop/web/manifests/DIGEST?ns=HOST',
        'HEAD /v2/shop/web/manifests/DIGEST?ns=HOST',
      ],
      byUpstream: [],
    })
  })

  test('has what was pushed behind it', async () => {
    const { ask, seen } = await scene('pull-through')
    await push({ url: upstream().url, repository: 'shop/web', tag: 'later' }, later)
    expect(await ask('later')).toMatchObject({ value: { digest: later.top.digest } })
    expect(seen().byUpstream).toEqual([])
  })

  test('is passed over when it is stopped', async () => {
    const { mirror, ask, seen } = await scene('pull-through')
    await mirror.close()
    expect(await ask('1.0')).toMatchObject(known)
    expect(seen().byUpstream).toEqual([
      'HEAD /v2/shop/web/manifests/1.0',
      'GET /v2/shop/web/manifests/DIGEST',
      'HEAD /v2/shop/web/manifests/DIGEST',
    ])
  })

  test('is passed over when it does not have it', async () => {
    const { ask, seen } = await scene('plain')
    expect(await ask('1.0')).toMatchObject(known)
    expect(seen().byMirror[0]).toBe('HEAD /v2/shop/web/manifests/1.0?ns=HOST')
    expect(seen().byUpstream[0]).toBe('HEAD /v2/shop/web/manifests/1.0')
  })

  test('leaves the last word on what is not there to the registry', async () => {
    const { ask, seen } = await scene('pull-through')
    expect(await ask('9')).toMatchObject({ error: { kind: 'absent', missing: 'tag' } })
    expect(seen().byMirror).toEqual(['HEAD /v2/shop/web/manifests/9?ns=HOST'])
    expect(seen().byUpstream).toEqual([
      'HEAD /v2/shop/web/manifests/9',
      'GET /v2/shop/web/manifests/9',
      'HEAD /v2/shop/web/manifests/DIGEST',
    ])
  })

  test('proves nothing where the registry that has the last word is gone', async () => {
    const { ask, closeUpstream } = await scene('plain')
    await closeUpstream()
    expect(await ask('1.0')).toMatchObject({ ok: false, error: { kind: expect.not.stringMatching('absent') } })
  })

  /** A mirror of a registry that is gone: it says 404 and MANIFEST_UNKNOWN of everything that it has not kept. */
  const orphan = async () => {
    const gone = closedAfterTest(await start())
    const mirror = closedAfterTest(await start({ proxyOf: gone.url }))
    await gone.close()
    return { gone, mirror }
  }

  test('of a registry that is gone proves nothing', async () => {
    const { gone, mirror } = await orphan()
    const node = await nodeWith(gone.host, `[host."${mirror.url}"]`)
    const told = await questions(node).ask(`${gone.host}/shop/web:1.0`)
    expect(told).toMatchObject({ ok: false, error: { kind: expect.not.stringMatching('absent') } })
  })

  test('of a registry that is gone proves nothing where it is itself the registry that is named', async () => {
    const { mirror } = await orphan()
    const told = await questions().ask(`${mirror.host}/shop/web:1.0`)
    expect(told).toMatchObject({ error: { kind: 'bad-answer', problem: 'server-error', status: 500 } })
  })

  test('keeps what it fetched', async () => {
    const gone = closedAfterTest(await start())
    await push({ url: gone.url, repository: 'shop/web', tag: '1.0' }, image)
    const mirror = closedAfterTest(await start({ proxyOf: gone.url }))
    const before = await questions().ask(`${mirror.host}/shop/web:1.0`, { platforms })
    await gone.close()
    expect(before).toMatchObject(known)
    expect(await questions().ask(`${mirror.host}/shop/web:1.0`, { platforms })).toMatchObject(known)
  })
})

describe.each(distributions)('$name that wants a password, behind a mirror', ({ name, start }) => {
  const { registry, questions } = standing(`${name} with passwords`, () => start({ htpasswd }))

  test('is shown the credentials that the mirror was shown', async () => {
    const mirror = closedAfterTest(await start({ htpasswd }))
    const toMirror = await countingForwarder(mirror.host)
    const toUpstream = await countingForwarder(registry().host)
    const node = await nodeWith(toUpstream.host, `[host."http://${toMirror.host}"]`)
    const told = await questions(node).ask(`${toUpstream.host}/shop/web:1.0`, { credentials: [account] })
    expect(told).toMatchObject({ error: { kind: 'absent', missing: 'tag' } })
    const shown = [toMirror, toUpstream].map(way => way.requests.filter(({ authorization }) => authorization).length)
    expect(shown).toEqual([1, 3])
  })
})
