import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { literalAddress } from '../../../src/registry/dial/address.ts'
import { createNoProxy } from '../../../src/registry/dial/no-proxy.ts'
import { createRouting } from '../../../src/registry/dial/proxy.ts'
import { parseProxyAddress } from '../../../src/registry/dial/proxy-address.ts'
import { noProxyText, proxyAddressText } from '../../support/arbitraries/proxy.ts'
import { fuzz, must, mustReadSoon } from './fuzz.ts'

const none = JSON.stringify({ kind: 'none' })

const hosts = ['registry.example', 'eu.registry.example', '10.0.0.5', '[fd00::1]', 'other.example'].map(name => ({
  host: { name, address: literalAddress(name), port: '443' },
  url: new URL(`https://${name}/v2/`),
}))

describe('whatever is written for a proxy', () => {
  test('is a host and a port that can be dialled, or none', () => {
    fuzz(proxyAddressText, text => {
      const address = parseProxyAddress(text)
      if (address.kind !== 'proxy') return 'refused'
      const { hostname, port, tls, authorization } = address.proxy
      must(Number.isInteger(port) && port >= 0 && port <= 65_535, port)
      const again = URL.parse(`http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${port || 1}`)
      must(hostname !== '' && again?.hostname.replace(/^\[|\]$/g, '') === hostname, [text, hostname])
      must(authorization === undefined || /^Basic [A-Za-z0-9+/]+=*$/.test(authorization), authorization)
      must((authorization === undefined || text.includes('@')) && (!tls || /^https:/i.test(text)), text)
      return 'accepted'
    })
  })

  test('who is exempt goes past the proxy, in company as well and in any case, and who is not goes to it', () => {
    fuzz(fc.tuple(noProxyText, noProxyText, proxyAddressText), ([one, other, proxy]) => {
      const [alone, together, capitals] = [one, `${one},${other}`, one.toUpperCase()].map(createNoProxy)
      const route = createRouting({ httpProxy: '', httpsProxy: proxy, noProxy: one })
      const own = JSON.stringify(parseProxyAddress(proxy))
      const isPlain = !/[^\0-\x7f]/.test(one)
      for (const { host, url } of hosts) {
        const isExempt = alone?.(host) === true
        must(!isExempt || together?.(host) === true, [one, other, host.name])
        must(!isPlain || capitals?.(host) === isExempt, [one, host.name])
        const way = route(url)
        must(isExempt ? way.kind === 'direct' : way.kind === 'direct' ? own === none : JSON.stringify(way) === own, way)
      }
      return hosts.some(({ host }) => alone?.(host)) ? 'accepted' : 'refused'
    })
  })

  test('length costs no more than reading it', () => {
    const host = { name: 'registry.example', address: undefined, port: '443' }
    const entries = [',', '10.0.0.0/8,', 'a,', ' ', '[', '1.', ':']
    mustReadSoon(text => createNoProxy(text)(host), entries, [text => `x${text}`])
    const pieces = ['a', ':', '%', '@', '[', '/', '%41']
    mustReadSoon(parseProxyAddress, pieces, [text => text, text => `https://u:${text}`])
    expect(createNoProxy(`${'a,'.repeat(2 ** 19)}registry.example`)(host)).toBe(true)
  })
})
