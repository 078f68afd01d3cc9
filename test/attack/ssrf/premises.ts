import { knownCidr } from '../../../src/registry/dial/cidr.ts'
import { createGuard, type Guard, type Strictness } from '../../../src/registry/dial/guard.ts'
import { strangersAddress as internet } from './destinations.ts'
import { proxyAddress } from './positions.ts'
import { shop } from './shop.ts'
import { type Host, proxyPort } from './world.ts'

/** A registry as somebody has it who means no harm. */
export interface Premises {
  readonly reason: string
  readonly guard: Guard
  readonly image: string
  /** What each name stands for, asked in turn. */
  readonly names: Readonly<Record<string, readonly (readonly string[])[]>>
  /** By name or address. */
  readonly hosts: Readonly<Record<string, Host>>
  readonly hostsToml: string | undefined
  readonly proxy: string | undefined
  /** Who has to have answered. */
  readonly reached: readonly string[]
}

const guard = (allow: readonly string[] = [], strictness: Strictness = 'cluster'): Guard =>
  createGuard({
    refuse: strictness === 'workstation' ? [] : ['10.96.0.0/12', '10.244.0.0/16', 'fd00:10:96::/112'].map(knownCidr),
    allow: allow.map(knownCidr),
    strictness,
  })

const registry = 'registry.shop.example'
const tokens = 'tokens.shop.example'
const storage = 'storage.shop.example'
const mirror = 'mirror.shop.example'

/** What certificates are needed for. */
export const shopNames: readonly string[] = [registry, tokens, storage, mirror, 'registry.shop.svc']

const usual = { guard: guard(), image: `${registry}/shop/web:1`, hostsToml: undefined, proxy: undefined } as const

type Given = Pick<Premises, 'names' | 'reached'> & Partial<Premises>

const premises = (reason: string, given: Given): Premises => ({ reason, hosts: {}, ...usual, ...given })

/** Where things stand: the registry, its token server, its storage. */
type Sites = readonly [registry: string, tokens: string, storage: string]

/** All three under names of their own. */
const threeSites = (reason: string, sites: Sites, given: Partial<Premises> = {}): Premises =>
  premises(reason, {
    names: { [registry]: [[sites[0]]], [tokens]: [[sites[1]]], [storage]: [[sites[2]]] },
    hosts: {
      [registry]: shop({ realm: `https://${tokens}/token`, storage: `https://${storage}/storage/config` }),
      [tokens]: shop(),
      [storage]: shop(),
    },
    reached: sites,
    ...given,
  })

/** Addresses that only one's own network knows. */
export const privateAddresses = [
  '10.0.0.5',
  '10.255.0.5',
  '172.16.3.5',
  '172.31.3.5',
  '192.168.7.5',
  '100.64.0.5',
  'fd12:3456::5',
  'fc00::5',
] as const

const urlHost = (address: string): string => (address.includes(':') ? `[${address}]` : address)

const forEach = (address: string): readonly Premises[] => [
  premises(`a registry at ${address} that is its own token server and storage`, {
    names: { [registry]: [[address]] },
    hosts: { [registry]: shop({ realm: `https://${registry}/token`, storage: '/storage/config' }) },
    reached: [address],
  }),
  premises(`a registry that is called ${address}, as is its realm`, {
    image: `${urlHost(address)}/shop/web:1`,
    names: {},
    hosts: { [address]: shop({ realm: `https://${urlHost(address)}/token` }) },
    reached: [address],
  }),
  threeSites(`a registry at ${address} with token server and storage next door`, [address, '10.1.1.1', 'fd11::11']),
  threeSites(`a registry at ${address} with token server and storage on the internet`, [
    address,
    internet,
    '2606:4700::1111',
  ]),
  premises(`a mirror at ${address} for a registry on the internet`, {
    names: { [registry]: [[internet]], [mirror]: [[address]] },
    hosts: { [mirror]: shop({ realm: `https://${mirror}/token` }) },
    hostsToml: `[host."https://${mirror}"]\n`,
    reached: [address],
  }),
  premises(`a registry that is found on the internet first, and at ${address} when it is its own token server`, {
    names: { [registry]: [[internet], [address]] },
    hosts: { [registry]: shop({ realm: `https://${registry}/token`, hangsUp: true }) },
    reached: [internet, address],
  }),
  premises(`a registry by plain HTTP at ${address}`, {
    names: { [registry]: [[address]] },
    hosts: { [registry]: shop({ realm: `http://${registry}:5000/token` }) },
    hostsToml: `server = "http://${registry}:5000"\n`,
    reached: [address],
  }),
]

