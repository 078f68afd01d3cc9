import type { Attempt } from './attempts.ts'
import { excerpt } from './excerpt.ts'
import type { Outcome } from './expectation.ts'
import type { KubectlLine } from './kubectl.ts'
import type { Paint } from './paint.ts'

const columns = 100
const indent = '    '

const wrappedLine = (line: string, width: number): readonly string[] => {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`
    if (current !== '' && longer.length > width) lines.push(current)
    current = current !== '' && longer.length > width ? word : longer
  }
  return [...lines, current]
}

/** The text in lines of that width, broken between words; its own line breaks stay. */
export const wrapped = (text: string, width: number): readonly string[] =>
  text.split('\n').flatMap(line => wrappedLine(line, width))

const toneStyle = { warning: 'yellow', error: 'red', success: 'green' } as const

/** The first words carry the tone, as kubectl has it; what the API server puts before the reason steps back. */
const toned = ({ tone, text }: KubectlLine, paint: Paint): string => {
  const body = wrapped(text, columns - indent.length)
    .map(line => indent + line)
    .join('\n')
  const [lead = '', preamble = ''] =
    tone === 'success' ? [body] : (/^[^:]*:(.*?\bdenied\s+the\s+request:)?/s.exec(body) ?? [])
  const first = lead.slice(0, lead.length - preamble.length)
  return paint(toneStyle[tone], first) + (preamble && paint('dim', preamble)) + body.slice(lead.length)
}

const heading = (number: number, { title, otherwise }: Attempt, paint: Paint): string => {
  const right = otherwise === '' ? '' : `would end in ${otherwise}`
  const gap = ' '.repeat(Math.max(2, columns - indent.length - title.length - right.length))
  return `${`${number}`.padStart(2)}  ${paint('bold', title)}${right && gap + paint('dim', right)}`
}

/** What the tour is about to show. */
export const introduction = (count: number, paint: Paint): string =>
  [
    '',
    paint('bold', 'Pullgate knows at `kubectl apply`, before any node tries, that an image cannot be pulled.'),
    '',
    `A small registry and the real webhook now run on this machine, and ${count} manifests are applied to a`,
    'make-believe cluster of linux/amd64 nodes. You see what kubectl would print and, on the right, how',
    'the pods would have ended without Pullgate.',
    '',
  ].join('\n')

/** One attempt: what is tried, the lines of the manifest that matter, and what kubectl prints. */
export const attemptText = (number: number, attempt: Attempt, lines: readonly KubectlLine[], paint: Paint): string =>
  [
    '',
    heading(number, attempt, paint),
    ...excerpt(attempt.manifest, new Set(attempt.shown)).map(line => paint('dim', `${indent}${line}`)),
    `${indent}$ kubectl apply -f ${attempt.file}`,
    ...lines.map(line => toned(line, paint)),
    '',
  ].join('\n')

/** What happened, and what to do next. */
export const summary = (outcomes: readonly Outcome[], paint: Paint): string => {
  const count = (kind: Outcome): number => outcomes.filter(each => each === kind).length
  const counted = `${count('created')} created, ${count('warned')} created with a warning, ${count('denied')} stopped`
  return [
    '',
    paint('bold', `${counted} before a node had seen them.`),
    'Next: --keep leaves all of it running; docs/check.md has pipelines, docs/install.md a cluster.',
    '',
    '',
  ].join('\n')
}
