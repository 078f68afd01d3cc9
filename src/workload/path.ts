import { fail, ok, type Result } from '../lib/result.ts'
import { asList, asRecord, ownProperty } from '../lib/untrusted.ts'

/** One step down a JSON value: to a named property, to every element of a list, or to every value of a map. */
export type Step =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'elements' }
  | { readonly kind: 'values' }

/** Reads a path such as `spec.tasks[*].template` or `spec.replicas.*.template`; the empty path is the value itself. */
export const compilePath = (text: string): Result<readonly Step[], string> => {
  const steps: Step[] = []
  for (const segment of text === '' ? [] : text.split('.')) {
    const read = readSegment(segment)
    if (!read) return fail(`"${segment}" is not a name, a name followed by [*], or *`)
    steps.push(...read)
  }
  return ok(steps)
}

/** What stands at a path: the concrete path, and the value. */
export type Found = readonly [path: string, value: unknown]

// The same few paths are walked for every object. They come from the table of kinds, so that there is an end to them.
const compiled = new Map<string, readonly Step[]>()

const stepsOf = (path: string): readonly Step[] | undefined => {
  const known = compiled.get(path)
  if (known !== undefined) return known
  const steps = compilePath(path)
  if (!steps.ok) return undefined
  compiled.set(path, steps.value)
  return steps.value
}

/** Finds what stands at a path, below `at`; what does not fit is passed over. */
export const walk = (value: unknown, path: string, at = ''): readonly Found[] => {
  const steps = stepsOf(path)
  if (steps === undefined) return []
  // The work is bounded by the value itself: steps only lead down, so that no part of it is visited twice.
  let found: readonly Found[] = [[at, value]]
  for (const step of steps) {
    const below: Found[] = []
    for (const [above, parent] of found) addChildren(parent, step, above, below)
    found = below
  }
  return found
}

const addChildren = (value: unknown, step: Step, at: string, found: Found[]): void => {
  switch (step.kind) {
    case 'property':
      addProperty(value, step.name, at, found)
      return
    case 'elements':
      for (const [index, element] of asList(value).entries()) found.push([`${at}[${index}]`, element])
      return
    case 'values':
      for (const name of Object.keys(asRecord(value) ?? {})) addProperty(value, name, at, found)
  }
}

const addProperty = (value: unknown, name: string, at: string, found: Found[]): void => {
  const child = ownProperty(value, name)
  if (child !== undefined) found.push([joined(at, name), child])
}

// A map's key is the author's text: kept short, since a path is made for each thing below it.
const keyLimit = 63

const joined = (at: string, name: string): string => {
  if (!/^[\w-]{1,63}$/.test(name)) return `${at}[${JSON.stringify(name.slice(0, keyLimit))}]`
  return at === '' ? name : `${at}.${name}`
}

const readSegment = (segment: string): readonly Step[] | undefined => {
  const [, head = '', lists = ''] = /^(\*|[A-Za-z_][\w-]*)((?:\[\*\])*)$/.exec(segment) ?? []
  if (head === '') return undefined
  const first: Step = head === '*' ? { kind: 'values' } : { kind: 'property', name: head }
  return [first, ...Array.from({ length: lists.length / '[*]'.length }, (): Step => ({ kind: 'elements' }))]
}
