import type { Executable } from './executable.ts'
import type { Kept, LayerFiles } from './layer-files.ts'

/** What a path leads to: an executable file, or the last name that was looked for in vain. */
export type Found =
  | { readonly kind: 'file'; readonly file: Executable }
  | { readonly kind: 'missing'; readonly name: string }

/** Follows a path through the layers. */
export type FindFile = (path: string) => Found

// MAXSYMLINKS (Linux, include/linux/namei.h).
const mostLinks = 40

// No path of a real image has half as many parts.
const mostParts = 64

// A look along PATH through a few links is some dozens; an image may be made to cost more.
const mostSteps = 1000

/** A directory, and how many of the layers, from the top, still have a say in it. */
interface Place {
  readonly path: string
  readonly layers: number
}

interface Step extends Place {
  readonly kept: Kept | undefined
}

const rootOf = (layers: readonly LayerFiles[]): Place => {
  const emptied = layers.findIndex(({ opaque }) => opaque.has('/'))
  return { path: '', layers: emptied < 0 ? layers.length : emptied + 1 }
}

// PATH_MAX (Linux, include/uapi/linux/limits.h).
const mostCharacters = 4096

const partsOf = (path: string): readonly string[] =>
  path
    .slice(0, mostCharacters)
    .split('/')
    .filter(part => part !== '' && part !== '.')

/** The highest layer wins; directories of several layers are one, until one of them removes what is below. */
const stepInto = (layers: readonly LayerFiles[], from: Place, name: string): Step => {
  const path = `${from.path}/${name}`
  let directory: Kept | undefined
  for (const [index, layer] of layers.slice(0, from.layers).entries()) {
    const kept = layer.entries.get(path)
    if (kept !== undefined && kept.kind !== 'directory')
      return directory === undefined ? { path, layers: index + 1, kept } : { path, layers: index, kept: directory }
    directory = kept ?? directory
    if (layer.removed.has(path) || layer.opaque.has(path)) return { path, layers: index + 1, kept: directory }
  }
  return { path, layers: from.layers, kept: directory }
}

/**
 * A finder of files in layers, of which the top one comes first. Layers that were not read, or not to the end, count as
 * empty: a file that they replace is still a program of this image. So does a directory that no layer read so far names.
 */
export const createFindFile = (layers: readonly LayerFiles[]): FindFile => {
  const root = rootOf(layers)
  let steps = mostSteps
  return path => {
    const trail: Place[] = []
    const ahead = partsOf(path).toReversed()
    let [links, name] = [0, '']
    for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
      if (steps-- <= 0 || ahead.length > mostParts) return { kind: 'missing', name }
      if (part === '..') {
        trail.pop()
        continue
      }
      name = part
      const { kept, ...place } = stepInto(layers, trail.at(-1) ?? root, part)
      if (kept === undefined || kept.kind === 'directory') trail.push(place)
      else if (kept.kind !== 'link')
        return ahead.length === 0 ? { kind: 'file', file: kept } : { kind: 'missing', name }
      else if (++links > mostLinks) return { kind: 'missing', name }
      else {
        if (kept.target.startsWith('/')) trail.length = 0
        ahead.push(...partsOf(kept.target).toReversed())
      }
    }
    return { kind: 'missing', name }
  }
}
