import { readFileSync } from 'node:fs'
import type { Code } from '../verdict/codes.ts'

const pages = new URL('../../docs/verdicts/', import.meta.url)

/** The page of a verdict, as Markdown; undefined where it is not at hand. */
export const verdictPage = (code: Code): string | undefined => {
  try {
    return readFileSync(new URL(`${code}.md`, pages), 'utf8')
  } catch {
    return undefined
  }
}
