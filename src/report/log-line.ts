import { printable } from '../verdict/text.ts'

/** Where a build service finds a command anywhere in a line: `##[` at GitHub (actions/runner, ActionCommand.cs), `##vso[` at Azure, `##teamcity[`. */
export const commandInLine = /##(?=\w*\[)/g

/**
 * A line that no build service takes for a command of its own. GitHub's runner obeys lines that begin with `::`, too, spaces
 * before it or none.
 */
export const plainLine = (line: string): string =>
  line.replace(/^(\s*):(?=:)/, '$1\\u{3a}').replace(commandInLine, '#\\u{23}')

/** A text for people whose words others chose: each line is one that neither a build service nor a terminal obeys. */
export const plainLines = (text: string): string =>
  text
    .split('\n')
    .map(line => plainLine(printable(line)))
    .join('\n')
