import { deadlineIn } from '../../lib/deadline.ts'
import { fail, ok, type Result } from '../../lib/result.ts'
import type { NamedText } from './named-text.ts'
import { runTool, type Tool } from './run-tool.ts'
import { textOfBytes } from './text-of-bytes.ts'

/** Where programs run. */
export type ToolPlace = Pick<Tool, 'folder' | 'environment'>

/** A chart, and what fills it in. */
export interface Chart {
  readonly chart: string
  readonly values: readonly string[]
}

// A chart with many dependencies takes seconds; bases are fetched from afar at times.
const renderMs = 120_000

const rendered = async (
  name: string,
  programs: readonly (readonly [program: string, args: readonly string[]])[],
  place: ToolPlace,
  missing: string,
): Promise<Result<NamedText, string>> => {
  for (const [program, args] of programs) {
    const output = await runTool({ program, args, ...place }, deadlineIn(renderMs))
    if (output.ok) {
      const text = textOfBytes(output.value)
      return text.ok
        ? ok({ name, text: text.value, origin: 'rendered', judged: true })
        : fail(`What ${program} makes of ${name} ${text.error}.`)
    }
    if (output.error.kind === 'failed') return fail(`${program} cannot render ${name}: ${output.error.words}`)
  }
  return fail(missing)
}

/** What the user's kustomize, or that of the user's kubectl, makes of a folder. */
export const renderKustomization = (folder: string, place: ToolPlace): Promise<Result<NamedText, string>> =>
  rendered(
    folder,
    [
      ['kustomize', ['build', folder]],
      ['kubectl', ['kustomize', folder]],
    ],
    place,
    `-k ${folder} needs kustomize or kubectl, and neither is on the PATH: install one, or pipe what it renders into "pullgate check -".`,
  )

/** What the user's helm makes of a chart. */
export const renderChart = ({ chart, values }: Chart, place: ToolPlace): Promise<Result<NamedText, string>> =>
  rendered(
    chart,
    // A chart's hooks and tests pull images, too.
    [['helm', ['template', 'release', chart, ...values.flatMap(file => ['--values', file])]]],
    place,
    `--helm ${chart} needs helm, and there is none on the PATH: install it, or pipe what it renders into "pullgate check -".`,
  )
