import { randomBytes } from 'node:crypto'
import { fail, ok } from '../../../src/lib/result.ts'
import { knownCidr } from '../../../src/registry/dial/cidr.ts'
import { createGuard } from '../../../src/registry/dial/guard.ts'
import type { ProxySettings } from '../../../src/registry/dial/proxy.ts'
import type { Place } from '../../../src/registry/hosts/place.ts'
import type { Registry, RegistryOptions } from '../../../src/registry/registry.ts'
import { noProxies } from '../../support/plain-network.ts'
import { floorOptions } from '../registry-of.ts'
import { createDraw } from './draw.ts'
import type { Way } from './scene.ts'
import type { Theatre } from './theatre.ts'

// Addresses are another suite's affair: here every server stands on the loopback.
const guard = createGuard({ refuse: [], allow: [knownCidr('127.0.0.0/8')], strictness: 'cluster' })

/** A clock that the run turns. */
export interface Clock {
  nowMs: number
}

/** The floors of one generation, one for each way. */
export const openFloors = (
  theatre: Theatre,
  clock: Clock,
  places: ReadonlyMap<string, readonly Place[]>,
  make: (options: RegistryOptions) => Registry,
): ReadonlyMap<Way, Registry> => {
  const { ledger, ports, resolve, trust } = theatre
  const draw = createDraw(~clock.nowMs)
  const passwordFor = (): string => {
    const canary = ledger.mint(draw, { kind: 'proxy password', dialogue: undefined, tenant: undefined })
    ledger.grant(canary, 'the proxy', 'proxy-authorization')
    return canary.marker
  }
  const [password, wrong] = [passwordFor(), passwordFor()]
  theatre.proxyPassword = `Basic ${Buffer.from(`somebody:${password}`).toString('base64')}`
  const by = (url: string): ProxySettings => ({ httpProxy: url, httpsProxy: url, noProxy: 'mirror1.example' })
  const proxies: readonly (readonly [Way, ProxySettings])[] = [
    ['direct', noProxies],
    ['by a proxy', by(`http://somebody:${password}@proxy.example:${ports.proxy}`)],
    ['by a proxy with TLS', by(`https://somebody:${password}@proxy.example:${ports.tlsProxy}`)],
    ['by a proxy that refuses', by(`http://somebody:${wrong}@proxy.example:${ports.proxy}`)],
  ]
  const floor = (settings: ProxySettings): Registry =>
    make(
      floorOptions({
        ...{ resolve, trust, proxies: settings, guard, connectionsPerHost: 64 },
        fingerprintKey: randomBytes(32),
        nowMs: () => clock.nowMs,
        findPlaces: async ({ repository }) => {
          const found = places.get(repository)
          return found === undefined ? fail({ kind: 'forbidden' }) : ok(found)
        },
        observe: exchanged => ledger.read('a trace', JSON.stringify(exchanged)),
      }),
    )
  return new Map(proxies.map(([way, settings]) => [way, floor(settings)] as const))
}
