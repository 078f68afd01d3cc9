/** The ports of the street: each server speaks TLS on two of them and plain HTTP on two others. */
export interface Ports {
  readonly tls: number
  readonly otherTls: number
  readonly plain: number
  readonly otherPlain: number
  readonly proxy: number
  readonly tlsProxy: number
}

/** What servers there are for. */
export type Trade = 'registry' | 'mirror' | 'tokens' | 'storage'

const trades: readonly Trade[] = ['registry', 'mirror', 'tokens', 'storage']
const each = 5

const houses: readonly (readonly [name: string, address: string])[] = [
  ...trades.flatMap((trade, street) =>
    Array.from(
      { length: each },
      (_, number) => [`${trade}${number}.example`, `127.1.${street}.${number + 1}`] as const,
    ),
  ),
  ['localhost', '127.0.0.1'],
  ['proxy.example', '127.9.0.1'],
]

const addresses = new Map(houses)
const names = new Map(houses.map(([name, address]) => [address, name]))

/** Every name there is. */
export const streetNames: readonly string[] = houses.map(([name]) => name)

/** The names of one trade. */
export const namesOf = (trade: Trade): readonly string[] =>
  Array.from({ length: each }, (_, number) => `${trade}${number}.example`)

/** The address of a name; each name has its own, so that a server knows which of them was dialled. */
export const addressOf = (name: string): string | undefined => addresses.get(name)

/** The name whose address it is. */
export const nameAt = (address: string): string => names.get(address) ?? address
