import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cidr, knownCidr } from '../../../src/registry/dial/cidr.ts'
import {
  createGuard,
  type Position,
  reachOf,
  type Standing,
  type Strictness,
} from '../../../src/registry/dial/guard.ts'
import { createStandings } from '../../../src/registry/dial/standings.ts'

const ranges = (...texts: readonly string[]): readonly Cidr[] => texts.map(knownCidr)

const guardOf = (refuse: readonly string[] = [], allow: readonly string[] = [], strictness: Strictness = 'cluster') =>
  createGuard({ refuse: ranges(...refuse), allow: ranges(...allow), strictness })

describe('how far a connection may go', () => {
  test.each<[Position, Standing, boolean, string, string]>([
    ['registry', 'public', false, 'private', 'somebody wrote it into a pod: registries stand in private networks'],
    ['mirror', 'public', false, 'private', 'the operator configured it'],
    ['realm', 'public', false, 'public', 'nobody on the internet sends us into a private network'],
    ['realm', 'public', true, 'private', 'the registry may be its own token server'],
    ['realm', 'private', false, 'private', 'a registry on premises has its token server there'],
    ['redirect', 'public', false, 'public', 'nobody on the internet sends us into a private network'],
    ['redirect', 'public', true, 'private', 'the registry may redirect to itself'],
    ['redirect', 'private', false, 'private', 'a registry on premises has its storage there'],
  ])('a %s named by a %s host, itself: %s, to %s addresses: %s', (position, standing, itself, reach) => {
    expect(reachOf(position, { standing, itself })).toBe(reach)
  })
})

describe('in a cluster', () => {
  const guard = guardOf(['10.96.0.0/12', '172.18.0.2', 'fd00:10:96::/112', '64:ff9b::/96'], ['10.96.0.10', '127.0.0.9'])
  test.each([
    ['127.0.0.1', 'loopback', 'loopback', 'the pod itself'],
    ['::1', 'loopback', 'loopback', 'the pod itself'],
    ['0.0.0.0', 'unspecified', 'unspecified', 'the pod itself, on Linux'],
    ['169.254.169.254', 'link-local', 'link-local', 'the cloud'],
    ['fe80::1%eth0', 'link-local', 'link-local', 'the neighbourhood'],
    ['100.100.100.200', 'metadata', 'metadata', 'the cloud'],
    ['224.0.0.1', 'multicast', 'multicast', 'no host'],
    ['255.255.255.255', 'broadcast', 'broadcast', 'no host'],
    ['10.96.0.1', 'configured', 'configured', "the API server's service"],
    ['172.18.0.2', 'configured', 'configured', 'the API server itself'],
    ['fd00:10:96::a', 'configured', 'configured', 'a service'],
    ['::ffff:10.96.0.1', 'configured', 'configured', 'the same, mapped'],
    ['2002:a60:1::', 'configured', 'configured', 'the same, in 6to4'],
    ['64:ff9b::8.8.8.8', 'configured', 'configured', 'a range of embedding addresses can be refused as such'],
    ['10.96.0.10', 'private', 'private', 'a range that is allowed within one that is refused'],
    ['127.0.0.9', 'private', 'private', 'a loopback address that is allowed'],
    ['::ffff:127.0.0.9', 'private', 'private', 'the same, mapped'],
    ['::127.0.0.9', 'private', 'private', 'what it embeds is allowed'],
    ['10.0.0.5', 'private', 'refused', 'a registry on premises'],
    ['fd12::5', 'private', 'refused', 'a registry on premises'],
    ['100.64.0.5', 'private', 'refused', 'behind a carrier'],
    ['8.8.8.8', 'public', 'public', 'the internet'],
    ['2606:4700::1111', 'public', 'public', 'the internet'],
    ['2002:808:808::', 'public', 'public', 'the internet, in 6to4'],
    ['2001:0:808:808::8700:fffe', 'public', 'public', 'the internet, in Teredo'],
    ['2001:0:7f00:1::8700:fffe', 'loopback', 'loopback', 'one of two destinations is none'],
    [
      '2001:0:a00:1::8700:fffe',
      'public',
      'refused',
      'one of two is on the internet, so it is not trusted like a private one',
    ],
    ['not an address', 'not-an-address', 'not-an-address', 'whatever a resolver says'],
  ])('%s is %s to those who may reach private networks, %s to others: %s', (address, near, far) => {
    const short = (reach: 'private' | 'public'): string => {
      const judgement = guard(address, reach)
      return judgement.kind === 'allowed' ? judgement.standing : judgement.because
    }
    expect([short('private'), short('public')]).toEqual([near, far === 'refused' ? 'private' : far])
  })

  test('allowing the prefix of a translator lifts nothing of what lies behind it', () => {
    const lenient = guardOf([], ['64:ff9b::/96', '2000::/3', '::/0'])
    expect(lenient('64:ff9b::127.0.0.1', 'private').kind).toBe('refused')
    expect(lenient('2002:7f00:1::', 'private').kind).toBe('refused')
    expect(lenient('fe80::1', 'private').kind).toBe('allowed')
  })
})

