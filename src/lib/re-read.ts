// As often as controllers look whether a mounted file has changed; to be told of changes fails on mounts that swap links.
const keptMs = 10_000

/** A reader of files that reads anew only after a while. */
export const reReading = <T>(nowMs: () => number, read: () => Promise<T>): (() => Promise<T>) => {
  let last: { readonly atMs: number; readonly flight: Promise<T> } | undefined
  return () => {
    const atMs = nowMs()
    if (last === undefined || atMs - last.atMs >= keptMs) last = { atMs, flight: read() }
    return last.flight
  }
}
