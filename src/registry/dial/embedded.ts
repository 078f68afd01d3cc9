import type { Address } from './address.ts'
import { type Cidr, contains, knownCidr } from './cidr.ts'

/** Which bytes of the sixteen are the IPv4 address, and what they are xored with. */
interface Place {
  readonly bytes: readonly [number, number, number, number]
  readonly mask: bigint
}

const plain = (...bytes: Place['bytes']): Place => ({ bytes, mask: 0n })
const last = plain(12, 13, 14, 15)

const embeddings: readonly { readonly range: Cidr; readonly places: readonly Place[] }[] = [
  // IPv4-compatible, RFC 4291 §2.5.5.1; :: and ::1 are in it as well and are told apart below.
  { range: knownCidr('::/96'), places: [last] },
  // IPv4-translated, RFC 2765 §2.1.
  { range: knownCidr('::ffff:0:0:0/96'), places: [last] },
  // NAT64's well-known prefix, RFC 6052 §2.1.
  { range: knownCidr('64:ff9b::/96'), places: [last] },
  // NAT64 for local use, RFC 8215. Which prefix length the translator has nobody says: RFC 6052 §2.2 has these four.
  {
    range: knownCidr('64:ff9b:1::/48'),
    places: [plain(6, 7, 9, 10), plain(7, 9, 10, 11), plain(9, 10, 11, 12), last],
  },
  // 6to4, RFC 3056 §2.
  { range: knownCidr('2002::/16'), places: [plain(2, 3, 4, 5)] },
  // Teredo, RFC 4380 §4: the server, and the client with every bit turned.
  { range: knownCidr('2001::/32'), places: [plain(4, 5, 6, 7), { bytes: last.bytes, mask: 0xffff_ffffn }] },
]

const readAt = (value: bigint, { bytes, mask }: Place): Address => {
  const byte = (index: number): bigint => (value >> BigInt(8 * (15 - index))) & 0xffn
  return { bits: 32, value: bytes.reduce((read, index) => (read << 8n) | byte(index), 0n) ^ mask }
}

// A reading at the wrong place mostly finds zeros: no packet goes to 0.0.0.0/8 through a translator.
const isNothing = (address: Address): boolean => address.value >> 24n === 0n

/** The addresses to which a packet may go that is sent to this one: itself, or the IPv4 addresses that it embeds. */
export const destinationsOf = (address: Address): readonly [Address, ...Address[]] => {
  if (address.bits === 32 || address.value <= 1n) return [address]
  const places = embeddings.find(({ range }) => contains(range, address))?.places ?? []
  const [first = address, ...others] = places.map(place => readAt(address.value, place))
  const [found = first, ...more] = [first, ...others].filter(reading => !isNothing(reading))
  return [found, ...more]
}
