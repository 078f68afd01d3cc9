import { defaultHost, hubHost } from '../registry/hosts/default-host.ts'
import type { Exchanged } from '../registry/observe.ts'

/** Knows which registries count pulls, and which are not to be asked any more, because others need what is left of their quota. */
export interface Guest {
  /** Told of each request. */
  readonly note: (exchanged: Exchanged) => void
  /** Whether so little is left at the registry that it is left to others. */
  readonly isSpent: (registry: string) => boolean
  /** Whether a host, as URLs name it, counts what is fetched there, so that it is asked by HEAD alone. */
  readonly isSpared: (host: string) => boolean
}

// What is left is for the nodes, and for admission.
const leftToOthers = 0.2
// Then one more HEAD, which is not counted, tells how much is left by now.
const spentMs = 15 * 60 * 1000

// Hosts are few, but whoever writes pods chooses them.
const mostHosts = 10_000

/** Makes a guest. */
export const createGuest = (nowMs: () => number): Guest => {
  const counting = new Set([hubHost])
  const left = new Map<string, { readonly part: number; readonly atMs: number }>()
  return {
    note: ({ url, quota }) => {
      if (quota === undefined || quota.limit <= 0 || left.size >= mostHosts) return
      const { host } = new URL(url)
      counting.add(host)
      left.set(host, { part: quota.remaining / quota.limit, atMs: nowMs() })
    },
    isSpent: registry => {
      const known = left.get(defaultHost(registry))
      return known !== undefined && known.part < leftToOthers && nowMs() - known.atMs < spentMs
    },
    isSpared: host => counting.has(host),
  }
}
