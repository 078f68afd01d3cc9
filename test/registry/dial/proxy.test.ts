import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forwardOf } from '../../../src/registry/dial/forward.ts'
import { createRouting, proxySettings, type Route } from '../../../src/registry/dial/proxy.ts'
import { parseProxyAddress } from '../../../src/registry/dial/proxy-address.ts'
import { noProxies } from '../../support/plain-network.ts'

const settings = { httpProxy: 'http://plain.proxy:3128', httpsProxy: 'http://secure.proxy:3128', noProxy: '' }

const isDirect = (noProxy: string, url: string): boolean =>
  createRouting({ ...settings, noProxy })(new URL(url)).kind === 'direct'

type Row = readonly [list: string, url: string, direct: boolean, reason: string]

const rows: readonly Row[] = [
  ['', 'https://registry.example/v2/', false, 'an empty list exempts nobody'],
  ['', 'https://localhost/v2/', true, 'localhost never goes to a proxy'],
  ['', 'https://localhost:5000/v2/', true, 'whatever the port'],
  ['', 'http://127.0.0.1:5000/v2/', true, 'loopback addresses neither'],
  ['', 'http://127.9.9.9/v2/', true, 'all of 127.0.0.0/8'],
  ['', 'http://[::1]:5000/v2/', true, 'IPv6 as well'],
  ['', 'http://[::ffff:127.0.0.1]/v2/', true, 'mapped as well'],
  ['', 'http://2130706433/v2/', true, 'in decimal as well: the URL makes it canonical'],
  ['', 'https://sub.localhost/v2/', false, 'a name below localhost is a name like others'],
  ['', 'https://localhost./v2/', false, 'with a final dot it is another name'],
  ['', 'http://0.0.0.0/v2/', false, 'the unspecified address is no loopback address'],
  ['', 'http://[::127.0.0.1]/v2/', false, 'nor is an IPv4-compatible one'],
  ['*', 'https://registry.example/v2/', true, 'an asterisk exempts everybody'],
  ['*', 'http://8.8.8.8/v2/', true, 'addresses too'],
  ['a.example,*', 'https://registry.example/v2/', true, 'also after other entries'],
  [' * ', 'https://registry.example/v2/', true, 'spaces round an entry do not count'],
  ['*:443', 'https://registry.example/v2/', false, 'with a port it is no asterisk but a name'],
  ['registry.example', 'https://registry.example/v2/', true, 'the name itself'],
  ['registry.example', 'http://registry.example/v2/', true, 'for HTTP too'],
  ['registry.example', 'https://eu.registry.example/v2/', true, 'and the names below it'],
  ['registry.example', 'https://a.eu.registry.example/v2/', true, 'at any depth'],
  ['registry.example', 'https://myregistry.example/v2/', false, 'but none that merely ends like it'],
  ['registry.example', 'https://registry.example.org/v2/', false, 'nor one that begins like it'],
  ['registry.example', 'https://example/v2/', false, 'nor the name above'],
  ['REGISTRY.Example', 'https://registry.example/v2/', true, 'capitals do not count'],
  ['registry.example', 'https://REGISTRY.EXAMPLE/v2/', true, 'on either side'],
  ['.registry.example', 'https://eu.registry.example/v2/', true, 'a leading dot means names below'],
  ['.registry.example', 'https://registry.example/v2/', false, 'and not the name itself'],
  ['*.registry.example', 'https://eu.registry.example/v2/', true, 'so does an asterisk and a dot'],
  ['*.registry.example', 'https://registry.example/v2/', false, 'which is not the name itself either'],
  ['*registry.example', 'https://myregistry.example/v2/', false, 'an asterisk without a dot means nothing'],
  ['registry.*', 'https://registry.example/v2/', false, 'nor does one at the end'],
  ['eu.*.example', 'https://eu.registry.example/v2/', false, 'nor one in the middle'],
  ['..example', 'https://eu.example/v2/', false, 'two dots are one too many'],
  ['example', 'https://registry.example/v2/', true, 'a top level'],
  ['.', 'https://registry.example/v2/', false, 'a dot alone'],
  ['.', 'https://registry.example./v2/', true, 'which fits names with a final dot'],
  ['*.', 'https://registry.example./v2/', true, 'as the asterisk and the dot do'],
  ['registry.example', 'https://registry.example./v2/', false, 'a final dot makes another name'],
  ['registry.example.', 'https://registry.example./v2/', true, 'which must be in the list as such'],
  ['registry.example:443', 'https://registry.example/v2/', true, 'the port that HTTPS has by itself'],
  ['registry.example:80', 'http://registry.example/v2/', true, 'the port that HTTP has by itself'],
  ['registry.example:443', 'http://registry.example/v2/', false, 'which is not that of HTTPS'],
  ['registry.example:5000', 'https://registry.example:5000/v2/', true, 'a port that was written'],
  ['registry.example:5000', 'https://registry.example/v2/', false, 'and not there'],
  ['registry.example:5000', 'https://registry.example:5001/v2/', false, 'or another one'],
  ['registry.example', 'https://registry.example:5000/v2/', true, 'no port in the list means any'],
  ['registry.example:', 'https://registry.example:5000/v2/', true, 'and so does an empty one'],
  ['registry.example:https', 'https://registry.example/v2/', false, 'names of ports mean nothing'],
  ['registry.example:0443', 'https://registry.example/v2/', false, 'ports are compared as text'],
  ['.example:5000', 'https://registry.example:5000/v2/', true, 'a port with a leading dot'],
  ['*.example:5000', 'https://registry.example:5000/v2/', true, 'a port with an asterisk'],
  [':5000', 'https://registry.example:5000/v2/', false, 'a port for nobody'],
  ['10.0.0.5', 'http://10.0.0.5/v2/', true, 'an address'],
  ['10.0.0.5', 'http://10.0.0.6/v2/', false, 'another address'],
  ['10.0.0.5', 'http://0xa.5/v2/', true, 'the URL makes it canonical'],
  ['10.0.0.5', 'http://[::ffff:10.0.0.5]/v2/', true, 'a mapped address is the same address'],
  ['::ffff:10.0.0.5', 'http://10.0.0.5/v2/', true, 'on either side'],
  ['10.0.0.5:5000', 'http://10.0.0.5:5000/v2/', true, 'an address with a port'],
  ['10.0.0.5:5000', 'http://10.0.0.5/v2/', false, 'an address with another port'],
  ['010.0.0.5', 'http://10.0.0.5/v2/', false, 'zeros at the front make it a name'],
  ['10.0.0', 'http://10.0.0.5/v2/', false, 'three numbers are a name'],
  ['0.5', 'http://10.0.0.5/v2/', false, 'names never fit addresses'],
  ['.0.0.5', 'http://10.0.0.5/v2/', false, 'not with a dot either'],
  ['10.0.0.0/8', 'http://10.200.0.5/v2/', true, 'a range: cluster lists are full of them'],
  ['10.0.0.0/8', 'https://10.200.0.5:8443/v2/', true, 'of any port'],
  ['10.0.0.0/8', 'http://11.0.0.5/v2/', false, 'an address without'],
  ['10.1.2.3/8', 'http://10.200.0.5/v2/', true, 'bits beyond the prefix do not count'],
  ['10.0.0.0/8:80', 'http://10.200.0.5/v2/', false, 'a range has no port'],
  ['10.0.0.0/33', 'http://10.0.0.0/v2/', false, 'a prefix too long'],
  ['10.0.0.0/08', 'http://10.0.0.1/v2/', true, 'a zero at the front of the prefix'],
  ['10.0.0.0/255.0.0.0', 'http://10.0.0.1/v2/', false, 'no masks'],
  ['0.0.0.0/0', 'http://8.8.8.8/v2/', true, 'all of IPv4'],
  ['0.0.0.0/0', 'http://[2606:4700::1111]/v2/', false, 'and none of IPv6'],
  ['::/0', 'http://[2606:4700::1111]/v2/', true, 'all of IPv6'],
  ['::/0', 'http://8.8.8.8/v2/', false, 'and none of IPv4'],
  ['0.0.0.0/0', 'https://registry.example/v2/', false, 'ranges never fit names: nobody resolves them'],
  ['::ffff:10.0.0.0/104', 'http://10.1.2.3/v2/', true, 'a mapped range'],
  ['::ffff:10.0.0.0/95', 'http://10.1.2.3/v2/', false, 'a range wider than the mapped addresses'],
  ['fd00::/8', 'http://[fd12::5]/v2/', true, 'a range of IPv6'],
  ['fd12::5', 'http://[fd12::5]/v2/', true, 'an address of IPv6'],
  ['FD12:0::5', 'http://[fd12::5]/v2/', true, 'however it is written'],
  ['[fd12::5]', 'http://[fd12::5]/v2/', false, 'brackets without a port'],
  ['[fd12::5]:5000', 'http://[fd12::5]:5000/v2/', true, 'brackets with a port'],
  ['[fd12::5]:5000', 'http://[fd12::5]/v2/', false, 'brackets with another port'],
  ['fe80::5%eth0', 'http://[fe80::5]/v2/', false, 'zones make it a name'],
  ['a.example,b.example', 'https://b.example/v2/', true, 'several entries'],
  [' a.example , b.example ', 'https://b.example/v2/', true, 'spaces round them'],
  ['a.example b.example', 'https://b.example/v2/', false, 'but not between them'],
  ['a.example;b.example', 'https://b.example/v2/', false, 'nor semicolons'],
  [',,,b.example,', 'https://b.example/v2/', true, 'empty entries'],
  ['https://b.example', 'https://b.example/v2/', false, 'a URL is no name'],
  ['bücher.example', 'https://bücher.example/v2/', true, 'names beyond ASCII'],
  ['xn--bcher-kva.example', 'https://bücher.example/v2/', true, 'as they travel'],
  ['.bücher.example', 'https://a.bücher.example/v2/', true, 'with a leading dot'],
]

