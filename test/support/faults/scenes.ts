import type { RegistryOptions } from '../../../src/demo/registry.ts'
import { knownCidr } from '../../../src/registry/dial/cidr.ts'
import type { Resolve } from '../../../src/registry/dial/dial.ts'
import { createGuard } from '../../../src/registry/dial/guard.ts'
import type { Certificate } from '../../../src/webhook/certificate.ts'
import { goodCertificate, publicName } from './certificates.ts'
import type { Scene } from './fault.ts'
import type { Lab } from './lab.ts'

// What Linux may hold of a stream on the loopback (tcp_wmem and tcp_rmem, 4 and 6 MiB), and some for its reader.
/** How much a server may get rid of that nobody has read. */
export const onTheWay = 12 * 1024 * 1024

/** The port of `127.0.0.1:41873`. */
export const portOf = (host: string): string => host.slice(host.lastIndexOf(':') + 1)

/** A resolver to which every name is this machine. */
export const toLoopback: Resolve = async () => ['127.0.0.1']

/** A resolver that fails as node:dns does. */
export const failingWith =
  (code: string): Resolve =>
  async name => {
    throw Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code, syscall: 'getaddrinfo', hostname: name })
  }

/** A guard as a cluster has it, but that these may be talked to. */
export const guardAllowing = (...ranges: readonly string[]) =>
  createGuard({ refuse: [], allow: ranges.map(knownCidr), strictness: 'cluster' })

/** An image of a server that has a name, and so a certificate that is looked at. */
export const named = (host: string, ca?: string): Scene => {
  const trust = ca === undefined ? [] : [ca]
  return { image: `${publicName}:${portOf(host)}/shop/web:1`, settings: { resolve: toLoopback, trust: () => trust } }
}

/** A registry with a name, and the image in it; its certificate is good and its authority trusted unless given otherwise. */
export const publicRegistry = async (lab: Lab, options: RegistryOptions = {}, given?: Certificate): Promise<Scene> => {
  const { key, cert, ca } = given ?? (await goodCertificate(publicName))
  const { host } = await lab.registry({ tls: { key, cert }, ...options })
  return named(host, ca)
}

/** An image of a registry that interferes so. */
export const scene = async (lab: Lab, intercept: RegistryOptions['intercept'], tag = '1'): Promise<Scene> => {
  const { host } = await lab.registry(intercept === undefined ? {} : { intercept })
  return { image: `${host}/shop/web:${tag}` }
}
