/** How long to wait before the next try. */
export interface BackOff {
  readonly nextMs: () => number
  /** All was well: the next wait is short again. */
  readonly reset: () => void
}

// As the informers of Kubernetes: from 800 ms, doubled each time, up to 30 s (client-go, tools/cache/reflector.go).
const firstMs = 800
const mostMs = 30_000

/** Makes waits that grow; half of each is by chance, so that many who lost the same server do not come back together. */
export const createBackOff = (random: () => number): BackOff => {
  let ms = firstMs
  return {
    nextMs: () => {
      const waitMs = ms * (0.5 + random() / 2)
      ms = Math.min(ms * 2, mostMs)
      return waitMs
    },
    reset: () => {
      ms = firstMs
    },
  }
}
