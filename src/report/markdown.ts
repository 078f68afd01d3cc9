import { codes } from '../verdict/codes.ts'
import type { Context, Format } from './format.ts'
import { headline } from './headline.ts'
import { markdownCode, markdownText } from './markdown-text.ts'
import { objectText, placeText, shown } from './names.ts'
import type { Sheet, SheetFinding } from './sheet.ts'

const sign = ({ action, code }: SheetFinding): string => {
  if (action === 'deny') return '❌ deny'
  return codes[code].group === 'indefinite' ? '❔ warn' : '⚠️ warn'
}

const where = ({ place, object, path }: SheetFinding): string => {
  const at = markdownCode(place === undefined ? path : placeText(place))
  return [markdownText(objectText(object)), at].filter(part => part !== '').join('<br>')
}

const row = (finding: SheetFinding): string => {
  const { code, message, hint } = finding
  const words = [markdownText(message), ...(hint === '' ? [] : [`→ ${markdownText(hint)}`])].join('<br>')
  return `| ${sign(finding)}<br>\`${code}\` | ${where(finding)} | ${words} |`
}

const table = (rows: readonly string[]): readonly string[] =>
  rows.length === 0 ? [] : ['', '| | where | what |', '| --- | --- | --- |', ...rows]

const signOf = { pass: '✅', fail: '❌', unknown: '❔' } as const

/** Markdown within so many bytes: the rows that come last give way, and how many did is said. */
export const markdownWithin = (sheet: Sheet, mostBytes: number): string => {
  const gaps = sheet.gaps.map(gap => `- not looked at: ${markdownText(gap)}`)
  const head = [`### ${signOf[sheet.outcome]} Pullgate: ${markdownText(shown(headline(sheet)))}`]
  // What stands round the rows is some hundred bytes; the gaps are bounded with them.
  let left = mostBytes - 1000
  const fits = (line: string): boolean => {
    left -= Buffer.byteLength(line) + 1
    return left >= 0
  }
  const rows = sheet.findings.map(row).filter(fits)
  const notes = gaps.filter(fits)
  const dropped = sheet.findings.length - rows.length
  const end = dropped === 0 ? [] : ['', `${dropped} more findings have no room here.`]
  const lines = [...head, ...table(rows), ...(notes.length === 0 ? [] : ['', ...notes]), ...end]
  return `${lines.join('\n')}\n`
}

/** Markdown, for a comment or a page. */
export const markdown: Format = (sheet: Sheet, _: Context) => markdownWithin(sheet, Number.POSITIVE_INFINITY)
