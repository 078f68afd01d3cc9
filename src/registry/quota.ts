/** What a registry says of how much may still be asked of it. */
export interface Quota {
  readonly limit: number
  readonly remaining: number
  /** Undefined where it does not say for how long. */
  readonly windowSeconds: number | undefined
}

// A number, and perhaps the window that it is for: `100;w=21600`.
const reading = /^(\d{1,9})(?:\s*;\s*w=(\d{1,9}))?$/

type Reading = { readonly count: number; readonly windowSeconds: number | undefined }

const read = (text: string | undefined): Reading | undefined => {
  const [, count, seconds] = reading.exec(text?.trim() ?? '') ?? []
  if (count === undefined) return undefined
  return { count: Number(count), windowSeconds: seconds === undefined ? undefined : Number(seconds) }
}

/**
 * Reads the headers in which Docker Hub tells an account's or an address's quota, on good answers too. Trap: where
 * nothing is left, HEAD is still answered with 200, and only the node's GET is refused.
 */
export const quotaOf = (header: (name: string) => string | undefined): Quota | undefined => {
  const limit = read(header('ratelimit-limit'))
  const remaining = read(header('ratelimit-remaining'))
  if (limit === undefined || remaining === undefined) return undefined
  return {
    limit: limit.count,
    remaining: remaining.count,
    windowSeconds: remaining.windowSeconds ?? limit.windowSeconds,
  }
}