const inCluster = guard(['10.96.77.7', '10.244.3.0/24', 'fd00:10:96::77'])
const workstation = guard([], 'workstation')
const proxied = { proxy: `http://proxy.operator.example:${proxyPort}` }

/** The cases. */
export const allPremises: readonly Premises[] = [
  ...privateAddresses.flatMap(forEach),
  threeSites('all of it on the internet', [internet, '93.184.216.35', '2606:4700::1111']),
  threeSites('the internet behind NAT64', ['64:ff9b::5db8:d822', '64:ff9b::5db8:d823', '64:ff9b::808:808']),
  threeSites('a network behind NAT64', ['64:ff9b::a00:5', '64:ff9b::a00:6', '64:ff9b::808:808']),
  threeSites('a resolver that maps', ['::ffff:10.0.0.5', '::ffff:10.0.0.6', '::ffff:10.0.0.7'], {
    reached: ['10.0.0.5', '10.0.0.6', '10.0.0.7'],
  }),
  threeSites('services in the cluster, allowed', ['10.96.77.7', '10.96.77.7', '10.96.77.7'], { guard: inCluster }),
  threeSites('pods, allowed', ['10.244.3.9', '10.244.3.10', '10.244.3.11'], { guard: inCluster }),
  threeSites('a service by IPv6, allowed', ['fd00:10:96::77', 'fd00:10:96::77', 'fd00:10:96::77'], {
    guard: inCluster,
  }),
  premises('a service by its name in the cluster', {
    guard: inCluster,
    image: 'registry.shop.svc/shop/web:1',
    names: { 'registry.shop.svc': [['10.96.77.7']] },
    hosts: { 'registry.shop.svc': shop({ realm: 'https://registry.shop.svc/token' }) },
    reached: ['10.96.77.7'],
  }),
  premises('a registry in the same pod, allowed', {
    guard: guard(['127.0.0.0/8']),
    image: '127.0.0.1:5000/shop/web:1',
    names: {},
    hosts: { '127.0.0.1': shop({ realm: 'http://127.0.0.1:5000/token' }) },
    reached: ['127.0.0.1'],
  }),
  threeSites(
    'token server and storage on premises for a registry on the internet, allowed',
    [internet, '10.20.0.9', 'fd20:20::9'],
    { guard: guard(['10.20.0.0/16', 'fd20:20::/32']) },
  ),
  premises("a registry on one's own machine", {
    guard: workstation,
    image: 'localhost:5000/shop/web:1',
    names: { localhost: [['127.0.0.1']] },
    hosts: { localhost: shop({ realm: 'http://localhost:5000/token' }) },
    reached: ['127.0.0.1'],
  }),
  premises("a registry on one's own machine by IPv6", {
    guard: workstation,
    image: '[::1]:5000/shop/web:1',
    names: {},
    hosts: { '::1': shop() },
    reached: ['::1'],
  }),
  threeSites('a token server and storage in the network at home', [internet, '192.168.1.5', '192.168.1.6'], {
    guard: workstation,
  }),
  threeSites('a registry on premises, by a proxy', ['10.0.0.5', '10.0.0.6', internet], proxied),
  threeSites('a registry on the internet, by a proxy', [internet, '93.184.216.35', '2606:4700::1111'], proxied),
].map(each => ({ ...each, names: { 'proxy.operator.example': [[proxyAddress]], ...each.names } }))
