import type { Format } from './format.ts'
import { markdownWithin } from './markdown.ts'

// GitHub takes 1 MiB for each step and drops a longer summary whole (docs: workflow commands, adding a job summary).
const mostBytes = 1024 * 1024

/** What is appended to the file that $GITHUB_STEP_SUMMARY names. */
export const stepSummary: Format = sheet => markdownWithin(sheet, mostBytes)
