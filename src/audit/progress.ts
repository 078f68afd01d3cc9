/** How far an audit has come. */
export interface Progress {
  readonly done: number
  readonly of: number
  /** Since the first was begun. */
  readonly tookMs: number
}

const seconds = (ms: number): string => {
  const whole = Math.ceil(ms / 1000)
  return whole < 120 ? `${whole} s` : `${Math.ceil(whole / 60)} min`
}

/** One line: count, rate and the time that is likely to be left. */
export const progressLine = ({ done, of, tookMs }: Progress): string => {
  if (done === 0 || tookMs <= 0) return `0 of ${of} workloads`
  const perSecond = (done * 1000) / tookMs
  const left = done < of ? `, about ${seconds(((of - done) * 1000) / perSecond)} left` : ''
  return `${done} of ${of} workloads, ${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)} a second${left}`
}