describe("on one's own machine", () => {
  const guard = guardOf(['10.9.0.0/16'], ['169.254.7.7'], 'workstation')
  test.each([
    ['127.0.0.1', 'allowed', 'a registry for trying things out'],
    ['::1', 'allowed', 'a registry for trying things out'],
    ['10.0.0.5', 'allowed', 'whoever asks could ask there without us'],
    ['198.18.0.7', 'allowed', 'where some local proxies pretend the internet to be'],
    ['169.254.169.254', 'refused', 'the machine may be a virtual one in a cloud'],
    ['::ffff:169.254.169.254', 'refused', 'the same, mapped'],
    ['64:ff9b::a9fe:a9fe', 'refused', 'the same, through NAT64'],
    ['fd00:ec2::254', 'refused', 'the same, by IPv6'],
    ['168.63.129.16', 'refused', 'the same, at Azure'],
    ['10.9.1.1', 'refused', 'configured'],
    ['169.254.7.7', 'allowed', 'configured'],
  ])('%s is %s: %s', (address, kind) => {
    expect(guard(address, 'public').kind).toBe(kind)
  })
})

describe('whatever is configured', () => {
  test('no address makes the guard throw', () => {
    const guard = guardOf(['10.0.0.0/8'], ['10.1.0.0/16'])
    fc.assert(
      fc.property(fc.oneof(fc.ipV4Extended(), fc.ipV6(), fc.string()), fc.boolean(), (address, near) => {
        guard(address, near ? 'private' : 'public')
      }),
      { numRuns: 20_000 },
    )
  })

  test('an embedded address is never allowed where the address itself is refused', () => {
    const guard = guardOf(['10.96.0.0/12'])
    const forms: readonly ((hex: string) => string)[] = [
      hex => `::ffff:${hex}`,
      hex => `::${hex}`,
      hex => `::ffff:0:${hex}`,
      hex => `64:ff9b::${hex}`,
      hex => `64:ff9b:1::${hex}`,
      hex => `2002:${hex}::`,
    ]
    const v4 = fc.tuple(
      fc.oneof(fc.constantFrom(0, 10, 100, 127, 169, 224), fc.nat(255)),
      fc.oneof(fc.constantFrom(0, 96, 100, 254), fc.nat(255)),
      fc.nat(255),
      fc.nat(255),
    )
    fc.assert(
      fc.property(v4, fc.constantFrom(...forms), fc.boolean(), ([a, b, c, d], form, near) => {
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        const reach = near ? 'private' : 'public'
        if (guard(`${a}.${b}.${c}.${d}`, reach).kind === 'refused') expect(guard(form(hex), reach).kind).toBe('refused')
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('the side on which an origin stands', () => {
  test('is public while nobody knows', () => {
    expect(createStandings().of('https://registry.example')).toBe('public')
  })

  test('is remembered', () => {
    const standings = createStandings()
    standings.note('https://registry.example', 'private')
    expect(standings.of('https://registry.example')).toBe('private')
  })

  test('stays public when the name is turned to a private address', () => {
    const standings = createStandings()
    standings.note('https://registry.example', 'public')
    standings.note('https://registry.example', 'private')
    expect(standings.of('https://registry.example')).toBe('public')
  })
})