describe('NO_PROXY', () => {
  test('has its rules told by eighty rows at least', () => {
    expect(rows.length).toBeGreaterThanOrEqual(80)
  })

  test.each(rows)('%j, %s, direct: %s, %s', (list, url, direct) => {
    expect(isDirect(list, url)).toBe(direct)
  })

  test('of any text throws nothing', () => {
    const entry = fc.oneof(
      fc.string(),
      fc.domain(),
      fc.ipV4Extended(),
      fc.ipV6(),
      fc.string({ unit: fc.constantFrom(...'.:*[]/%-a1,@ \t') }),
      fc.tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(200)).map(([address, length]) => `${address}/${length}`),
    )
    const list = fc.array(entry, { maxLength: 5 }).map(entries => entries.join(','))
    fc.assert(
      fc.property(list, fc.webUrl({ validSchemes: ['http', 'https'] }), (text, url) => {
        const parsed = URL.parse(url)
        if (parsed !== null) createRouting({ ...settings, noProxy: text })(parsed)
      }),
      { numRuns: 20_000 },
    )
  })

  test('exempts what it names', () => {
    fc.assert(
      fc.property(fc.domain(), name => {
        expect(isDirect(`a.example,${name}`, `https://${name}/`)).toBe(true)
        expect(isDirect(`a.example,${name}`, `https://below.${name}/`)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

const routed = (text: string): string => {
  const found = parseProxyAddress(text)
  if (found.kind === 'none') return 'none'
  if (found.kind === 'unusable') return `unusable ${found.why}`
  const { tls, hostname, port, authorization } = found.proxy
  return [tls ? 'https' : 'http', hostname, port, authorization].join(' ').trim()
}

const basic = (text: string): string => `Basic ${Buffer.from(text, 'latin1').toString('base64')}`

describe('the text of a proxy variable', () => {
  test.each([
    ['', 'none', 'not set'],
    ['http://proxy:3128', 'http proxy 3128', 'a URL'],
    ['http://proxy', 'http proxy 80', 'the port of HTTP'],
    ['https://proxy', 'https proxy 443', 'the port of HTTPS'],
    ['HTTP://proxy:1', 'http proxy 1', 'a scheme in capitals'],
    ['proxy:3128', 'http proxy 3128', 'no scheme means HTTP'],
    ['proxy', 'http proxy 80', 'a name alone'],
    ['10.0.0.9:3128', 'http 10.0.0.9 3128', 'an address'],
    ['[fd00::9]:3128', 'http fd00::9 3128', 'an address of IPv6'],
    ['http://proxy:3128/path?query#fragment', 'http proxy 3128', 'what stands behind does not matter'],
    ['http://user:pass@proxy:3128', `http proxy 3128 ${basic('user:pass')}`, 'credentials'],
    ['user:pass@proxy:3128', `http proxy 3128 ${basic('user:pass')}`, 'credentials without a scheme'],
    ['http://user@proxy', `http proxy 80 ${basic('user:')}`, 'a user without a password'],
    ['http://:pass@proxy', `http proxy 80 ${basic(':pass')}`, 'a password without a user'],
    ['http://@proxy', `http proxy 80 ${basic(':')}`, 'neither'],
    ['http://u%40x:p%3Aq@proxy', `http proxy 80 ${basic('u@x:p:q')}`, 'credentials with percent signs'],
    ['http://u:%ff@proxy', `http proxy 80 ${basic('u:\u00ff')}`, 'bytes that are no UTF-8'],
    ['http://u:p@ss@proxy', `http proxy 80 ${basic('u:p@ss')}`, 'the last @ counts'],
    ['http://u:p%zz@proxy', 'none', 'a broken percent sign: no URL, so no proxy'],
    ['http://proxy:3128\n', 'none', 'a line break: no URL, so no proxy'],
    ['http://pro xy:3128', 'http http 80', 'a space: read again with http:// before it, which is no use to anybody'],
    ['socks5://proxy:1080', 'unusable scheme', 'SOCKS'],
    ['socks5h://proxy', 'unusable scheme', 'SOCKS'],
    ['ftp://proxy', 'unusable scheme', 'something else'],
    ['http://proxy:99999', 'unusable address', 'a port that cannot be'],
    ['//proxy:3128', 'unusable address', 'no host'],
    ['http:proxy:3128', 'unusable address', 'slashes forgotten'],
  ])('%j: %s, %s', (text, expected) => {
    expect(routed(text)).toBe(expected)
  })

  test('throws nothing, whatever it is', () => {
    const parts = fc.string({
      unit: fc.constantFrom('http', '://', ':', '/', '@', '%', '%41', '[', ']', 'a', '1', ' ', '\\', '#', '?', 'ü'),
    })
    fc.assert(
      fc.property(fc.oneof(fc.string(), parts), text => void parseProxyAddress(text)),
      { numRuns: 20_000 },
    )
  })

  test.each([
    [':'.repeat(100_000), 'none'],
    [`http://${'a:'.repeat(50_000)}x`, 'proxy'],
    ['%'.repeat(100_000), 'none'],
  ])('is read soon, however long it is', (text, kind) => {
    expect(parseProxyAddress(text).kind).toBe(kind)
  })
})

describe('the way to a URL', () => {
  const kindOf = (route: Route): string =>
    route.kind === 'proxy' ? route.proxy.hostname : route.kind === 'direct' ? 'direct' : route.why

  test.each([
    ['http://registry.example/v2/', 'plain.proxy', 'HTTP_PROXY is for HTTP'],
    ['https://registry.example/v2/', 'secure.proxy', 'HTTPS_PROXY is for HTTPS'],
    ['ftp://registry.example/v2/', 'direct', 'and none for anything else'],
  ])('%s: %s, %s', (url, expected) => {
    expect(kindOf(createRouting(settings)(new URL(url)))).toBe(expected)
  })

  test('is direct where nothing is set, and HTTP_PROXY is not for HTTPS', () => {
    expect(createRouting(noProxies)(new URL('https://a.example'))).toEqual({ kind: 'direct' })
    expect(createRouting({ ...noProxies, httpProxy: 'p' })(new URL('https://a.example'))).toEqual({ kind: 'direct' })
  })

  test('is unusable by SOCKS, and still direct for what is exempt', () => {
    const route = createRouting({ ...noProxies, httpsProxy: 'socks5://p', noProxy: 'a.example' })
    expect(kindOf(route(new URL('https://b.example')))).toBe('scheme')
    expect(kindOf(route(new URL('https://a.example')))).toBe('direct')
  })

  test('is told by the environment, capitals first, empty ones not at all', () => {
    const environment = { HTTP_PROXY: '', http_proxy: 'a', HTTPS_PROXY: 'b', https_proxy: 'c', no_proxy: 'd' }
    expect(proxySettings(environment)).toEqual({ httpProxy: 'a', httpsProxy: 'b', noProxy: 'd' })
  })
})

describe('a request is written', () => {
  const proxy = { tls: false, hostname: 'p', port: 3128, authorization: 'Basic eDp5' }
  test.each<[string, Route, ReturnType<typeof forwardOf>]>([
    ['http://a.example/v2/?n=1', { kind: 'direct' }, { path: '/v2/?n=1', headers: {} }],
    ['https://a.example/v2/?n=1', { kind: 'proxy', proxy }, { path: '/v2/?n=1', headers: {} }],
    [
      'http://a.example:5000/v2/?n=1#x',
      { kind: 'proxy', proxy },
      { path: 'http://a.example:5000/v2/?n=1', headers: { 'proxy-authorization': 'Basic eDp5' } },
    ],
    [
      'http://a.example/v2/',
      { kind: 'proxy', proxy: { ...proxy, authorization: undefined } },
      { path: 'http://a.example/v2/', headers: {} },
    ],
  ])('to %s by %o', (url, route, expected) => {
    expect(forwardOf(new URL(url), route)).toEqual(expected)
  })
})
