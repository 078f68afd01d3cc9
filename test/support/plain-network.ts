import { ok } from '../../src/lib/result.ts'
import type { ProxySettings } from '../../src/registry/dial/proxy.ts'
import { hostsOf } from '../../src/registry/hosts/hosts.ts'
import type { FindPlaces } from '../../src/registry/hosts/place.ts'

/** Finds places as a containerd does that was told nothing. */
export const plainPlaces: FindPlaces = ({ registry, repository }) =>
  Promise.resolve(ok(hostsOf(registry, undefined).map(host => ({ host, repository }))))

/** An environment without proxies. */
export const noProxies: ProxySettings = { httpProxy: '', httpsProxy: '', noProxy: '' }
