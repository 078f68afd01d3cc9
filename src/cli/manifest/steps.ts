import { fail, ok, type Result } from '../../lib/result.ts'

/** One step down to a value: into a list, or to a named property. */
export type PathStep = number | string

const step = /(?:^|\.)([\w-]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y

const unquoted = (text: string): string => {
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    return text
  }
}

/** Takes a concrete path such as `spec.containers[0].image` apart, as the finder of images wrote it. */
export const stepsOf = (path: string): Result<readonly PathStep[], 'malformed'> => {
  const steps: PathStep[] = []
  step.lastIndex = 0
  for (let at = 0; at < path.length; at = step.lastIndex) {
    step.lastIndex = at
    const [whole, name, index, quoted] = step.exec(path) ?? []
    if (whole === undefined) return fail('malformed')
    steps.push(index === undefined ? (name ?? unquoted(quoted ?? '')) : Number(index))
  }
  return ok(steps)
}

// The path of an image holds no more of a key (src/workload/path.ts).
const keptCharacters = 63

/** Whether a key is the one that a step names. */
export const isNamed = (key: string, named: PathStep): boolean =>
  key === named || (key.length > keptCharacters && key.slice(0, keptCharacters) === named)
