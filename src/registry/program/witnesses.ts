import { posix } from 'node:path'
import { formatPlatform, type Platform } from '../../image/platform.ts'
import type { Program } from './program.ts'

/** The programs that were seen on the way, of which any will do where the right one was not found. */
export interface Witnesses {
  readonly add: (path: string, platform: Platform) => void
  /** What they agree on. */
  readonly agreed: () => Program
}

/**
 * Those in the directories of PATH are heard first: packages of many languages carry helpers for every platform with
 * them, far from there.
 */
export const createWitnesses = (directories: readonly string[]): Witnesses => {
  const [near, all] = [new Map<string, Platform>(), new Map<string, Platform>()]
  const searched = new Set(directories.map(directory => posix.resolve('/', directory)))
  return {
    add: (path, platform) => {
      const name = formatPlatform(platform)
      all.set(name, platform)
      if (searched.has(posix.dirname(path))) near.set(name, platform)
    },
    agreed: () => {
      const [platform, ...others] = (near.size > 0 ? near : all).values()
      return platform === undefined || others.length > 0 ? { kind: 'not-found' } : { kind: 'found', platform }
    },
  }
}
