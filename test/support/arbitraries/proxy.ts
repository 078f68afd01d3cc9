import fc from 'fast-check'
import type { ProxySettings } from '../../../src/registry/dial/proxy.ts'
import { joined, mostly, oneWord, spliced } from './text.ts'

const nothing = fc.constant('')

// Two tables of Unicode, of different years, read international names: these few are the same in both.
const isPlain = (text: string) => /^[\0-\x7füé]*$/.test(text)
const splicedPlain = (texts: fc.Arbitrary<string>) => spliced(texts).filter(isPlain)

const name = oneWord(
  'registry.example eu.registry.example a.eu.registry.example myregistry.example example registry my_registry.example ' +
    'Registry.EXAMPLE registry.example. xn--bcher-kva.example bücher.example',
)
const addressV4 = oneWord('10.0.0.5 10.0.0.6 10.1.2.3 192.168.7.9 8.8.8.8 0.0.0.0 172.16.0.1')
const addressV6 = oneWord('fd00::1 fd00::2 2001:db8::5 ::ffff:10.0.0.5 64:ff9b::a00:5 ::10.0.0.5 FD00::1')
const loopback = oneWord('localhost 127.0.0.1 127.9.9.9 [::1] sub.localhost localhost. [::ffff:127.0.0.1]')
const host = fc.oneof(
  { arbitrary: name, weight: 8 },
  { arbitrary: addressV4, weight: 4 },
  { arbitrary: addressV6.map(text => `[${text}]`), weight: 3 },
  { arbitrary: loopback, weight: 1 },
)
const port = mostly(1, nothing, oneWord(':443 :80 :5000 :5001'))

/** Of a name the names above it, and of an address the ranges that it is in. */
const shorter = (text: string): fc.Arbitrary<string> => {
  const bare = text.replace(/^\[|\]$/g, '')
  if (bare.includes(':') || /^[\d.]+$/.test(bare)) {
    const most = bare.includes(':') ? 128 : 32
    return fc.integer({ min: 0, max: most + 1 }).map(length => `${bare}/${length}`)
  }
  const labels = bare.split('.')
  return fc.nat({ max: labels.length - 1 }).map(cut => labels.slice(cut).join('.'))
}

const prefix = mostly(3, nothing, fc.constantFrom('.', '*.', '*', '..', 'x'))
const oddEntry = oneWord(
  '* *: *:443 . *. : :5000 [] [::1 ::1] 10.0.0.0/33 10.0.0.0/-1 10.0.0/8 010.0.0.5 /8 10.0.0.0/08 10.0.0.0/8:80 ' +
    '[fd00::1]/64 fd00::/8 ::ffff:10.0.0.0/104 ::ffff:0:0/90 fe80::1%eth0 registry.example:0443 a%2eexample 10.0.0.0/8/8',
)

/** An entry that was written for the host, and may miss it narrowly. */
const entryFor = (asked: string, askedPort: string): fc.Arbitrary<string> => {
  const bare = asked.replace(/^\[|\]$/g, '')
  const samePort = mostly(2, nothing, fc.oneof(fc.constant(askedPort), port))
  return fc.oneof(
    { arbitrary: joined(prefix, fc.constantFrom(asked, bare), samePort), weight: 4 },
    { arbitrary: joined(prefix, shorter(asked), samePort), weight: 4 },
    { arbitrary: splicedPlain(fc.constant(asked)), weight: 1 },
  )
}

const strangeEntry = fc.oneof(
  { arbitrary: joined(prefix, host, port), weight: 6 },
  { arbitrary: oddEntry, weight: 2 },
  { arbitrary: splicedPlain(host), weight: 1 },
)
const blanks = mostly(6, nothing, fc.constantFrom(' ', '\t', '  '))

const listFor = (asked: string, askedPort: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(strangeEntry, { maxLength: 3 }),
      fc.array(fc.tuple(blanks, entryFor(asked, askedPort)), { maxLength: 1 }),
    )
    .map(([strange, own]) => [...strange, ...own.map(parts => parts.join(''))].join(','))

const userinfo = mostly(4, nothing, oneWord('u@ u:p@ :p@ @ u:@ u%40x:p%3a%25@ u:p:q@ ü:p@ u@v@ u/p@ %zz:p@'))
const proxyHost = mostly(
  8,
  oneWord('proxy.example 10.9.9.9 [fd00::99] Proxy.Example proxy localhost'),
  oneWord('proxy_.example bücher.example [::1 ::1 [x] a%20b a<b a*b 0x7f.1 - .'),
)
const proxyPort = mostly(8, fc.constantFrom('', ':3128', ':80', ':443'), oneWord(': :0 :65535 :65536 :x :-1 :03128'))
const rest = mostly(6, nothing, oneWord('/ /path ?q #f /a%zz ?%zz #%zz /?a#b'))
const proxyUrl = joined(
  mostly(3, oneWord('http:// https:// HTTP://'), fc.constantFrom('')),
  userinfo,
  proxyHost,
  proxyPort,
  rest,
)
const oddProxy = fc.oneof(
  oneWord(
    'socks5://proxy.example:1080 ftp://proxy.example proxy: :3128 :// http: http:// http:/proxy //proxy /proxy 1http://p',
  ),
  splicedPlain(proxyUrl),
)
const proxyText = fc.oneof(
  { arbitrary: proxyUrl, weight: 10 },
  { arbitrary: oddProxy, weight: 3 },
  { arbitrary: nothing, weight: 1 },
)

/** Values of HTTP_PROXY and HTTPS_PROXY, right and wrong. */
export const proxyAddressText = proxyText

/** Values of the proxy variables, and a URL that the list may just have meant. */
export const proxyQuestion: fc.Arbitrary<readonly [settings: ProxySettings, url: string]> = fc
  .tuple(mostly(2, fc.constant('https'), fc.constant('http')), host, port)
  .chain(([scheme, asked, askedPort]) =>
    fc.tuple(
      fc.record(
        { httpProxy: proxyText, httpsProxy: proxyText, noProxy: listFor(asked, askedPort) },
        { noNullPrototype: true },
      ),
      fc.constant(new URL(`${scheme}://${asked}${askedPort}/v2/`).href),
    ),
  )

/** Values of NO_PROXY. */
export const noProxyText: fc.Arbitrary<string> = fc
  .array(strangeEntry, { maxLength: 5 })
  .map(entries => entries.join(','))
