import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHostSeats, type HostSeats, otherHost } from '../../src/telemetry/host-seats.ts'

interface Hall extends HostSeats {
  readonly gone: string[]
  /** Those who have a seat now. */
  readonly seated: () => ReadonlySet<string>
}

const hall = (most: number): Hall => {
  const gone: string[] = []
  const seated = new Set<string>()
  const leave = (host: string): void => {
    gone.push(host)
    seated.delete(host)
  }
  const seats = createHostSeats({ most, gone: leave })
  const labelOf: HostSeats['labelOf'] = (host, isGood) => {
    const label = seats.labelOf(host, isGood)
    if (label !== otherHost) seated.add(label)
    return label
  }
  return { ...seats, labelOf, gone, seated: () => seated }
}

const many = (count: number, of: (index: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, index) => of(index))

describe('a host is counted by its own name', () => {
  test('as long as there are seats, and by another then', () => {
    const { labelOf } = hall(2)
    expect(labelOf('a.example', false)).toBe('a.example')
    expect(labelOf('b.example:5000', true)).toBe('b.example:5000')
    expect(labelOf('c.example', false)).toBe(otherHost)
    expect(labelOf('a.example', false)).toBe('a.example')
  })

  test('if it answers, in the place of one that never did', () => {
    const { labelOf, gone } = hall(3)
    for (const host of many(100_000, index => `no-${index}.example`)) labelOf(host, false)
    for (const host of ['ghcr.io', 'quay.io', 'registry.k8s.io']) expect(labelOf(host, true)).toBe(host)
    expect(gone).toHaveLength(3)
    for (const host of ['ghcr.io', 'quay.io', 'registry.k8s.io']) expect(labelOf(host, false)).toBe(host)
    expect(labelOf('no-1.example', false)).toBe(otherHost)
  })

  test('if the configuration names it, before all others, also while it is down', () => {
    const { labelOf, expect: name } = hall(3)
    name(['harbor.corp.example'])
    for (const host of many(1000, index => `r${index}.attacker${index}.example`)) labelOf(host, true)
    expect(labelOf('harbor.corp.example', false)).toBe('harbor.corp.example')
    for (const host of many(1000, index => `s${index}.attacker${index}.example`)) labelOf(host, true)
    expect(labelOf('harbor.corp.example', false)).toBe('harbor.corp.example')
  })

  test.each([
    ['names of one domain', (index: number) => `r${index}.attacker.example`],
    ['ports of one host', (index: number) => `attacker.example:${(index % 65_535) + 1}`],
    ['addresses of one range', (index: number) => `203.0.113.${index % 256}:${Math.trunc(index / 256) + 1}`],
    ['addresses of one IPv6 range', (index: number) => `[2001:db8:1:2::${index.toString(16)}]`],
  ])('though somebody answers under a hundred thousand %s', (_, of) => {
    const { labelOf, seated } = hall(50)
    for (const host of many(100_000, of)) labelOf(host, true)
    const real = ['ghcr.io', 'quay.io', 'registry.k8s.io', 'registry-1.docker.io', 'auth.docker.io']
    for (const host of real) expect(labelOf(host, true)).toBe(host)
    for (const host of many(100_000, index => of(index + 100_000))) labelOf(host, true)
    for (const host of real) expect(labelOf(host, false)).toBe(host)
    expect(seated().size).toBe(50)
  })

  test('not if it is longer than any name that is answered for', () => {
    expect(hall(5).labelOf('a'.repeat(300), true)).toBe(otherHost)
  })
})

describe('whoever comes in whatever order', () => {
  const kins = ['a.example', 'b.example', 'c.example', 'd.example']
  const visit = fc.record({ kin: fc.constantFrom(...kins), name: fc.nat(20), isGood: fc.boolean() })

  test('there are never more than so many names, and the same visitors do not drive each other out for ever', () => {
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 200 }), fc.integer({ min: 1, max: 8 }), (visits, most) => {
        const { labelOf, gone, seated } = hall(most)
        const all = () => {
          for (const { kin, name, isGood } of visits) labelOf(`n${name}.${kin}`, isGood)
        }
        all()
        expect(seated().size).toBeLessThanOrEqual(most)
        for (let round = 0; round < 10; round++) all()
        const before = gone.length
        all()
        expect(gone.length).toBe(before)
      }),
    )
  })
})
