import { Command, CommanderError } from 'commander'
import { auditCommand } from './flags/audit.ts'
import { checkCommand } from './flags/check.ts'
import { completionCommand } from './flags/completion.ts'
import { configCommand } from './flags/config.ts'
import { demoCommand } from './flags/demo.ts'
import { explainCommand } from './flags/explain.ts'
import type { MakeCommand } from './flags/make-command.ts'
import { serveCommand } from './flags/serve.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'
import { version, versionWithCommit } from './version.ts'

// In the order in which help lists them.
const commands: readonly MakeCommand[] = [
  serveCommand,
  checkCommand,
  auditCommand,
  explainCommand,
  configCommand,
  demoCommand,
  completionCommand,
]

const examples: Readonly<Record<string, string>> = {
  check: 'pullgate check deploy/ -o text -o sarif=pullgate.sarif',
  serve: 'pullgate serve --port 8443 --mode warn',
  audit: 'pullgate audit --context live -o html=audit.html',
  explain: 'pullgate explain not-found',
  validate: 'pullgate config validate pullgate.yaml',
}

const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`

/** What is said after a mistake: a whole page would hide it. */
const hintAfterError = (command: Command): string => {
  const example = examples[command.name()]
  return `${example === undefined ? '' : `For example: ${example}\n`}"${nameOf(command)} --help" lists all that may be said.`
}

const withAllBelow = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(withAllBelow)]

/** Runs the command that the arguments name, and gives the code to exit with. */
export const run = async (surroundings: Surroundings): Promise<number> => {
  let code: number = exitCodes.done
  const done = (of: number): void => {
    code = of
  }
  // Only then is it worth asking git.
  const isVersionAsked = surroundings.argv[0] === '--version'
  const program = new Command('pullgate')
    .description('Says before the node does that an image cannot be pulled.')
    .version(isVersionAsked ? versionWithCommit(surroundings.environment) : version, '--version', 'print the version')
    .helpCommand(false)
  for (const command of commands) program.addCommand(command(surroundings, done))
  for (const command of withAllBelow(program))
    command
      .exitOverride()
      .showSuggestionAfterError()
      .showHelpAfterError(hintAfterError(command))
      .allowExcessArguments(false)
      .configureOutput({
        writeOut: text => void surroundings.stdout.write(text),
        writeErr: text => void surroundings.stderr.write(text),
      })
  try {
    await program.parseAsync(surroundings.argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  }
  return code
}
