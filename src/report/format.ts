import type { Code } from '../verdict/codes.ts'
import type { Sheet } from './sheet.ts'

/** What a report says beside its sheet. */
export interface Context {
  /** The command that made it. */
  readonly command: 'check' | 'audit'
  /** Of Pullgate. */
  readonly version: string
  readonly writtenAt: Date
  readonly tookMs: number
  /** Whether text may be coloured. */
  readonly colours: boolean
  /** The page of a verdict, as in docs/verdicts; undefined where it is not at hand. */
  readonly page: (code: Code) => string | undefined
}

/** Writes a sheet in one format. The text ends with a line break. */
export type Format = (sheet: Sheet, context: Context) => string
