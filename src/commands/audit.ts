import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { progressLine } from '../audit/progress.ts'
import type { Scope } from '../audit/stock.ts'
import { endedBy, exitCodeOf, type Verdicts } from '../cli/outcome.ts'
import { createProgress } from '../cli/output/progress.ts'
import type { Target } from '../cli/output/target.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { codeOf } from '../lib/small-file.ts'
import { compare, type Earlier, readEarlier } from '../report/compare.ts'
import type { Context } from '../report/format.ts'
import { plainLines } from '../report/log-line.ts'
import type { Sheet } from '../report/sheet.ts'
import { type Auditor, connectAudited, createAuditor } from './auditor.ts'
import { createClosers } from './closers.ts'
import { type ConfigurationFlags, settingsOf, withFlags } from './configuration.ts'
import { loadConfiguration } from './configuration-file.ts'
import { type PageAddress, startPages } from './page-server.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'
import { reportContext, writeTargets } from './targets.ts'

/** Options of `pullgate audit`, once. */
export interface AuditOptions extends Verdicts {
  readonly scope: Scope
  /** A context of the kubeconfig; undefined: the current one. */
  readonly context: string | undefined
  /** The file of the configuration; undefined: the one that is found. */
  readonly config: string | undefined
  readonly flags: ConfigurationFlags
  /** Empty: text, on standard output. */
  readonly targets: readonly Target[]
  /** An earlier report, as `-o json` writes it. */
  readonly compare: string | undefined
  /** Where the page is served until somebody stops it; undefined: nowhere. */
  readonly serve: PageAddress | undefined
  /** Images a second of one registry; undefined: as fast as it answers. */
  readonly perSecond: number | undefined
}

const interruptedCode = 130
// Longer than any audit: an image is asked once.
const foundSeconds = 24 * 60 * 60

const readCompared = async (file: string | undefined, folder: string): Promise<Result<Earlier | undefined, string>> => {
  if (file === undefined) return ok(undefined)
  try {
    const earlier = readEarlier(await readFile(resolve(folder, file), 'utf8'))
    return earlier.ok ? earlier : fail(`${file} cannot be compared with: ${earlier.error}.`)
  } catch (error) {
    return fail(`${file} cannot be read (${codeOf(error)}): name a report that -o json=FILE wrote with --compare.`)
  }
}

interface Looked {
  readonly sheet: Sheet
  readonly isWhole: boolean
}

/** Looks at the cluster once; a sentence where it cannot be read. */
const look = async (
  auditor: Auditor,
  { scope }: AuditOptions,
  show: (text: string) => void,
  signal: AbortSignal,
): Promise<Result<Looked, string>> => {
  show('reading the cluster')
  const stock = await auditor.stock(scope, signal)
  if (!stock.ok) return stock
  const { owners, gaps } = stock.value
  const audited = await auditor.judge(owners, progress => show(progressLine(progress)), signal)
  const isWhole = audited.whole && !signal.aborted
  const cut = `Interrupted: ${audited.entries.length} of ${owners.length} workloads are in this report.`
  return ok({ sheet: auditor.sheet(audited, isWhole ? gaps : [...gaps, cut]), isWhole })
}

/** Says of what runs in a cluster whether it could be pulled again. */
export const audit = async (options: AuditOptions, surroundings: Surroundings): Promise<number> => {
  const { stdout, stderr, environment, folder, onStop } = surroundings
  const stopped = new AbortController()
  onStop(() => stopped.abort())
  const beganMs = performance.now()
  const closers = createClosers()
  const isWatched = stderr.isTTY === true && !environment['CI']
  const progress = createProgress({ write: text => void stderr.write(text), isWatched, nowMs: () => performance.now() })
  const log = (text: string): void => {
    progress.clear()
    stderr.write(`${plainLines(text)}\n`)
  }
  const failed = async (sentence: string): Promise<number> => {
    log(sentence)
    await closers.close()
    return exitCodes.usage
  }

  const loaded = await loadConfiguration(options.config, folder)
  if (!loaded.ok) return failed(loaded.error.join('\n'))
  const settings = settingsOf(withFlags(loaded.value.configuration, options.flags), environment)
  const earlier = await readCompared(options.compare, folder)
  if (!earlier.ok) return failed(earlier.error)
  const cluster = await connectAudited({ environment, context: options.context, log })
  if (!cluster.ok) return failed(cluster.error)
  closers.add(cluster.value.close)
  const auditor = await createAuditor({
    ...{ settings, cluster: cluster.value, foundSeconds, perSecond: options.perSecond, telemetry: undefined, log },
    strictness: 'workstation',
  })
  closers.add(auditor.close)

  const looked = await look(auditor, options, progress.show, stopped.signal)
  progress.clear()
  if (!looked.ok) return failed(looked.error)
  const sheet = earlier.value === undefined ? looked.value.sheet : compare(looked.value.sheet, earlier.value)
  const context = reportContext('audit', performance.now() - beganMs, surroundings)
  const problems = await writeTargets(sheet, context, options.targets, surroundings)
  if (problems.length > 0) return failed(problems.join('\n'))
  if (options.serve !== undefined && !stopped.signal.aborted) {
    const served = await serveUntilStopped(sheet, context, options.serve, stopped.signal, text => stdout.write(text))
    if (served !== undefined) return failed(served)
  }
  await closers.close()
  if (!looked.value.isWhole) return interruptedCode
  return exitCodeOf(endedBy(sheet, false), options)
}

const serveUntilStopped = async (
  sheet: Sheet,
  context: Context,
  address: PageAddress,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<string | undefined> => {
  const { formats } = await import('../report/formats.ts')
  const plain = { ...context, colours: false }
  const [html, json] = [formats.html(sheet, plain), formats.json(sheet, plain)]
  const pages = await startPages({ html: async () => html, json: async () => json }, address)
  if (!pages.ok) return pages.error
  say(`the page is at ${pages.value.url} until Ctrl-C\n`)
  if (!signal.aborted) await once(signal, 'abort')
  await pages.value.close()
  return undefined
}
