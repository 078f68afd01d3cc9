/** Somewhere that progress can be shown, and whether there is anybody to look. */
export interface ProgressScreen {
  readonly write: (text: string) => void
  /** A terminal, and no pipeline: their logs would keep every line. */
  readonly isWatched: boolean
  readonly nowMs: () => number
}

/** A line that tells how far things are, on a terminal alone. */
export interface Progress {
  readonly show: (text: string) => void
  /** Takes the line away. */
  readonly clear: () => void
}

const betweenMs = 100
const eraseLine = '\r\u001b[2K'

/** Makes a line of progress; where nobody looks it says nothing. */
export const createProgress = ({ write, isWatched, nowMs }: ProgressScreen): Progress => {
  let [shownMs, isShown] = [Number.NEGATIVE_INFINITY, false]
  return {
    show: text => {
      if (!isWatched || nowMs() - shownMs < betweenMs) return
      shownMs = nowMs()
      isShown = true
      write(`${eraseLine}${text}`)
    },
    clear: () => {
      if (isShown) write(eraseLine)
      isShown = false
    },
  }
}
