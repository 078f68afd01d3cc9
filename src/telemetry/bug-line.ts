import type { Fields, Line } from './log.ts'

const mostFrames = 12

// A place in a file, or in what has none.
const frame = /^ {4}at (.*(?::\d+:\d+\)?|\(<anonymous>\)|\(native\)))$/

// A message may repeat what was read, as JSON.parse does, and so look like a frame itself.
const framesOf = ({ stack = '', message }: Error): readonly string[] => {
  const at = stack.indexOf(message)
  if (at < 0) return []
  const lines = stack.slice(at + message.length).split('\n')
  return lines.flatMap(line => frame.exec(line)?.[1] ?? []).slice(0, mostFrames)
}

/** Who threw it and where: it repeats nothing of what was said. */
const described = (thrown: unknown): Fields => {
  if (!(thrown instanceof Error)) return { error: typeof thrown }
  const { code } = thrown as NodeJS.ErrnoException
  const isCode = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)
  return { error: thrown.constructor.name, code: isCode ? code : undefined, at: framesOf(thrown) }
}

/** The line on a bug; during: what was being done, as in `in a review`. */
export const bugLine = (thrown: unknown, during: string): Line => {
  const bug = described(thrown)
  return {
    key: `bug ${JSON.stringify([during, bug])}`,
    level: 'error',
    told: () => ({ words: `a bug in Pullgate: ${bug['error']}, ${during}`, fields: { event: 'bug', during, ...bug } }),
  }
}
