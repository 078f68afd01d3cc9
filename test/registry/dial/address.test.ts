import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { literalAddress, parseAddress } from '../../../src/registry/dial/address.ts'
import { classOf } from '../../../src/registry/dial/address-class.ts'
import { contains, parseCidr } from '../../../src/registry/dial/cidr.ts'
import { destinationsOf } from '../../../src/registry/dial/embedded.ts'

const dotted = (value: bigint): string => [24n, 16n, 8n, 0n].map(shift => (value >> shift) & 0xffn).join('.')

const read = (text: string): string => {
  const address = parseAddress(text)
  if (address === undefined) return 'none'
  return address.bits === 32 ? dotted(address.value) : address.value.toString(16)
}

describe('an address is read', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1', 'the usual form'],
    ['255.255.255.255', '255.255.255.255', 'all bits'],
    ['::', '0', 'nothing at all'],
    ['::1', '1', 'zeros left out at the front'],
    ['1::', '10000000000000000000000000000', 'zeros left out at the end'],
    ['1:2:3:4:5:6:7:8', '10002000300040005000600070008', 'nothing left out'],
    ['1:2:3:4:5:6:7::', '10002000300040005000600070000', 'one group left out'],
    ['fe80::1%eth0', 'fe800000000000000000000000000001', 'a zone says where, not what'],
    ['FD00:EC2::254', 'fd000ec2000000000000000000000254', 'capitals'],
    ['::ffff:10.0.0.1', '10.0.0.1', 'mapped'],
    ['::ffff:a00:1', '10.0.0.1', 'mapped, in hexadecimal'],
    ['0:0:0:0:0:ffff:10.0.0.1', '10.0.0.1', 'mapped, in full'],
    ['64:ff9b::10.0.0.1', '64ff9b00000000000000000a000001', 'with a dotted end'],
    ['1:2:3:4:5:6:1.2.3.4', '10002000300040005000601020304', 'with a dotted end, in full'],
    ['010.0.0.1', 'none', 'octal is for URLs to resolve'],
    ['127.1', 'none', 'so are short forms'],
    ['2130706433', 'none', 'and decimal ones'],
    ['[::1]', 'none', 'brackets belong to URLs'],
    ['localhost', 'none', 'a name'],
    ['', 'none', 'nothing'],
  ])('%s as %s: %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  test('from the host of a URL, in brackets or not', () => {
    expect(literalAddress('[::1]')).toEqual({ bits: 128, value: 1n })
    expect(literalAddress('10.0.0.1')).toEqual(parseAddress('10.0.0.1'))
    expect(literalAddress('registry.example')).toBeUndefined()
  })

  test('whenever Node takes it for one, and only then', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), text => {
        expect(parseAddress(text) !== undefined).toBe(isIP(text) !== 0)
      }),
      { numRuns: 5000 },
    )
  })

  test('the same however it is shortened', () => {
    const shortened = fc.ipV6().map(text => ({ text, url: new URL(`http://[${text}]/`).hostname }))
    fc.assert(
      fc.property(shortened, ({ text, url }) => {
        expect(literalAddress(url)).toEqual(parseAddress(text))
      }),
      { numRuns: 5000 },
    )
  })
})

describe('a range', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.1', true, 'within'],
    ['10.0.0.0/8', '11.0.0.1', false, 'without'],
    ['10.1.2.3/8', '10.9.9.9', true, 'bits beyond the prefix do not count'],
    ['10.1.2.3', '10.1.2.3', true, 'an address alone'],
    ['10.1.2.3', '10.1.2.4', false, 'an address alone is no more than that'],
    ['0.0.0.0/0', '255.1.2.3', true, 'everything'],
    ['0.0.0.0/0', '::1', false, 'everything of IPv4 only'],
    ['::/0', '10.0.0.1', false, 'everything of IPv6 only'],
    ['::/0', '::ffff:10.0.0.1', false, 'a mapped address is one of IPv4'],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true, 'so a range of IPv4 has it'],
    ['::ffff:10.0.0.0/104', '10.2.3.4', true, 'and a mapped range is one of IPv4'],
    ['::ffff:10.0.0.0/95', '10.2.3.4', false, 'unless it is wider than that'],
    ['fd00::/8', 'fdff::1', true, 'IPv6'],
    ['fd00::/8', 'fe00::1', false, 'IPv6 without'],
    ['::1/128', '::1', true, 'a whole prefix'],
  ])('%s and %s: %s, %s', (range, address, expected) => {
    const cidr = parseCidr(range)
    const parsed = parseAddress(address)
    expect(cidr.ok && parsed !== undefined && contains(cidr.value, parsed)).toBe(expected)
  })

  test.each([
    ['10.0.0.0/33', 'has a prefix length that is not within 0 to 32'],
    ['fd00::/129', 'has a prefix length that is not within 0 to 128'],
    ['::ffff:10.0.0.0/129', 'has a prefix length that is not within 0 to 128'],
    ['10.0.0.0/', 'has a prefix length that is not within 0 to 32'],
    ['10.0.0.0/-1', 'has a prefix length that is not within 0 to 32'],
    ['10.0.0.0/255.0.0.0', 'has a prefix length that is not within 0 to 32'],
    ['10.0.0.0/8/8', 'is no address range such as 10.0.0.0/8'],
    ['10.0.0/8', 'is no address range such as 10.0.0.0/8'],
    ['fe80::%eth0/10', 'is no address range such as 10.0.0.0/8'],
    ['registry.example', 'is no address range such as 10.0.0.0/8'],
    ['', 'is no address range such as 10.0.0.0/8'],
  ])('%s %s', (text, error) => {
    expect(parseCidr(text)).toEqual({ ok: false, error })
  })

  test('is read from anything without an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.ipV6(), fc.nat()).map(([a, n]) => `${a}/${n}`),
        ),
        text => {
          parseCidr(text)
        },
      ),
      { numRuns: 5000 },
    )
  })
})

