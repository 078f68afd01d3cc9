import { linesOf } from '../lib/text-lines.ts'
import { clip, quoted } from '../verdict/text.ts'
import type { Complaint, Mistake } from './complaint.ts'

// Nobody reads more at a time.
const mostComplaints = 100
const mostStepCharacters = 60

const stepText = (step: string): string => {
  const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
  if (/^\d+$/.test(name)) return `[${name}]`
  return /^[A-Za-z][\w-]*$/.test(name) ? `.${clip(name, mostStepCharacters)}` : `[${quoted(name, mostStepCharacters)}]`
}

/** A JSON pointer for people. */
const pathOf = (pointer: string): string => pointer.split('/').slice(1).map(stepText).join('').replace(/^\./, '')

/** The complaints that mistakes come to, in the order of the text, and no more than somebody reads. */
export const placed = (text: string, mistakes: readonly Mistake[]): readonly Complaint[] => {
  const lines = linesOf(text)
  const complaints = mistakes
    .toSorted((a, b) => a.offset - b.offset)
    .slice(0, mostComplaints)
    .map(({ offset, pointer, what }) => {
      const within = Math.min(Math.max(offset, 0), text.length)
      return { ...lines.at(within), path: pathOf(pointer), what }
    })
  const last = complaints.at(-1)
  const more = mistakes.length - complaints.length
  if (last === undefined || more === 0) return complaints
  return [...complaints, { ...last, path: '', what: `and ${more} more complaints` }]
}
