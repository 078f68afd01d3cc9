import { appendFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Baseline, baselineOf, readBaseline } from '../cli/baseline.ts'
import { readBytes } from '../cli/input/read-bytes.ts'
import { textOfBytes } from '../cli/input/text-of-bytes.ts'
import type { Judging } from '../cli/judging.ts'
import { exitCodeOf } from '../cli/outcome.ts'
import { isResourceList, withResults } from '../cli/output/krm.ts'
import type { Target } from '../cli/output/target.ts'
import { writeWhole } from '../cli/output/write-whole.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Context } from '../report/format.ts'
import { formats } from '../report/formats.ts'
import { stepSummary } from '../report/github-summary.ts'
import type { Sheet } from '../report/sheet.ts'
import { sheetOf } from '../report/sheet-of.ts'
import type { Policy } from '../verdict/policy.ts'
import { outcomeOf } from '../verdict/verdict.ts'
import type { CheckOptions } from './check.ts'
import type { CheckInput } from './check-input.ts'
import { type Environment, exitCodes, type Surroundings } from './surroundings.ts'
import { verdictPage } from './verdict-page.ts'
import { version } from './version.ts'

/** What a run has to tell. */
export interface ToTell {
  readonly judging: Judging
  readonly gathered: CheckInput
  readonly policy: Policy
  readonly tookMs: number
  readonly options: CheckOptions
  readonly log: (text: string) => void
}

/** Reads the baseline that somebody named; none knows nothing. */
export const readOldFindings = async (name: string | undefined, folder: string): Promise<Result<Baseline, string>> => {
  if (name === undefined) return ok(new Set())
  const bytes = await readBytes(resolve(folder, name))
  const text = bytes.ok ? textOfBytes(bytes.value) : bytes
  const read = text.ok ? readBaseline(text.value) : text
  return read.ok ? read : fail(`The baseline ${name} ${read.error}.`)
}

/** Whether a stream is to have colours, as most programs have agreed (no-color.org, force-color.org). */
const hasColours = (environment: Environment, isTerminal: boolean): boolean => {
  if (environment['NO_COLOR']) return false
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0'
  return isTerminal && environment['TERM'] !== 'dumb'
}

const sure = ({ findings }: Sheet): boolean =>
  findings.some(({ code, action }) => action === 'warn' && outcomeOf(code) !== 'unknown')

/** Writes one report; undefined where that is done, and else a sentence. */
const writeReport = async (
  { format, file }: Target,
  sheet: Sheet,
  context: Context,
  { stdout, folder }: Surroundings,
): Promise<string | undefined> => {
  const text = formats[format](sheet, file === undefined ? context : { ...context, colours: false })
  if (file === undefined) {
    stdout.write(text)
    return undefined
  }
  const problem = await writeWhole(resolve(folder, file), text)
  return problem === undefined ? undefined : `${file} ${problem}.`
}

/** In a workflow of GitHub the summary of the step shows the whole. */
const summarise = async (
  targets: readonly Target[],
  sheet: Sheet,
  context: Context,
  environment: Environment,
): Promise<string | undefined> => {
  const file = environment['GITHUB_STEP_SUMMARY']
  if (!file || !targets.some(({ format }) => format === 'github')) return undefined
  return appendFile(file, stepSummary(sheet, context)).then(
    () => undefined,
    () => `${file} cannot be written: there is no summary.`,
  )
}

const defaultTargets: readonly Target[] = [{ format: 'text', file: undefined }]

/** Writes all that was asked for, and gives the code to exit with. */
export const writeReports = async (toTell: ToTell, surroundings: Surroundings): Promise<number> => {
  const { judging, gathered, policy, tookMs, options, log } = toTell
  const { environment, stdout, folder } = surroundings
  const sheet = sheetOf({ entries: judging.entries, policy, gaps: gathered.gaps })
  const context: Context = {
    command: 'check',
    version,
    writtenAt: new Date(),
    tookMs,
    colours: hasColours(environment, stdout.isTTY === true),
    page: verdictPage,
  }
  const { piped } = gathered
  const isFunction = piped !== undefined && options.targets.length === 0 && isResourceList(piped)
  const targets = options.targets.length > 0 || isFunction ? options.targets : defaultTargets
  if (isFunction) stdout.write(withResults(piped, sheet))
  const problems: (string | undefined)[] = []
  for (const target of targets) problems.push(await writeReport(target, sheet, context, surroundings))
  problems.push(await summarise(targets, sheet, context, environment))
  if (options.writeBaseline !== undefined) {
    const problem = await writeWhole(resolve(folder, options.writeBaseline), baselineOf(sheet))
    problems.push(problem === undefined ? undefined : `${options.writeBaseline} ${problem}.`)
  }
  const unwritten = problems.filter(problem => problem !== undefined)
  for (const problem of unwritten) log(problem)
  if (unwritten.length > 0) return exitCodes.usage
  // Whoever writes down what there is has accepted it.
  if (options.writeBaseline !== undefined) return gathered.isUnreadable ? exitCodes.usage : exitCodes.done
  return exitCodeOf({ outcome: sheet.outcome, warned: sure(sheet), isUnreadable: gathered.isUnreadable }, options)
}
