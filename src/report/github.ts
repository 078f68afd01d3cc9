import type { Format } from './format.ts'
import { headline } from './headline.ts'
import { plainLine } from './log-line.ts'
import { objectText, shown } from './names.ts'
import type { SheetFinding } from './sheet.ts'

// The runner's own escapes (actions/toolkit, command.ts): a property ends at a colon or comma, the command at the line's end.
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

const annotation = (finding: SheetFinding): string => {
  const { place, code, object, path, message, hint } = finding
  const properties = {
    ...(place === undefined ? {} : { file: shown(place.file), line: String(place.line), col: String(place.column) }),
    title: `${code}: ${objectText(object) || shown(path)}`,
  }
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`)
  const words = [message, hint].filter(part => part !== '').map(shown)
  return `::${finding.action === 'deny' ? 'error' : 'warning'} ${listed.join(',')}::${data(words.join('\n'))}`
}

/** GitHub's workflow commands: annotations at the lines of a pull request. */
export const github: Format = sheet => {
  const gaps = sheet.gaps.map(gap => `::warning title=not looked at::${data(shown(gap))}`)
  return `${[...sheet.findings.map(annotation), ...gaps, plainLine(headline(sheet))].join('\n')}\n`
}
