import type { ImageReference } from '../image/reference.ts'
import type { ImageUse } from '../workload/workload.ts'
import type { Code } from './codes.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explanation.ts'
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

/** How much of the explanation stands in a line; what is left out is left out whole. */
const extents = ['what, why, next', 'what, why', 'what'] as const

const sentence = ({ what, why, next }: Explanation, where: string, extent: (typeof extents)[number]): string => {
  switch (extent) {
    case 'what, why, next':
      return `${what} (${where}): ${why}${next === '' ? '' : `; ${next}`}`
    case 'what, why':
      return `${what} (${where}): ${why}`
    case 'what':
      return `${what} (${where})`
  }
}

// Of the image and of the path, in characters.
const widths = [
  [110, 80],
  [80, 60],
  [60, 40],
  [40, 30],
  [24, 20],
] as const

/**
 * The line's repair instruction: what, where, why, what next. Where it would be too long, first the names give way, then what
 * to do, then the reason: half a sentence may say the contrary of the whole.
 */
export const lineOf = ({ use, reference, finding, codes }: LineSubject): string => {
  const explanation = explain(finding, reference)
  const assemble = (extent: (typeof extents)[number], image: number, path: number): string =>
    `image ${quoted(use.image.text, image)} ${sentence(explanation, clip(use.path, path), extent)} [${codes.join(', ')}]`
  for (const extent of extents)
    for (const [image, path] of widths) {
      const line = assemble(extent, image, path)
      if (lengthOf(line) <= lineLimit) return line
    }
  return clip(assemble('what', 24, 20), lineLimit)
}
