import { isIP } from 'node:net'

/** An address as a number; an IPv4 address in IPv6's clothes (`::ffff:0:0/96`) is the IPv4 address that it is. */
export interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

const mappedPrefix = 0xffffn

const readV4 = (text: string): bigint => text.split('.').reduce((value, octet) => (value << 8n) | BigInt(octet), 0n)

const groupsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(':'))

const readV6 = (text: string): bigint => {
  const dotted = /[\d.]+\.\d+$/.exec(text)?.[0] ?? ''
  const last = dotted === '' ? 0n : readV4(dotted)
  const hex =
    dotted === ''
      ? text
      : `${text.slice(0, -dotted.length)}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`
  const [head = '', tail = ''] = hex.split('::')
  const [front, back] = [groupsOf(head), groupsOf(tail)]
  const middle = Array.from({ length: 8 - front.length - back.length }, () => '0')
  return [...front, ...middle, ...back].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}

/**
 * Reads an address as resolvers and URLs write it, with or without a zone. Decimal, octal, hexadecimal and short forms
 * are none: a URL has made them canonical, and what a resolver makes of them is canonical as well.
 */
export const parseAddress = (text: string): Address | undefined => {
  const family = isIP(text)
  if (family === 0) return undefined
  if (family === 4) return { bits: 32, value: readV4(text) }
  const value = readV6(text.split('%', 1)[0] ?? '')
  return value >> 32n === mappedPrefix ? { bits: 32, value: value & 0xffff_ffffn } : { bits: 128, value }
}

/** The address that a URL's host or hostname is by itself, so that no resolver has a say. */
export const literalAddress = (hostname: string): Address | undefined =>
  parseAddress(hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname)
