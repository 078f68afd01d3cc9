import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createCertsDir } from '../../../src/registry/hosts/certs-dir.ts'
import { placesFromCertsDir } from '../../../src/registry/hosts/place.ts'
import { closedAfterTest } from '../lifetime.ts'
import { noProxies } from '../plain-network.ts'
import { always, hanging, refusing } from './answers.ts'
import { goodCertificate, publicName } from './certificates.ts'
import type { Fault, Scene } from './fault.ts'
import type { Lab } from './lab.ts'
import { guardAllowing, portOf, publicRegistry } from './scenes.ts'
import { sayingLast, silent } from './sockets.ts'

/** The image of a registry with a name, asked for through a proxy. */
const behindProxy = async (lab: Lab, proxy: string): Promise<Scene> => {
  const scene = await publicRegistry(lab)
  return { ...scene, settings: { ...scene.settings, proxies: { ...noProxies, httpsProxy: `http://${proxy}` } } }
}

/** A proxy that says no more than this. */
const proxySaying = (lab: Lab, status: string): Promise<string> =>
  lab.tcp(sayingLast(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`))

/** Proxies that refuse, are down, or are not to be asked. */
export const proxyFaults: readonly Fault[] = [
  {
    id: 'F54',
    name: 'proxy says 407 to the tunnel',
    given: async lab => behindProxy(lab, await proxySaying(lab, '407 Proxy Authentication Required')),
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'proxy-auth' }, requests: 0 },
  },
  {
    id: 'F54',
    name: 'proxy says 407 to a plain request',
    given: async lab => {
      const proxy = await lab.registry({ intercept: always(407, { 'proxy-authenticate': 'Basic realm="p"' }) })
      const root = await certsDir(publicName, `server = "http://${publicName}"`)
      return {
        image: `${publicName}/shop/web:1`,
        settings: { findPlaces: root, proxies: { ...noProxies, httpProxy: `http://${proxy.host}` } },
      }
    },
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'proxy-auth' }, requests: 1 },
  },
  {
    id: 'F55',
    name: 'proxy is down',
    given: async lab => behindProxy(lab, await lab.closedPort()),
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'proxy-refused' }, requests: 0 },
  },
  {
    id: 'F55',
    name: 'proxy cannot reach the registry: 502',
    given: async lab => behindProxy(lab, await proxySaying(lab, '502 Bad Gateway')),
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'proxy-refused' }, requests: 0 },
  },
  {
    id: 'F55',
    name: 'proxy that never answers',
    given: async lab => ({ ...(await behindProxy(lab, await lab.tcp(silent))), deadlineMs: 300 }),
    expect: { codes: ['timed-out'], failure: { kind: 'timed-out' }, requests: 0 },
  },
  {
    id: 'F56',
    name: 'NO_PROXY has a range with the registry in it: it is asked directly',
    given: async lab => {
      // Of all addresses that are not a loopback one, this alone is this machine everywhere.
      const { key, cert, ca } = await goodCertificate('0.0.0.0')
      const { host } = await lab.registry({ tls: { key, cert } })
      const trust = [ca]
      return {
        image: `0.0.0.0:${portOf(host)}/shop/web:1`,
        settings: {
          guard: guardAllowing('0.0.0.0/8', '127.0.0.0/8'),
          proxies: { ...noProxies, httpsProxy: `http://${await lab.closedPort()}`, noProxy: '10.0.0.0/8,0.0.0.0/8' },
          trust: () => trust,
        },
      }
    },
    expect: { codes: [], requests: 3 },
  },
]

/** Places as a hosts.toml has them that lives as long as the test. */
const certsDir = async (registry: string, toml: string) => {
  const root = await mkdtemp(join(tmpdir(), 'faults-certs.d-'))
  closedAfterTest({ close: () => rm(root, { recursive: true, force: true }) })
  await mkdir(join(root, registry))
  await writeFile(join(root, registry, 'hosts.toml'), toml)
  return placesFromCertsDir(createCertsDir({ roots: [root], nowMs: () => 0, complain: () => {} }))
}

/** The image of an upstream that has a mirror. */
const mirrored = async (upstream: string, mirror: string, tag = '1'): Promise<Scene> => ({
  image: `${upstream}/shop/web:${tag}`,
  settings: { findPlaces: await certsDir(upstream, `[host."http://${mirror}"]`) },
})

/** Mirrors that fail, and the registry behind them. */
export const mirrorFaults: readonly Fault[] = [
  {
    id: 'F57',
    name: 'mirror is down, upstream is up',
    given: async lab => mirrored((await lab.registry()).host, await lab.closedPort()),
    expect: { codes: [], requests: 3 },
  },
  {
    id: 'F57',
    name: 'mirror says 500, upstream is up',
    given: async lab => {
      const mirror = await lab.registry({ intercept: always(500) })
      return mirrored((await lab.registry()).host, mirror.host)
    },
    expect: { codes: [], requests: [4, 6] },
  },
  {
    id: 'F57',
    name: 'mirror is down, and upstream has no such tag: a node may find it at the mirror',
    given: async lab => mirrored((await lab.registry()).host, await lab.closedPort(), '2'),
    expect: { codes: ['unreachable'], failure: { kind: 'unreachable', problem: 'mirror-unasked' }, requests: 3 },
  },
  {
    id: 'F57',
    name: 'mirror never answers',
    given: async lab => {
      const mirror = await lab.registry({ intercept: hanging })
      const upstream = await lab.registry()
      return { ...(await mirrored(upstream.host, mirror.host)), deadlineMs: 300 }
    },
    expect: { codes: ['timed-out'], failure: { kind: 'timed-out' }, requests: 1 },
  },
  {
    id: 'F58',
    name: 'mirror says 404, upstream 200',
    given: async lab => {
      const mirror = await lab.registry({ shelf: new Map() })
      const upstream = await lab.registry()
      return {
        ...(await mirrored(upstream.host, mirror.host)),
        afterwards: () =>
          expect(mirror.requests[0]?.path).toBe(`/v2/shop/web/manifests/1?ns=${encodeURIComponent(upstream.host)}`),
      }
    },
    expect: { codes: [], requests: [4, 6] },
  },
  {
    id: 'F58',
    name: 'mirror says 404 and so does upstream: there is no such tag',
    given: async lab => {
      const mirror = await lab.registry({ shelf: new Map() })
      return mirrored((await lab.registry()).host, mirror.host, '2')
    },
    expect: { codes: ['not-found'], failure: { kind: 'absent' }, requests: [3, 4] },
  },
  {
    id: 'F58',
    name: 'mirror says 403, upstream 200',
    given: async lab => {
      const mirror = await lab.registry({ intercept: refusing(403, 'DENIED') })
      return mirrored((await lab.registry()).host, mirror.host)
    },
    expect: { codes: [], requests: [4, 9] },
  },
]
