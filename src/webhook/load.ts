/** Says whether there is more to do than can be done in time. */
export interface Load {
  /** How late we are: for so long has whatever comes in now been waiting to be read. */
  readonly lateMs: () => number
  readonly isTooHigh: () => boolean
  /** Counts a piece of work, until it is over. */
  readonly begin: (bytes: number) => () => void
  readonly close: () => void
}

/** Options of a load. */
export interface LoadOptions {
  /** Reviews under way at the most. */
  readonly mostReviews: number
  /** Bytes of their texts at the most. */
  readonly mostBytes: number
  /** Later than that, twice in a row, is too late: one large object takes a long turn by itself. */
  readonly mostLateMs: number
  readonly nowMs: () => number
}

const tickMs = 100

/** Watches over the load: by what is under way, and by how late a timer is, which waits for the same turn as everybody. */
export const createLoad = ({ mostReviews, mostBytes, mostLateMs, nowMs }: LoadOptions): Load => {
  let [reviews, bytes, dueMs, lastLateMs, beforeMs] = [0, 0, nowMs() + tickMs, 0, 0]
  const tick = (): void => {
    beforeMs = lastLateMs
    lastLateMs = Math.max(nowMs() - dueMs, 0)
    dueMs = nowMs() + tickMs
  }
  const timer = setInterval(tick, tickMs).unref()
  const lateMs = (): number => Math.max(lastLateMs, nowMs() - dueMs, 0)
  return {
    lateMs,
    isTooHigh: () => reviews >= mostReviews || bytes >= mostBytes || Math.min(lastLateMs, beforeMs) >= mostLateMs,
    begin: size => {
      reviews += 1
      bytes += size
      return () => {
        reviews -= 1
        bytes -= size
      }
    },
    close: () => clearInterval(timer),
  }
}
