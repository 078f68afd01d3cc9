import type { Sheet } from './sheet.ts'

/** `1 image`, `2 images`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

const findingsText = ({ deny, warn, unknown }: Sheet['summary']): string => {
  if (deny + warn === 0) return 'nothing to say'
  const parts = [
    ...(deny > 0 ? [counted(deny, 'finding denies', 'findings deny')] : []),
    ...(warn > 0 ? [deny > 0 ? counted(warn, 'warns', 'warn') : counted(warn, 'finding warns', 'findings warn')] : []),
  ]
  return `${parts.join(', ')}${unknown > 0 ? ` (${unknown} could not be found out)` : ''}`
}

/** The whole in one sentence. */
export const headline = ({ outcome, summary, gaps, change }: Sheet): string => {
  const { images, objects, waived, skipped } = summary
  const parts = [
    findingsText(summary),
    `${counted(images, 'image')} in ${counted(objects, 'object')}`,
    ...(change === undefined ? [] : [`${change.new} new, ${change.gone} gone`]),
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(skipped > 0 ? [`${skipped} not asked about`] : []),
    ...(gaps.length > 0 ? [`${counted(gaps.length, 'gap')} in what was looked at`] : []),
  ]
  return `${outcome}: ${parts.join('; ')}`
}
