import { appendFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Baseline, baselineOf, readBaseline } from '../cli/baseline.ts'
import { readBytes } from '../cli/input/read-bytes.ts'
import { textOfBytes } from '../cli/input/text-of-bytes.ts'
import type { Judging } from '../cli/judging.ts'
import { endedBy, exitCodeOf } from '../cli/outcome.ts'
import { isResourceList, withResults } from '../cli/output/krm.ts'
import type { Target } from '../cli/output/target.ts'
import { writeWhole } from '../cli/output/write-whole.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Context } from '../report/format.ts'
import type { Sheet } from '../report/sheet.ts'
import { sheetOf } from '../report/sheet-of.ts'
import type { Policy } from '../verdict/policy.ts'
import type { CheckOptions } from './check.ts'
import type { CheckInput } from './check-input.ts'
import { type Environment, exitCodes, type Surroundings } from './surroundings.ts'
import { reportContext, writeTargets } from './targets.ts'

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

/** In a workflow of GitHub the summary of the step shows the whole. */
const summarise = async (
  targets: readonly Target[],
  sheet: Sheet,
  context: Context,
  environment: Environment,
): Promise<readonly string[]> => {
  const file = environment['GITHUB_STEP_SUMMARY']
  if (!file || !targets.some(({ format }) => format === 'github')) return []
  const { stepSummary } = await import('../report/github-summary.ts')
  return appendFile(file, stepSummary(sheet, context)).then(
    () => [],
    () => [`${file} cannot be written: there is no summary.`],
  )
}

const problemsOf = (handedOn: Result<string, string>): string[] =>
  handedOn.ok ? [] : [`Standard input ${handedOn.error}.`]

/** Writes all that was asked for, and gives the code to exit with. */
export const writeReports = async (toTell: ToTell, surroundings: Surroundings): Promise<number> => {
  const { judging, gathered, policy, tookMs, options, log } = toTell
  const { environment, stdout, folder } = surroundings
  const sheet = sheetOf({ entries: judging.entries, policy, gaps: gathered.gaps })
  const context = reportContext('check', tookMs, surroundings)
  const { piped } = gathered
  const { targets } = options
  const isFunction = piped !== undefined && targets.length === 0 && isResourceList(piped)
  // kustomize shows of a function that fails no more than its standard error.
  if (isFunction && sheet.findings.length > 0) {
    const { text } = await import('../report/text.ts')
    log(text(sheet, { ...context, colours: false }))
  }
  const handedOn = isFunction ? withResults(piped, sheet) : undefined
  if (handedOn?.ok === true) stdout.write(handedOn.value)
  const problems =
    handedOn === undefined ? [...(await writeTargets(sheet, context, targets, surroundings))] : problemsOf(handedOn)
  problems.push(...(await summarise(targets, sheet, context, environment)))
  if (options.writeBaseline !== undefined) {
    const problem = await writeWhole(resolve(folder, options.writeBaseline), baselineOf(sheet))
    if (problem !== undefined) problems.push(`${options.writeBaseline} ${problem}.`)
  }
  for (const problem of problems) log(problem)
  if (problems.length > 0) return exitCodes.usage
  // Whoever writes down what there is has accepted it.
  if (options.writeBaseline !== undefined) return gathered.isUnreadable ? exitCodes.usage : exitCodes.done
  return exitCodeOf(endedBy(sheet, gathered.isUnreadable), options)
}
