/** Something wrong with a configuration, and where; lines and columns begin at 1. */
export interface Complaint {
  readonly line: number
  readonly column: number
  /** As in `registries.hosts["ghcr.io"].maxConnections`; '' for the whole. */
  readonly path: string
  readonly what: string
}

/** What is wrong with the part of a configuration that starts there. */
export interface Mistake {
  readonly offset: number
  readonly pointer: string
  readonly what: string
}

/** A key as a step of a JSON pointer (RFC 6901). */
export const pointerStep = (key: string | number): string =>
  `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
