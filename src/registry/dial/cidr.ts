import { fail, ok, type Result } from '../../lib/result.ts'
import { type Address, parseAddress } from './address.ts'

/** A range of addresses. */
export interface Cidr {
  readonly bits: 32 | 128
  /** How many of the low bits are free. */
  readonly free: bigint
  /** The high bits that addresses in the range have in common. */
  readonly network: bigint
}

const cidrOf = ({ bits, value }: Address, length: number): Cidr => {
  const free = BigInt(bits - length)
  return { bits, free, network: value >> free }
}

/**
 * Reads `10.0.0.0/8`, `fd00::/8`, or an address for itself alone; bits beyond the prefix may be set, as Go's net.ParseCIDR
 * has it. A range of mapped addresses is the range of IPv4 addresses that it is.
 */
export const parseCidr = (text: string): Result<Cidr, string> => {
  const [written = '', prefix, ...rest] = text.split('/')
  const address = written.includes('%') ? undefined : parseAddress(written)
  if (address === undefined || rest.length > 0) return fail('is no address range such as 10.0.0.0/8')
  if (prefix === undefined) return ok(cidrOf(address, address.bits))
  const mapped = address.bits === 32 && written.includes(':')
  const most = mapped ? 128 : address.bits
  if (!/^\d+$/.test(prefix) || Number(prefix) > most) return fail(`has a prefix length that is not within 0 to ${most}`)
  const length = Number(prefix)
  if (!mapped) return ok(cidrOf(address, length))
  if (length >= 96) return ok(cidrOf(address, length - 96))
  // Wider than the mapped addresses: a range of IPv6, in which no IPv4 address is.
  return ok(cidrOf({ bits: 128, value: (0xffffn << 32n) | address.value }, length))
}

/** Whether the address is in the range. */
export const contains = (cidr: Cidr, address: Address): boolean =>
  cidr.bits === address.bits && address.value >> cidr.free === cidr.network

/** Reads a range that stands in our own source. */
export const knownCidr = (text: string): Cidr => {
  const cidr = parseCidr(text)
  if (!cidr.ok) throw new Error(`${text} ${cidr.error}`)
  return cidr.value
}
