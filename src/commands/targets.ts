import { resolve } from 'node:path'
import type { Target } from '../cli/output/target.ts'
import { writeWhole } from '../cli/output/write-whole.ts'
import type { Context, Format } from '../report/format.ts'
import type { Sheet } from '../report/sheet.ts'
import type { Surroundings } from './surroundings.ts'
import { verdictPage } from './verdict-page.ts'
import { version } from './version.ts'

type Screen = Pick<Surroundings, 'environment' | 'stdout'>

/** Whether a stream is to have colours, as most programs have agreed (no-color.org, force-color.org). */
const hasColours = ({ environment, stdout }: Screen): boolean => {
  if (environment['NO_COLOR']) return false
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0'
  return stdout.isTTY === true && environment['TERM'] !== 'dumb'
}

/** What a report says beside its sheet. */
export const reportContext = (command: Context['command'], tookMs: number, screen: Screen): Context => ({
  command,
  version,
  writtenAt: new Date(),
  tookMs,
  colours: hasColours(screen),
  page: verdictPage,
})

const plainText: readonly Target[] = [{ format: 'text', file: undefined }]

/** Of the formats the usual one is small. */
const formatCalled = async (name: Target['format']): Promise<Format> =>
  name === 'text' ? (await import('../report/text.ts')).text : (await import('../report/formats.ts')).formats[name]

/** Writes a sheet wherever it is asked for, as text on standard output unless told otherwise; a sentence for each that cannot be written. */
export const writeTargets = async (
  sheet: Sheet,
  context: Context,
  targets: readonly Target[],
  { stdout, folder }: Pick<Surroundings, 'stdout' | 'folder'>,
): Promise<readonly string[]> => {
  const problems: string[] = []
  for (const { format, file } of targets.length === 0 ? plainText : targets) {
    const write = await formatCalled(format)
    const text = write(sheet, file === undefined ? context : { ...context, colours: false })
    const problem = file === undefined ? undefined : await writeWhole(resolve(folder, file), text)
    if (file === undefined) stdout.write(text)
    if (problem !== undefined) problems.push(`${file} ${problem}.`)
  }
  return problems
}
