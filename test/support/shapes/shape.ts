import type { Answer } from '../../../src/demo/distribution.ts'
import type { Shelf } from '../../../src/demo/shelf.ts'
import type { As, Asked } from './asked.ts'
import type { Cell } from './cell.ts'

/** Where a shape stands, and what it has. */
export interface World {
  /** The origin of a host: its name is the real one, and its port is ours. */
  readonly origin: (host: string) => string
  readonly shelf: Shelf
  /** Tokens of another epoch than this have expired. */
  readonly epoch: () => number
}

/** What all the hosts of a registry answer. */
export type Speak = (world: World) => (asked: Asked) => Answer

/** How a well-known registry behaves, and what is to be thought of it. */
export interface Shape {
  readonly name: string
  /** Every name under which it is asked. */
  readonly hosts: readonly string[]
  /** Hosts beside the registry, and what the wire calls them; `tokens` may be a path of the registry's own host. */
  readonly tokens?: { readonly host: string; readonly path: string }
  readonly network?: string
  readonly backend?: string
  /** What exists, each with the tags `1` and `2`. */
  readonly repositories: readonly string[]
  /** What is asked for, by what it is. */
  readonly images: Readonly<Record<string, string>>
  readonly speak: Speak
  readonly cells: readonly Cell[]
}

/** A token for somebody. */
export const tokenFor = (who: As, { epoch }: World): string => `TOKEN.${who}.${epoch()}`

/** Whose token it is; undefined: it is no good, or no good any more. */
export const holderOf = (token: string, { epoch }: World): As | undefined => {
  const [, who, given] = token.split('.')
  return given === `${epoch()}` ? (who as As) : undefined
}
