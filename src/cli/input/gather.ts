import { fail, ok, type Result } from '../../lib/result.ts'
import type { FoundObject } from '../manifest/found-object.ts'
import type { Holding } from '../manifest/holdings.ts'
import { type FoundInText, type ReadOptions, readText } from '../manifest/read-text.ts'
import { amongChanged, changedFiles } from './changed-files.ts'
import { type FoundFile, findFiles } from './find-files.ts'
import { type InputProblem, problemWith } from './input-problem.ts'
import type { NamedText } from './named-text.ts'
import { anyPattern } from './path-pattern.ts'
import { readBytes } from './read-bytes.ts'
import { type Chart, renderChart, renderKustomization, type ToolPlace } from './render.ts'
import { textOfBytes } from './text-of-bytes.ts'

/** What somebody wants to have looked at. */
export interface Inputs extends ToolPlace, ReadOptions {
  /** Files and folders. */
  readonly paths: readonly string[]
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** A git range: only files that it changed are judged. */
  readonly changed: string | undefined
  readonly kustomizations: readonly string[]
  readonly charts: readonly Chart[]
  /** What was piped in. */
  readonly piped: NamedText | undefined
}

/** What was found in all of it. */
export interface Gathered {
  readonly objects: readonly FoundObject[]
  readonly holdings: readonly Holding[]
  readonly problems: readonly InputProblem[]
  /** How many files were there. */
  readonly files: number
}

// Reading waits for the disk, and parsing for nobody.
const readAhead = 8

const readFile = async (file: FoundFile, judged: boolean, options: ReadOptions): Promise<FoundInText> => {
  const bytes = await readBytes(file.path)
  const text = bytes.ok ? textOfBytes(bytes.value) : bytes
  if (!text.ok) return { objects: [], holdings: [], problems: [problemWith(file.name, text.error)] }
  return readText({ name: file.name, text: text.value, origin: file.isNamed ? 'named' : 'found', judged }, options)
}

/** Reads files, a few ahead of the one that is parsed; what was parsed is let go. */
const readFiles = async (
  files: readonly FoundFile[],
  judged: (file: FoundFile) => boolean,
  options: ReadOptions,
): Promise<readonly FoundInText[]> => {
  const found: FoundInText[] = []
  for (let at = 0; at < files.length; at += readAhead)
    found.push(
      ...(await Promise.all(files.slice(at, at + readAhead).map(file => readFile(file, judged(file), options)))),
    )
  return found
}

const renderAll = async ({
  kustomizations,
  charts,
  ...place
}: Inputs): Promise<Result<readonly NamedText[], string>> => {
  const texts: NamedText[] = []
  const work = [
    ...kustomizations.map(folder => () => renderKustomization(folder, place)),
    ...charts.map(chart => () => renderChart(chart, place)),
  ]
  for (const render of work) {
    const text = await render()
    if (!text.ok) return text
    texts.push(text.value)
  }
  return ok(texts)
}

/** The files to be judged; all of them where nobody asks what changed. */
const changedAmong = async (
  inputs: Inputs,
  files: readonly FoundFile[],
): Promise<Result<ReadonlySet<string>, string>> => {
  const paths = files.map(({ path }) => path)
  if (inputs.changed === undefined) return ok(new Set(paths))
  const changed = await changedFiles(inputs.changed, inputs)
  return changed.ok ? ok(await amongChanged(changed.value, paths)) : changed
}

/** Finds and reads all input; fails with a sentence where there is no sense in going on. */
export const gather = async (inputs: Inputs): Promise<Result<Gathered, string>> => {
  const { include, exclude, folder, piped } = inputs
  const search = {
    folder,
    include: include.length === 0 ? undefined : anyPattern(include),
    exclude: anyPattern(exclude),
    workflows: inputs.also.includes('actions'),
  }
  const { files, problems } = await findFiles(inputs.paths, search)
  const changed = await changedAmong(inputs, files)
  if (!changed.ok) return changed
  const texts = await renderAll(inputs)
  if (!texts.ok) return fail(texts.error)
  const found = [
    ...(await readFiles(files, ({ path }) => changed.value.has(path), inputs)),
    ...[...(piped === undefined ? [] : [piped]), ...texts.value].map(text => readText(text, inputs)),
  ]
  return ok({
    objects: found.flatMap(each => each.objects),
    holdings: found.flatMap(each => each.holdings),
    problems: [...problems, ...found.flatMap(each => each.problems)],
    files: files.length + texts.value.length + (piped === undefined ? 0 : 1),
  })
}
