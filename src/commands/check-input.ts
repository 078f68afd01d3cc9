import { resolve } from 'node:path'
import { askedImages } from '../cli/asked-images.ts'
import { type Gathered, gather } from '../cli/input/gather.ts'
import { readImageList } from '../cli/input/image-list.ts'
import { type InputProblem, problemLines } from '../cli/input/input-problem.ts'
import { readBytes, readStream } from '../cli/input/read-bytes.ts'
import { textOfBytes, tooLarge } from '../cli/input/text-of-bytes.ts'
import type { FoundObject } from '../cli/manifest/found-object.ts'
import type { Holding } from '../cli/manifest/holdings.ts'
import { readText } from '../cli/manifest/read-text.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { counted } from '../report/headline.ts'
import type { Kind } from '../workload/kinds.ts'
import type { CheckOptions } from './check.ts'
import type { Surroundings } from './surroundings.ts'

/** All input of a check. */
export interface CheckInput {
  readonly objects: readonly FoundObject[]
  readonly holdings: readonly Holding[]
  /** Files whose credentials count for every pod. */
  readonly configs: readonly string[]
  /** Lines on what was wrong with it, or is worth knowing. */
  readonly said: readonly string[]
  /** What could not be looked at, one sentence each. */
  readonly gaps: readonly string[]
  readonly isUnreadable: boolean
  /** What was piped in. */
  readonly piped: string | undefined
}

const mostProblems = 100

const saidOf = (problems: readonly InputProblem[]): readonly string[] => {
  const left = problems.length - mostProblems
  const lines = problems.slice(0, mostProblems).flatMap(problemLines)
  return left > 0 ? [...lines, `and ${left} more`] : lines
}

const readPiped = async ({ stdin }: Surroundings): Promise<Result<string, string>> => {
  if (stdin === undefined) return fail('Nothing is piped in: "-" reads standard input.')
  const bytes = await readStream(stdin)
  const text = bytes === undefined ? fail(tooLarge) : textOfBytes(bytes)
  return text.ok ? text : fail(`Standard input ${text.error}.`)
}

/** Secrets out of a file, or the file itself where it is a configuration of docker. */
const readSecrets = async (
  name: string,
  folder: string,
): Promise<Result<Pick<CheckInput, 'holdings' | 'configs'>, string>> => {
  const path = resolve(folder, name)
  const bytes = await readBytes(path)
  const text = bytes.ok ? textOfBytes(bytes.value) : bytes
  if (!text.ok) return fail(`--secret: ${name} ${text.error}.`)
  const read = readText({ name, text: text.value, origin: 'named', judged: false }, { kinds: [], also: [] })
  const secrets = read.holdings.filter(({ kind }) => kind === 'secret')
  if (secrets.length > 0) return ok({ holdings: secrets, configs: [] })
  return /"(?:auths|credHelpers|credsStore)"/.test(text.value)
    ? ok({ holdings: [], configs: [path] })
    : fail(`--secret: ${name} holds neither a Secret nor a docker configuration with "auths".`)
}

/** What somebody asks for by name, in the name of every secret that was given by hand. */
const asked = (images: readonly string[], secrets: readonly Holding[]): readonly FoundObject[] => {
  if (images.length === 0) return []
  const workload = askedImages(images)
  const names = secrets.flatMap(holding => (holding.kind === 'secret' ? [holding.name] : []))
  const pullAs = { ...workload.pullAs, imagePullSecrets: names }
  const nowhere = { placeOf: () => undefined, waived: () => false }
  return [{ workloads: [{ ...workload, pullAs }], isOwned: false, isTemplate: false, ...nowhere }]
}

const imagesOf = (options: CheckOptions, piped: string | undefined): Result<readonly string[], string> => {
  const listed = options.images.includes('-') ? readImageList(piped ?? '') : []
  if (listed === undefined) return fail('The list of images on standard input has more than 100000 lines.')
  return ok([...options.images.filter(image => image !== '-'), ...listed])
}

/** Whether a report as text comes by standard output, which says what was not looked at. What is piped in may be a function's. */
const endsInText = ({ paths, kustomizations, charts, targets }: CheckOptions): boolean =>
  !paths.includes('-') &&
  [...paths, ...kustomizations, ...charts].length > 0 &&
  (targets.length === 0 || targets.some(({ format, file }) => format === 'text' && file === undefined))

const sentence = ({ file, at, what }: InputProblem): string =>
  at === undefined ? `${file} ${what}.` : `${file}:${at.line}:${at.column}: ${what}.`

const inputOf = (
  gathered: Gathered,
  options: CheckOptions,
  known: Pick<CheckInput, 'holdings' | 'configs' | 'piped'>,
): Result<CheckInput, string> => {
  const images = imagesOf(options, known.piped)
  if (!images.ok) return images
  const { problems } = gathered
  const errors = problems.filter(({ weight }) => weight === 'error')
  const told = errors.slice(0, mostProblems)
  const showsGaps = endsInText(options)
  // With a place there is more to it than the sentence: the line itself.
  const isToldOnce = (problem: InputProblem): boolean => showsGaps && problem.at === undefined && told.includes(problem)
  const objects = [...gathered.objects, ...asked(images.value, known.holdings)]
  const nothing =
    objects.length === 0 && errors.length === 0 ? [`No image was found in ${counted(gathered.files, 'file')}.`] : []
  return ok({
    ...known,
    objects,
    // Of two with one name the last counts: what was given by hand.
    holdings: [...gathered.holdings, ...known.holdings],
    said: [...saidOf(problems.filter(problem => !isToldOnce(problem))), ...nothing],
    gaps: told.map(sentence),
    isUnreadable: errors.length > 0,
  })
}

/** Reads all input of a check; fails with a sentence where there is no sense in going on. */
export const gatherFor = async (
  options: CheckOptions,
  kinds: readonly Kind[],
  surroundings: Surroundings,
): Promise<Result<CheckInput, string>> => {
  const { environment, folder } = surroundings
  const [isPiped, isListed] = [options.paths.includes('-'), options.images.includes('-')]
  const piped = isPiped || isListed ? await readPiped(surroundings) : ok(undefined)
  if (!piped.ok) return piped
  const holdings: Holding[] = []
  const configs: string[] = []
  for (const name of options.secrets) {
    const read = await readSecrets(name, folder)
    if (!read.ok) return read
    holdings.push(...read.value.holdings)
    configs.push(...read.value.configs)
  }
  const text = isPiped ? (piped.value ?? '') : undefined
  const gathered = await gather({
    ...options,
    paths: options.paths.filter(path => path !== '-'),
    folder,
    environment,
    kinds,
    piped: text === undefined ? undefined : { name: 'stdin', text, origin: 'named', judged: true },
  })
  return gathered.ok ? inputOf(gathered.value, options, { holdings, configs, piped: piped.value }) : gathered
}
