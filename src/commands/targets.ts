import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Target } from '../cli/output/target.ts'
import { writeWhole } from '../cli/output/write-whole.ts'
import type { Context } from '../report/format.ts'
import type { Sheet } from '../report/sheet.ts'
import type { Surroundings } from './surroundings.ts'
import { version } from './version.ts'

// Beside the program, in the package as in the repository.
const pageOf = (code: string): string | undefined => {
  try {
    return readFileSync(new URL(`../../docs/verdicts/${code}.md`, import.meta.url), 'utf8')
  } catch {
    return undefined
  }
}

/** Whether text on standard output may be coloured: no-color.org and force-color.org, else by whether it is a terminal. */
const mayColour = ({ environment, stdout }: Pick<Surroundings, 'environment' | 'stdout'>): boolean => {
  if (environment['NO_COLOR']) return false
  const forced = environment['FORCE_COLOR']
  return forced === undefined ? stdout.isTTY === true : forced !== '0' && forced !== 'false'
}

/** What a report says beside its sheet. */
export const reportContext = (
  command: Context['command'],
  tookMs: number,
  surroundings: Pick<Surroundings, 'environment' | 'stdout'>,
): Context => ({ command, version, writtenAt: new Date(), tookMs, colours: mayColour(surroundings), page: pageOf })

/** Writes a sheet wherever it is asked for, as text on standard output unless told otherwise; a sentence where it cannot. */
export const writeTargets = async (
  sheet: Sheet,
  context: Context,
  targets: readonly Target[],
  { stdout, folder }: Pick<Surroundings, 'stdout' | 'folder'>,
): Promise<string | undefined> => {
  const { formats } = await import('../report/formats.ts')
  const wanted: readonly Target[] = targets.length === 0 ? [{ format: 'text', file: undefined }] : targets
  for (const { format, file } of wanted) {
    const text = formats[format](sheet, file === undefined ? context : { ...context, colours: false })
    if (file === undefined) stdout.write(text)
    else {
      const problem = await writeWhole(resolve(folder, file), text)
      if (problem !== undefined) return `${file} ${problem}.`
    }
  }
  return undefined
}
