import type { Address } from './address.ts'
import { type Cidr, contains, knownCidr } from './cidr.ts'

/** What an address is for. `private` is whatever the internet at large does not route. */
export type AddressClass =
  | 'unspecified'
  | 'loopback'
  | 'metadata'
  | 'link-local'
  | 'multicast'
  | 'broadcast'
  | 'private'
  | 'public'

type Row = readonly [AddressClass, ...string[]]

// The first row that has the address counts. Ranges by the IANA special-purpose address registries.
const rows: readonly Row[] = [
  // Clouds answer here, within the machine, with its credentials; 169.254.169.254 and its like are link-local anyway.
  [
    'metadata',
    '100.100.100.200', // Alibaba Cloud
    '168.63.129.16', // Azure's WireServer, in the middle of public addresses
    '192.0.0.192', // Oracle Cloud Classic
    'fd00:ec2::/32', // AWS: instance metadata ::254, EKS pod identity ::23, resolver ::253
    'fd20:ce::254', // Google Cloud
    'fd00:c1::a9fe:a9fe', // Oracle Cloud
    'fd00:42::42', // Scaleway
    'fd00:a9fe:a9fe::1', // Linode
    'fd00:100::100:200', // Alibaba Cloud
  ],
  // All of 0.0.0.0/8: Linux takes 0.0.0.0 for this very machine.
  ['unspecified', '0.0.0.0/8', '::'],
  ['loopback', '127.0.0.0/8', '::1'],
  ['link-local', '169.254.0.0/16', 'fe80::/10'],
  ['multicast', '224.0.0.0/4', 'ff00::/8'],
  ['broadcast', '255.255.255.255'],
  ['private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  // Carrier-grade NAT, protocol assignments, documentation, benchmarks, reserved.
  ['private', '100.64.0.0/10', '192.0.0.0/24', '192.0.2.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ['private', '240.0.0.0/4', '2001::/23', '2001:db8::/32', '3fff::/20'],
  ['public', '0.0.0.0/0', '2000::/3'],
  // Unique local fc00::/7, the former site-local fec0::/10, and all that has not been given out.
  ['private', '::/0'],
]

const ranges: readonly (readonly [AddressClass, Cidr])[] = rows.flatMap(([kind, ...texts]) =>
  texts.map(text => [kind, knownCidr(text)] as const),
)

/** The class of an address that embeds no other. */
export const classOf = (address: Address): AddressClass =>
  ranges.find(([, range]) => contains(range, address))?.[0] ?? 'private'
