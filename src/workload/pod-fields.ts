import { ownProperty } from '../lib/untrusted.ts'
import type { PodPlace } from './kinds.ts'
import { walk } from './path.ts'

/** Reads a field of a pod spec, or of what stands in for it where the spec leaves it out. */
export type PodField = (name: string) => unknown

/** A pod spec, or an object like one, and where it was found. */
export interface FoundPod {
  readonly path: string
  readonly spec: unknown
  readonly field: PodField
}

/** Finds the pod specs that stand at a place of an object. */
export const podsAt = (object: unknown, place: PodPlace): readonly FoundPod[] => {
  const standIns = place.fallbacks.map(fallback => standInsFor(object, place.podSpec, fallback))
  return walk(object, place.podSpec).map(([path, spec]) => {
    const sources = [spec, ...standIns.map(byPath => byPath.get(path))]
    return { path, spec, field: name => firstGiven(sources, name) }
  })
}

const firstGiven = (sources: readonly unknown[], name: string): unknown => {
  for (const source of sources) {
    const value = ownProperty(source, name)
    if (isGiven(value)) return value
  }
  return undefined
}

// To Go an empty list, map or text and a missing one are the same.
const isGiven = (value: unknown): boolean => {
  if (value === undefined || value === null || value === '') return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

/** What stands at the fallback's path, by the path of the pod spec that it belongs to: `tasks[3].template` has `tasks[3]`, not `tasks[0]`. */
const standInsFor = (object: unknown, podSpec: string, fallback: string): ReadonlyMap<string, unknown> => {
  const [shared, ofPod, ofFallback] = splitShared(podSpec, fallback)
  const found = new Map<string, unknown>()
  for (const [at, ancestor] of walk(object, shared)) {
    const [first] = walk(ancestor, ofFallback, at)
    if (first) for (const [path] of walk(ancestor, ofPod, at)) found.set(path, first[1])
  }
  return found
}

const splitShared = (a: string, b: string): readonly [shared: string, restOfA: string, restOfB: string] => {
  const [left, right] = [a.split('.'), b.split('.')]
  const differs = left.findIndex((segment, index) => segment !== right[index])
  const length = differs < 0 ? left.length : differs
  return [joined(left.slice(0, length)), joined(left.slice(length)), joined(right.slice(length))]
}

const joined = (segments: readonly string[]): string => segments.join('.')
