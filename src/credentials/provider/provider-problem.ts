import { scrubbed } from '../../lib/scrub.ts'
import type { RunProblem } from '../run-program.ts'

/** Why a provider gave no answer, and what it said of that itself. */
export interface ProviderProblem {
  readonly what: RunProblem | 'bad-answer' | 'no-token' | 'gives-token'
  /** A line of its standard error without what might be a secret; often there is none. */
  readonly said: string
}

/** The problem of which the provider said nothing. */
export const unsaid = (what: ProviderProblem['what']): ProviderProblem => ({ what, said: '' })

// Whoever writes pods reads this. A provider should not print its keys; some print the request that failed, or a token.
const secrets: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [
    /\b(\w*(?:password|passwd|secret|token|credential|signature|authorization|api_?key))(["']?\s*[:=]\s*)(["']?)[^\s"',;}]+/gi,
    '$1$2$3…',
  ],
  // Keys of clouds have 20 characters and more, tokens hundreds.
  [/[\w+/=-]{20,}/g, '…'],
]

const mostCharacters = 160

const tellsTrouble = (line: string): boolean =>
  /error|fail|denied|unauthori[sz]ed|forbidden|cannot|could not|unable|expired|invalid|timed? ?out|no such/i.test(line)

/** What a provider said of its trouble: the first line that speaks of any, or else the last line. */
export const saidIn = (stderr: string): string => {
  const lines = stderr.split(/[\r\n]+/).map(line => line.trim())
  const line = lines.find(tellsTrouble) ?? lines.findLast(each => each !== '') ?? ''
  return secrets
    .reduce((left, [pattern, instead]) => left.replace(pattern, instead), scrubbed(line))
    .slice(0, mostCharacters)
}
