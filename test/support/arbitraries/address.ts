import fc from 'fast-check'
import { joined, mostly, oneWord, spliced, textOf } from './text.ts'

const nothing = fc.constant('')
const octet = mostly(12, fc.nat({ max: 255 }).map(String), oneWord('256 01 00 -1 0x1 999 1e1'))
const v4 = fc.tuple(octet, octet, octet, octet).map(octets => octets.join('.'))

const hex = fc.integer({ min: 0, max: 0xffff })
const group = mostly(
  12,
  hex.map(value => value.toString(16)),
  oneWord('0 0000 ffff FFFF 00fF 10000 g'),
)

/** Eight groups, of which some give way to `::`, and the last two perhaps to an IPv4 address. */
const v6 = fc
  .tuple(
    fc.array(group, { minLength: 8, maxLength: 8 }),
    fc.nat({ max: 8 }),
    fc.nat({ max: 8 }),
    mostly(5, nothing, v4),
  )
  .map(([groups, from, to, dotted]) => {
    const all = dotted === '' ? groups : [...groups.slice(0, 6), dotted]
    if (to < from + 1) return all.join(':')
    return `${all.slice(0, from).join(':')}::${all.slice(to).join(':')}`
  })

const known = oneWord(
  ':: ::1 ::ffff:10.0.0.5 ::ffff:0a00:5 ::10.0.0.5 64:ff9b::10.0.0.5 64:ff9b:1:a00:0:500:: 2002:a00:5:: 2001:0:a00:5::f5ff:fffa ' +
    '::ffff:0:10.0.0.5 fd00:ec2::254 169.254.169.254 0.0.0.0 255.255.255.255 fe80::1 ff02::1 2001:db8::1',
)
const zone = mostly(8, nothing, oneWord('%eth0 % %25 %1 %%'))
const address = fc.oneof(
  { arbitrary: v4, weight: 3 },
  { arbitrary: joined(v6, zone), weight: 4 },
  { arbitrary: joined(known, zone), weight: 3 },
)

/** Texts of addresses, right and wrong. */
export const addressText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: address, weight: 8 },
  { arbitrary: spliced(address), weight: 2 },
  { arbitrary: oneWord('[::1] 10.0.0 10 0x7f.0.0.1 2130706433 localhost 1::2::3 ::: 1:2:3:4:5:6:7:8:9'), weight: 1 },
  { arbitrary: textOf('0:.f%', 10), weight: 1 },
)

const prefix = mostly(
  6,
  fc.integer({ min: 0, max: 32 }).map(length => `/${length}`),
  fc.oneof(
    fc.integer({ min: 33, max: 129 }).map(length => `/${length}`),
    oneWord('/ /-1 /08 /1e1 /24/8 /x /+8 //8 /99999999999'),
  ),
)

/** Texts of ranges, right and wrong. */
export const cidrText: fc.Arbitrary<string> = joined(addressText, mostly(4, prefix, nothing))