describe('an address leads to', () => {
  test.each([
    ['10.0.0.1', ['10.0.0.1'], 'itself'],
    ['2a00::1', ['2a00::1'], 'itself'],
    ['::1', ['::1'], 'itself: no IPv4-compatible address'],
    ['::', ['::'], 'itself: no IPv4-compatible address'],
    ['::127.0.0.1', ['127.0.0.1'], 'IPv4-compatible'],
    ['::2', ['0.0.0.2'], 'IPv4-compatible with a number too small to be anything'],
    ['::ffff:0:127.0.0.1', ['127.0.0.1'], 'IPv4-translated'],
    ['64:ff9b::169.254.169.254', ['169.254.169.254'], 'NAT64'],
    ['64:ff9b:1::10.0.0.1', ['10.0.0.1'], 'NAT64 for local use, prefix /96'],
    ['64:ff9b:1:7f00:0:100::', ['127.0.0.1'], 'NAT64 for local use, prefix /48'],
    [
      '64:ff9b:1:a:7f:0:100:0',
      ['10.127.0.0', '127.0.0.1', '1.0.0.0'],
      'NAT64 for local use: whatever the prefix, all readings',
    ],
    ['2002:7f00:1::', ['127.0.0.1'], '6to4'],
    ['2001:0:808:808::8700:fffe', ['8.8.8.8', '120.255.0.1'], 'Teredo: the server, and the client turned round'],
    ['2001:0:7f00:1::f7f7:f7f7', ['127.0.0.1', '8.8.8.8'], 'Teredo with a server that is none'],
    ['2001:1::1', ['2001:1::1'], 'itself: beside Teredo'],
    ['64:ff9c::1', ['64:ff9c::1'], 'itself: beside NAT64'],
  ])('%s to %j: %s', (text, expected) => {
    const address = parseAddress(text)
    const found = address === undefined ? [] : destinationsOf(address)
    expect(found).toEqual(expected.map(parseAddress))
  })
})

describe('an address is for something', () => {
  test.each([
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['::', 'unspecified'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.169.254', 'link-local'],
    ['169.254.170.2', 'link-local'],
    ['fe80::1', 'link-local'],
    ['febf::1', 'link-local'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['192.0.0.192', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fd00:ec2::23', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['fd00:42::42', 'metadata'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['100.127.255.255', 'private'],
    ['198.18.0.1', 'private'],
    ['203.0.113.1', 'private'],
    ['240.0.0.1', 'private'],
    ['fc00::1', 'private'],
    ['fd12:3456::1', 'private'],
    ['fec0::1', 'private'],
    ['2001:db8::1', 'private'],
    ['100::1', 'private'],
    ['4000::1', 'private'],
    ['1.1.1.1', 'public'],
    ['172.32.0.1', 'public'],
    ['172.15.255.255', 'public'],
    ['100.63.255.255', 'public'],
    ['100.128.0.1', 'public'],
    ['169.253.0.1', 'public'],
    ['168.63.129.17', 'public'],
    ['223.255.255.255', 'public'],
    ['2a00:1450:4001:80b::200e', 'public'],
    ['2606:4700::1111', 'public'],
  ])('%s: %s', (text, expected) => {
    const address = parseAddress(text)
    expect(address && classOf(address)).toBe(expected)
  })
})
