/**
 * A line that no build service takes for a command of its own. GitHub's runner obeys lines that begin with `::`, spaces before it
 * or none, and `##[` anywhere in a line (actions/runner, ActionCommand.cs); Azure's obeys `##vso[`.
 */
export const plainLine = (line: string): string =>
  line.replace(/^(\s*):(?=:)/, '$1\\u{3a}').replace(/##(?=\[|vso\[)/gi, '#\\u{23}')
