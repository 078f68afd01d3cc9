import { BlockList, isIPv4, isIPv6 } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** The port written after a host, or the empty text; an IPv6 address without brackets has none (Go, net.SplitHostPort). */
export const portOf = (host: string): string => /^(?:[^:[\]]*|\[[^[\]]*\]):(\d*)$/.exec(host)?.[1] ?? ''

/** Whether a host, with or without a port, is this machine (containerd, core/remotes/docker/resolver.go IsLocalhost). */
export const isLoopback = (host: string): boolean => {
  const [, plain, bracketed] = /^(?:([^:[\]]*)|\[([^[\]]*)\]):\d*$/.exec(host) ?? []
  const name = plain ?? bracketed ?? host
  if (name === 'localhost') return true
  if (isIPv4(name)) return loopback.check(name, 'ipv4')
  // Go parses no address with a zone here.
  return isIPv6(name) && !name.includes('%') && loopback.check(name, 'ipv6')
}
