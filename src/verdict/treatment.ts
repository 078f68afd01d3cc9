import type { Mode } from './policy.ts'

/** What is done with a group of objects: judged like any other, warned about at the most, or not looked at. */
export type Treatment = 'enforce' | 'warn' | 'skip'

/** The mode for an object to which these treatments apply: the most lenient counts, and none is stricter than the mode. */
export const modeUnder = (mode: Mode, treatments: readonly Treatment[]): Mode => {
  if (treatments.includes('skip')) return 'off'
  return mode === 'enforce' && treatments.includes('warn') ? 'warn' : mode
}
