import { type Address, parseAddress } from './address.ts'
import { type AddressClass, classOf } from './address-class.ts'
import { type Cidr, contains } from './cidr.ts'
import { destinationsOf } from './embedded.ts'

/** As what a host is contacted. */
export type Position = 'registry' | 'mirror' | 'realm' | 'redirect'

/** Whether a host stands on the internet or on somebody's own network. */
export type Standing = 'public' | 'private'

/** How far a connection may go: to private networks too, or to the internet alone. */
export type Reach = 'private' | 'public'

/** Where the program runs: among a cluster's machines, or on the machine of the one who asks. */
export type Strictness = 'cluster' | 'workstation'

/** Why an address is refused. */
export type Refusal = Exclude<AddressClass, 'public'> | 'configured' | 'not-an-address'

/** Whether an address may get a packet. */
export type Judgement =
  | { readonly kind: 'allowed'; readonly standing: Standing }
  | { readonly kind: 'refused'; readonly because: Refusal }

/** Judges an address as the resolver or the URL has it. */
export type Guard = (address: string, reach: Reach) => Judgement

/** What a guard is made of. */
export interface GuardOptions {
  /** Ranges that are refused beside the ones that always are: pods, services, the API server. */
  readonly refuse: readonly Cidr[]
  /** Ranges that are allowed whatever else speaks against them. */
  readonly allow: readonly Cidr[]
  readonly strictness: Strictness
}

/** Who named a host. */
export interface NamedBy {
  /** Of the registry or mirror that named the realm or redirect; of a chain, public if any of its hosts is. */
  readonly standing: Standing
  /** The host and port named are those of the one that named them. */
  readonly itself: boolean
}

/** How far a connection may go. A registry on the internet has no business to send anybody into a private network. */
export const reachOf = (position: Position, from: NamedBy): Reach => {
  switch (position) {
    case 'registry':
    case 'mirror':
      return 'private'
    case 'realm':
    case 'redirect':
      return from.standing === 'private' || from.itself ? 'private' : 'public'
  }
}

const refusedIn: Readonly<Record<Strictness, readonly AddressClass[]>> = {
  cluster: ['loopback', 'link-local', 'metadata', 'unspecified', 'multicast', 'broadcast'],
  workstation: ['link-local', 'metadata'],
}

/** Makes a guard. An address that embeds others is judged by them: each must be allowed. */
export const createGuard = ({ refuse, allow, strictness }: GuardOptions): Guard => {
  const among = (ranges: readonly Cidr[], address: Address): boolean => ranges.some(range => contains(range, address))
  const standingOf = (kind: AddressClass): Standing => (kind === 'public' ? 'public' : 'private')

  const judge = (written: Address, destination: Address, reach: Reach): Judgement => {
    const kind = classOf(destination)
    // Only what it embeds can lift an address: whoever allows a NAT64 prefix does not mean the loopback behind it.
    if (among(allow, destination)) return { kind: 'allowed', standing: standingOf(kind) }
    if (among(refuse, destination) || among(refuse, written)) return { kind: 'refused', because: 'configured' }
    if (kind === 'public') return { kind: 'allowed', standing: 'public' }
    const tooFar = kind === 'private' && reach === 'public' && strictness === 'cluster'
    if (tooFar || refusedIn[strictness].includes(kind)) return { kind: 'refused', because: kind }
    return { kind: 'allowed', standing: 'private' }
  }

  return (text, reach) => {
    const written = parseAddress(text)
    if (written === undefined) return { kind: 'refused', because: 'not-an-address' }
    return destinationsOf(written)
      .map(destination => judge(written, destination, reach))
      .reduce(stricter)
  }
}

// A host that may be on the internet is not trusted like one that is not.
const severity = (judgement: Judgement): number =>
  judgement.kind === 'refused' ? 2 : judgement.standing === 'public' ? 1 : 0

const stricter = (one: Judgement, other: Judgement): Judgement => (severity(other) > severity(one) ? other : one)
