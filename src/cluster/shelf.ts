import { asText, propertyAt } from '../lib/untrusted.ts'

/** Keeps of each object what is needed, by its name. */
export interface Shelf<T> {
  readonly put: (object: unknown) => void
  readonly drop: (object: unknown) => void
  /** A list from the beginning: what is put into it takes the place of everything once it is whole. */
  readonly beginList: () => ShelfList
  /** Undefined until a list was whole. */
  readonly kept: () => ReadonlyMap<string, T> | undefined
  /** The same array until something changed; undefined until a list was whole. */
  readonly all: () => readonly T[] | undefined
}

/** A list that is not whole yet. */
export interface ShelfList {
  readonly put: (object: unknown) => void
  readonly whole: () => void
}

/** What is kept of an object. */
export interface Keeping<T> {
  readonly read: (object: unknown) => T
  readonly isSame: (a: T, b: T) => boolean
  /** Called with everything that is kept, after something changed. */
  readonly tidy?: (kept: Iterable<T>) => void
}

const nameOf = (object: unknown): string => asText(propertyAt(object, 'metadata', 'name')) ?? ''

/** Makes a shelf. What did not change in what is needed stays the very object that it was: most events are heartbeats. */
export const createShelf = <T>({ read, isSame, tidy }: Keeping<T>): Shelf<T> => {
  let kept: Map<string, T> | undefined
  let all: readonly T[] | undefined
  const changed = (): void => {
    all = undefined
    if (kept !== undefined) tidy?.(kept.values())
  }

  /** What to keep for an object: what is kept already where nothing of it changed. */
  const unlessSame = (name: string, object: unknown): T => {
    const [before, now] = [kept?.get(name), read(object)]
    return before !== undefined && isSame(before, now) ? before : now
  }
  const isChange = (list: ReadonlyMap<string, T>): boolean =>
    kept === undefined || kept.size !== list.size || [...list].some(([name, value]) => kept?.get(name) !== value)

  return {
    put: object => {
      const name = nameOf(object)
      const value = unlessSame(name, object)
      if (name === '' || kept === undefined || kept.get(name) === value) return
      kept.set(name, value)
      changed()
    },
    drop: object => {
      if (kept?.delete(nameOf(object))) changed()
    },
    beginList: () => {
      const list = new Map<string, T>()
      return {
        put: object => {
          const name = nameOf(object)
          if (name !== '') list.set(name, unlessSame(name, object))
        },
        whole: () => {
          const isNew = isChange(list)
          kept = list
          if (isNew) changed()
        },
      }
    },
    kept: () => kept,
    all: () => {
      if (kept === undefined) return undefined
      all ??= [...kept.values()]
      return all
    },
  }
}
