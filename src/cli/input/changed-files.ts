import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { deadlineIn } from '../../lib/deadline.ts'
import { fail, ok, type Result } from '../../lib/result.ts'
import type { ToolPlace } from './render.ts'
import { runTool, type ToolProblem } from './run-tool.ts'

const gitMs = 60_000

/**
 * The files that a git range changed, by their whole paths: `A..B` and `A...B` as git has them, and a single name all that
 * came since it was left, with what is not committed, or not known to git yet.
 */
export const changedFiles = async (range: string, place: ToolPlace): Promise<Result<ReadonlySet<string>, string>> => {
  if (range.startsWith('-')) return fail(`--changed needs the name of a commit or a branch, and "${range}" is none.`)
  const git = (...args: readonly string[]) => runTool({ program: 'git', args, ...place }, deadlineIn(gitMs))
  const root = await git('rev-parse', '--show-toplevel')
  if (!root.ok)
    return fail(
      root.error.kind === 'missing'
        ? '--changed needs git, and there is none on the PATH.'
        : `--changed needs a git repository: ${root.error.words}`,
    )
  const top = root.value.toString().replace(/\r?\n$/, '')
  const isPast = range.includes('..')
  const since = isPast ? [] : ['--merge-base']
  const listed = await git('diff', '--name-only', '-z', '--no-renames', '--diff-filter=d', ...since, range, '--')
  if (!listed.ok) return fail(cannotTell(range, listed.error))
  // A new file is no change to git until it is added.
  const others = ['-C', top, 'ls-files', '--others', '--exclude-standard', '-z']
  const added = isPast ? ok(Buffer.alloc(0)) : await git(...others)
  if (!added.ok) return fail(cannotTell(range, added.error))
  const names = [listed.value, added.value].flatMap(bytes => bytes.toString().split('\0'))
  return ok(new Set(names.filter(name => name !== '').map(name => resolve(top, name))))
}

const cannotTell = (range: string, problem: ToolProblem): string =>
  `git cannot tell what changed since ${range}${problem.kind === 'failed' ? `: ${problem.words}` : ''}. In a pipeline, fetch its history first (fetch-depth: 0).`

/** Makes the function that knows whether a file is among those that changed, by whatever links it is reached. */
export const amongChanged = async (
  changed: ReadonlySet<string>,
  paths: readonly string[],
): Promise<ReadonlySet<string>> => {
  const real = await Promise.all(paths.map(path => realpath(path).catch(() => path)))
  return new Set(paths.filter((path, index) => changed.has(path) || changed.has(real[index] ?? path)))
}
