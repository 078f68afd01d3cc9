import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { chart } from './made-files.ts'

/** How a run of helm ended. */
export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** An object of Kubernetes, as the chart renders it. */
// biome-ignore lint/suspicious/noExplicitAny: what a test looks at it knows the shape of
export type Rendered = any

const hash = (): string => {
  const sources = createHash('sha256')
  for (const name of ['go.mod', 'go.sum']) sources.update(readFileSync(new URL(name, import.meta.url)))
  return sources.digest('hex').slice(0, 16)
}

/** Where test/chart/setup puts helm. */
export const helmProgram = new URL(`../../.cache/chart/${hash()}/helm`, import.meta.url).pathname

/** Runs helm, with nothing of this user's own settings. */
export const helm = (
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'], HOME: '/nonexistent', HELM_CACHE_HOME: '/nonexistent', ...environment }
    const child = execFile(helmProgram, [...args], { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') reject(new Error(`${helmProgram} is missing: run test/chart/setup first`))
      else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
    child.stdin?.end(input)
  })

/** The objects of a text in YAML. */
export const objectsIn = (text: string): readonly Rendered[] =>
  parseAllDocuments(text)
    .map(document => document.toJS())
    .filter(object => object !== null)

/** Renders the chart as release `pullgate` in the namespace `pullgate-system`; throws with what helm says where it does not. */
export const render = async (values: object = {}, files: readonly string[] = []): Promise<string> => {
  const from = [...files.flatMap(file => ['-f', file]), '-f', '-']
  const args = ['template', 'pullgate', chart, '--namespace', 'pullgate-system', ...from]
  const { code, stdout, stderr } = await helm(args, {}, JSON.stringify(values))
  if (code !== 0) throw new Error(stderr)
  return stdout
}

/** The objects that the chart makes of these values. */
export const objectsOf = async (values: object = {}): Promise<readonly Rendered[]> => objectsIn(await render(values))

/** The one object of a kind and, where there are several, of a name. */
export const theOne = (objects: readonly Rendered[], kind: string, name?: string): Rendered => {
  const found = objects.filter(object => object.kind === kind && (name === undefined || object.metadata.name === name))
  if (found.length !== 1) throw new Error(`${found.length} objects are of the kind ${kind}`)
  return found[0]
}
