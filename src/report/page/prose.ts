import { xmlLines } from '../xml.ts'

// The verdict pages are ours, and write no more of Markdown than paragraphs, lists, fenced code and inline code.

const inline = (text: string): string =>
  text
    .split(/(`[^`]+`)/)
    .map(part => (/^`.+`$/.test(part) ? `<code>${xmlLines(part.slice(1, -1))}</code>` : xmlLines(part)))
    .join('')

const itemStart = /^(?:(\d+\.)|-) +/

const isIndented = (line: string): boolean => line === '' || /^ {2,}/.test(line)

interface Block {
  readonly html: string
  readonly used: number
}

const fenced = (lines: readonly string[]): Block => {
  const end = lines.findIndex((line, index) => index > 0 && line.startsWith('```'))
  const last = end < 0 ? lines.length : end
  return { html: `<pre tabindex="0"><code>${xmlLines(lines.slice(1, last).join('\n'))}</code></pre>`, used: last + 1 }
}

const paragraph = (lines: readonly string[]): Block => {
  const end = lines.findIndex(
    (line, index) => index > 0 && (line === '' || line.startsWith('```') || itemStart.test(line)),
  )
  const own = end < 0 ? lines : lines.slice(0, end)
  return { html: `<p>${inline(own.join(' '))}</p>`, used: own.length }
}

const item = (lines: readonly string[]): Block => {
  const indent = itemStart.exec(lines[0] ?? '')?.[0].length ?? 0
  const end = lines.findIndex((line, index) => index > 0 && !isIndented(line))
  const own = (end < 0 ? lines : lines.slice(0, end)).map(line => line.slice(indent))
  return { html: `<li>${blocks(own)}</li>`, used: own.length }
}

const listTag = (line: string): 'ol' | 'ul' | undefined => {
  const start = itemStart.exec(line)
  if (start === null) return undefined
  return start[1] === undefined ? 'ul' : 'ol'
}

const list = (lines: readonly string[]): Block => {
  const tag = listTag(lines[0] ?? '')
  let [used, html] = [0, '']
  while (used < lines.length && listTag(lines[used] ?? '') === tag) {
    const next = item(lines.slice(used))
    html += next.html
    used += next.used
  }
  return { html: `<${tag}>${html}</${tag}>`, used }
}

const block = (lines: readonly string[]): Block => {
  const first = lines[0] ?? ''
  if (first.trim() === '') return { html: '', used: 1 }
  if (first.startsWith('```')) return fenced(lines)
  return itemStart.test(first) ? list(lines) : paragraph(lines)
}

const blocks = (lines: readonly string[]): string => {
  let [used, html] = [0, '']
  while (used < lines.length) {
    const next = block(lines.slice(used))
    html += next.html
    used += next.used
  }
  return html
}

/** A part of a verdict's page as HTML. */
export const prose = (markdown: string): string => blocks(markdown.split('\n'))
