import { BlockList, isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { type Address, literalAddress, parseAddress } from '../../../src/registry/dial/address.ts'
import { contains, parseCidr } from '../../../src/registry/dial/cidr.ts'
import { destinationsOf } from '../../../src/registry/dial/embedded.ts'
import { createGuard } from '../../../src/registry/dial/guard.ts'
import { addressText, cidrText } from '../../support/arbitraries/address.ts'
import { fuzz, must, mustReadSoon } from './fuzz.ts'

/** An address written down again, eight groups or four numbers. */
const written = ({ bits, value }: Address): string => {
  const parts = (count: number, size: number, radix: number) =>
    Array.from({ length: count }, (_, index) =>
      ((value >> BigInt(size * (count - 1 - index))) & ((1n << BigInt(size)) - 1n)).toString(radix),
    )
  return bits === 32 ? parts(4, 8, 10).join('.') : parts(8, 16, 16).join(':')
}

const isWithin = ({ bits, value }: Address): boolean => value >= 0n && value < 1n << BigInt(bits)
const same = (one: Address, other: Address | undefined): boolean =>
  one.bits === other?.bits && one.value === other.value

describe('whatever is written for an address', () => {
  test('is one exactly where Node takes it for one, and is read back as it was', () => {
    fuzz(addressText, text => {
      const address = parseAddress(text)
      must((address !== undefined) === (isIPv4(text) || isIPv6(text)), text)
      if (address === undefined) return 'refused'
      must(isWithin(address) && same(address, parseAddress(written(address))), text)
      // The reader of URLs, which somebody else wrote, has the same number.
      const bare = text.replace(/%.*/, '')
      const { hostname } = new URL(`http://${isIPv6(bare) ? `[${bare}]` : bare}`)
      must(same(address, literalAddress(hostname)), [text, hostname])
      return 'accepted'
    })
  })

  test('leads to addresses that are no larger, each of which the guard judges', () => {
    const guard = createGuard({ refuse: [], allow: [], strictness: 'cluster' })
    fuzz(addressText, text => {
      const address = parseAddress(text)
      const judged = guard(text, 'private')
      if (address === undefined) {
        must(judged.kind === 'refused' && judged.because === 'not-an-address', judged)
        return 'refused'
      }
      const destinations = destinationsOf(address)
      must(destinations.length >= 1 && destinations.length <= 4, text)
      must(
        destinations.every(one => isWithin(one) && (same(one, address) || one.bits === 32)),
        text,
      )
      const each = destinations.map(one => guard(written(one), 'private').kind)
      must((judged.kind === 'refused') === each.includes('refused'), [text, judged, each])
      return 'accepted'
    })
  })
})

/** Whether Node, whose lists somebody else wrote, has the address in the range; it has no mapped addresses. */
const nodeContains = (range: string, address: string): boolean => {
  const [network = '', prefix] = range.split('/')
  const family = isIPv4(network) ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(network, Number(prefix ?? (family === 'ipv4' ? 32 : 128)), family)
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

const plain = (address: Address, text: string): boolean => (address.bits === 32) === isIPv4(text)

describe('whatever is written for a range', () => {
  test('has its own network in it, and what Node has in it', () => {
    fuzz(fc.tuple(cidrText, addressText), ([text, other]) => {
      const range = parseCidr(text)
      if (!range.ok) {
        must(/^(is|has) [ -~]{10,80}$/.test(range.error), range.error)
        return 'refused'
      }
      const { bits, free, network } = range.value
      must(free >= 0n && free <= BigInt(bits) && network >= 0n && network < 1n << (BigInt(bits) - free), text)
      must(contains(range.value, { bits, value: network << free }), text)
      must(contains(range.value, { bits, value: (network << free) + (1n << free) - 1n }), text)
      const base = text.split('/')[0] ?? ''
      const [own, address] = [parseAddress(base), parseAddress(other)]
      if (own === undefined || address === undefined || !plain(own, base) || !plain(address, other)) return 'accepted'
      const bare = other.replace(/%.*/, '')
      if (own.bits === address.bits) must(contains(range.value, address) === nodeContains(text, bare), [text, other])
      return 'accepted'
    })
  })

  test('length costs no more than reading it', () => {
    const pieces = ['0', ':', '1:', '.', '1.', '/', 'f', '%', '[', '::']
    const starts = ['', '::', '10.0.0.0/', '1.1.1.', 'fe80::1%']
    const read = (text: string) => [parseAddress(text), parseCidr(text), literalAddress(text)]
    mustReadSoon(
      read,
      pieces,
      starts.map(start => text => start + text),
    )
  })
})
