import type { Command, Option } from 'commander'

/** A shell that completes. */
export type Shell = 'bash' | 'zsh' | 'fish'

/** One command, as far as it can be completed. */
interface Completed {
  /** Its words, without the program's. */
  readonly words: readonly string[]
  readonly commands: readonly Command[]
  readonly options: readonly Option[]
  readonly choices: readonly string[]
}

const optionsOf = (command: Command): readonly Option[] => command.createHelp().visibleOptions(command)

const choicesOf = (command: Command): readonly string[] =>
  command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? [])

const allBelow = (command: Command, words: readonly string[] = []): readonly Completed[] => [
  { words, commands: command.commands, options: optionsOf(command), choices: choicesOf(command) },
  ...command.commands.flatMap(below => allBelow(below, [...words, below.name()])),
]

const flagsOf = ({ short, long }: Option): readonly string[] => [short, long].filter(flag => flag !== undefined)

const wordsAfter = ({ commands, options, choices }: Completed): readonly string[] => [
  ...commands.map(command => command.name()),
  ...choices,
  ...options.flatMap(flagsOf),
]

/** What a flag may be followed by, where that is known. */
const valuesOf = (
  all: readonly Completed[],
): readonly (readonly [flags: readonly string[], values: readonly string[]])[] => {
  const known = all.flatMap(({ options }) => options.filter(({ argChoices }) => argChoices !== undefined))
  return [
    ...new Map(known.map(option => [option.long ?? '', [flagsOf(option), option.argChoices ?? []] as const])).values(),
  ]
}

// The words of commands in the order in which they stand, whatever flags stand between them.
const bash = (all: readonly Completed[], program: string): string => {
  const cases = all.map(each => `    '${each.words.join(' ')}') words='${wordsAfter(each).join(' ')}' ;;`)
  const names = all.map(({ words }) => words.join(' ')).filter(words => words !== '')
  const values = valuesOf(all).map(
    ([flags, list]) => `    ${flags.join('|')}) COMPREPLY=($(compgen -W '${list.join(' ')}' -- "$current")); return ;;`,
  )
  return `# bash completion of ${program}
_${program}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${command:+$command }$word" in
      ${names.map(name => `'${name}'`).join('|')}) command="\${command:+$command }$word" ;;
    esac
  done
  case "$previous" in
${values.join('\n')}
  esac
  case "$command" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${program} ${program}
`
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const fish = (all: readonly Completed[], program: string): string => {
  const seen = ({ words }: Completed): string => {
    const last = words.at(-1)
    return last === undefined ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${last}`
  }
  const lines = all.flatMap(each => [
    ...each.commands.map(
      command =>
        `complete -c ${program} -f -n ${quoted(seen(each))} -a ${command.name()} -d ${quoted(command.summary() || command.description())}`,
    ),
    ...(each.choices.length > 0
      ? [`complete -c ${program} -f -n ${quoted(seen(each))} -a ${quoted(each.choices.join(' '))}`]
      : []),
    ...each.options.map(option => {
      const short = option.short === undefined ? '' : ` -s ${option.short.slice(1)}`
      const takes = option.required || option.optional ? ' -r' : ''
      const choices = option.argChoices === undefined ? '' : ` -f -a ${quoted(option.argChoices.join(' '))}`
      return `complete -c ${program} -n ${quoted(seen(each))}${short} -l ${(option.long ?? '--').slice(2)}${takes}${choices} -d ${quoted(option.description)}`
    }),
  ])
  return `# fish completion of ${program}\n${lines.join('\n')}\n`
}

// zsh takes bash's own, through the bridge that comes with it.
const zsh = (all: readonly Completed[], program: string): string =>
  `#compdef ${program}\nautoload -U +X bashcompinit && bashcompinit\n${bash(all, program)}`

const writers = { bash, zsh, fish } as const satisfies Record<Shell, unknown>

/** The script with which a shell completes commands, flags and their values; it is made of the definitions of the commands. */
export const completionScript = (shell: Shell, program: Command): string =>
  writers[shell](allBelow(program), program.name())
