import type { ImageReference } from '../image/reference.ts'
import type { ImageUse } from '../workload/workload.ts'
import type { Code } from './codes.ts'
import { explain } from './explain.ts'
import type { Finding } from './finding.ts'
import { clip, lengthOf, quoted } from './text.ts'

/** Above 4,096 characters of warnings together the API server cuts each to 256, so that a line of 240 always stays whole. */
export const lineLimit = 240

/** What a line is about. */
export interface LineSubject {
  readonly use: ImageUse
  readonly reference: ImageReference | undefined
  /** The finding that the line explains. */
  readonly finding: Finding
  /** All codes of the image, the explained one first. */
  readonly codes: readonly Code[]
}

const assemble = (subject: LineSubject, imageLength: number, pathLength: number): string => {
  const { what, why, next } = explain(subject.finding, subject.reference)
  const { use, codes } = subject
  const repair = next === '' ? '' : `; ${next}`
  return `image ${quoted(use.image.text, imageLength)} ${what} (${clip(use.path, pathLength)}): ${why}${repair} [${codes.join(', ')}]`
}

/** The line's repair instruction: what, where, why, what next. The names give way where it would be too long. */
export const lineOf = (subject: LineSubject): string => {
  const widths = [
    [110, 80],
    [80, 60],
    [60, 40],
    [40, 30],
    [24, 20],
  ] as const
  const lines = widths.map(
    ([image, path]) =>
      () =>
        assemble(subject, image, path),
  )
  const fitting = lines.find(line => lengthOf(line()) <= lineLimit)
  return fitting?.() ?? clip(assemble(subject, 24, 20), lineLimit)
}
