/** Says under which name a host is counted: its own, as long as there is a seat for it. */
export interface HostSeats {
  /** The host's own name, or `other`; a host that gave a good answer comes before those that never did. */
  readonly labelOf: (host: string, isGood: boolean) => string
  /** Hosts that the configuration names: they come before all others. */
  readonly expect: (hosts: Iterable<string>) => void
}

/** What hosts without a seat are counted under, and a host of that very name with them. */
export const otherHost = 'other'

/** Options of the seats. */
export interface HostSeatsOptions {
  readonly most: number
  /** Told of a host that lost its seat to another. */
  readonly gone: (host: string) => void
}

const ranks = { unheard: 0, good: 1, expected: 2 } as const

interface Seat {
  readonly host: string
  readonly kin: string
  rank: number
}

// The longest name that DNS takes, and a port. No longer one was ever answered for.
const mostCharacters = 253 + ':65535'.length

/**
 * Whom a host is taken to belong to: a domain, or a range of addresses. Whoever has one of those has as many hosts as he
 * likes.
 */
const kinOf = (host: string): string => {
  if (host.startsWith('[')) return host.split(':').slice(0, 4).join(':')
  const parts = host.replace(/:\d+$/, '').split('.')
  return /^\d+$/.test(parts.at(-1) ?? '') ? parts.slice(0, 3).join('.') : parts.slice(-2).join('.')
}

/** The seats of the largest kin. */
const crowd = (seats: readonly Seat[]): readonly Seat[] =>
  [...Map.groupBy(seats, ({ kin }) => kin).values()].reduce((a, b) => (b.length > a.length ? b : a), [])

/**
 * Makes seats for so many hosts. Whoever writes pods names the hosts, so that a seat is not for good: one that never gave
 * a good answer yields to one that did, and both to one that the configuration names; and where all have given good
 * answers, those of whom most belong together yield to others, so that no one's thousand names drive the registries out.
 */
export const createHostSeats = ({ most, gone }: HostSeatsOptions): HostSeats => {
  const seats = new Map<string, Seat>()
  let expected: ReadonlySet<string> = new Set()

  const rankOf = (host: string, isGood: boolean): number => {
    if (expected.has(host)) return ranks.expected
    return isGood ? ranks.good : ranks.unheard
  }

  /** Whose seat a newcomer may have; of several, the last to have come. */
  const yielding = ({ rank, kin }: Seat): Seat | undefined => {
    if (rank === ranks.unheard) return undefined
    const all = [...seats.values()]
    const lowest = Math.min(...all.map(seat => seat.rank))
    const candidates = all.filter(seat => seat.rank === lowest)
    if (lowest < rank) return candidates.at(-1)
    if (lowest > rank || rank === ranks.expected) return undefined
    const largest = crowd(candidates)
    const own = candidates.filter(seat => seat.kin === kin)
    // One more would be no better shared out, and two would take turns for ever.
    return largest.length > own.length + 1 ? largest.at(-1) : undefined
  }

  const seated = (newcomer: Seat): boolean => {
    if (seats.size >= most) {
      const leaving = yielding(newcomer)
      if (leaving === undefined) return false
      seats.delete(leaving.host)
      gone(leaving.host)
    }
    seats.set(newcomer.host, newcomer)
    return true
  }

  return {
    labelOf: (host, isGood) => {
      const known = seats.get(host)
      if (known !== undefined) {
        if (isGood && known.rank === ranks.unheard) known.rank = ranks.good
        return host
      }
      if (host === otherHost || host.length > mostCharacters) return otherHost
      return seated({ host, kin: kinOf(host), rank: rankOf(host, isGood) }) ? host : otherHost
    },
    expect: hosts => {
      expected = new Set(hosts)
      for (const seat of seats.values())
        if (expected.has(seat.host)) seat.rank = ranks.expected
        else if (seat.rank === ranks.expected) seat.rank = ranks.good
    },
  }
}
