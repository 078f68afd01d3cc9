import { isNamed, type PathStep } from './steps.ts'

// The text has been read by JSON.parse before, so that nothing here looks for mistakes.

interface Wanted {
  readonly below: Map<PathStep, Wanted>
  readonly ids: number[]
}

const blank = (): Wanted => ({ below: new Map(), ids: [] })

const wantedIn = (paths: readonly (readonly PathStep[])[]): Wanted => {
  const root = blank()
  for (const [id, steps] of paths.entries()) {
    let at = root
    for (const step of steps) {
      const next = at.below.get(step) ?? blank()
      at.below.set(step, next)
      at = next
    }
    at.ids.push(id)
  }
  return root
}

const stringAt = /"(?:[^"\\]+|\\.)*"/y
const blanks = /[\s,:]*/y
const plainAt = /[^\s,:\]}]+/y
const notable = /["[\]{}]/g

const endOf = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at + 1
}

/** Passes over a value, however deep it is. */
const skipped = (text: string, start: number): number => {
  const first = text[start]
  if (first === '"') return endOf(stringAt, text, start)
  if (first !== '{' && first !== '[') return endOf(plainAt, text, start)
  let [at, depth] = [start, 0]
  do {
    notable.lastIndex = at
    const found = notable.exec(text)
    if (found === null) return text.length
    if (found[0] === '"') at = endOf(stringAt, text, found.index)
    else {
      depth += found[0] === '{' || found[0] === '[' ? 1 : -1
      at = found.index + 1
    }
  } while (depth > 0)
  return at
}

const wantedBelow = ({ below }: Wanted, key: PathStep): Wanted | undefined =>
  below.get(key) ??
  (typeof key === 'string' && key.length > 63 ? [...below].find(([step]) => isNamed(key, step))?.[1] : undefined)

type Paths = readonly (readonly PathStep[])[]
type Offsets = readonly (number | undefined)[]

/** Where the values at the ends of these paths begin, below the value at `from`, in one pass; of keys that stand twice the last one counts. */
const offsetsBelow = (text: string, from: number, paths: Paths): Offsets => {
  const offsets: (number | undefined)[] = paths.map(() => undefined)

  const visit = (start: number, wanted: Wanted | undefined): number => {
    if (wanted === undefined) return skipped(text, start)
    for (const id of wanted.ids) offsets[id] = start
    const first = text[start]
    if (wanted.below.size === 0 || (first !== '{' && first !== '[')) return skipped(text, start)
    let at = endOf(blanks, text, start + 1)
    for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index++) {
      let key: PathStep = index
      if (first === '{') {
        const end = endOf(stringAt, text, at)
        key = String(JSON.parse(text.slice(at, end)))
        at = endOf(blanks, text, end)
      }
      at = endOf(blanks, text, visit(at, wantedBelow(wanted, key)))
    }
    return at + 1
  }

  visit(from, wantedIn(paths))
  return offsets
}

/** Where the elements of the list at `start` begin. */
const elementsAt = (text: string, start: number): readonly number[] => {
  const starts: number[] = []
  if (text[start] !== '[') return starts
  for (let at = endOf(blanks, text, start + 1); at < text.length && text[at] !== ']'; ) {
    starts.push(at)
    at = endOf(blanks, text, skipped(text, at))
  }
  return starts
}

/**
 * Makes what tells where the values at the ends of paths begin. Lists of Kubernetes hold thousands of objects, each of which is asked
 * about by itself: where their items begin is looked for once.
 */
export const jsonOffsetsIn = (text: string): ((paths: Paths) => Offsets) => {
  const known = new Map<number, readonly number[]>()
  const itemsBelow = (from: number): readonly number[] => {
    const [list] = known.has(from) ? [] : offsetsBelow(text, from, [['items']])
    const items = known.get(from) ?? (list === undefined ? [] : elementsAt(text, list))
    known.set(from, items)
    return items
  }
  const nearest = (steps: readonly PathStep[]): { readonly from: number; readonly left: readonly PathStep[] } => {
    let [from, left] = [endOf(blanks, text, 0), steps]
    for (let [first, index] = left; first === 'items' && typeof index === 'number'; [first, index] = left) {
      const item = itemsBelow(from)[index]
      if (item === undefined) break
      from = item
      left = left.slice(2)
    }
    return { from, left }
  }
  return paths => {
    const all = paths.map((steps, id) => ({ id, ...nearest(steps) }))
    const offsets: (number | undefined)[] = paths.map(() => undefined)
    for (const [from, group] of Map.groupBy(all, each => each.from)) {
      const found = offsetsBelow(
        text,
        from,
        group.map(({ left }) => left),
      )
      for (const [at, { id }] of group.entries()) offsets[id] = found[at]
    }
    return offsets
  }
}
