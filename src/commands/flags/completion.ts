import { Argument, Command } from 'commander'
import type { MakeCommand } from './make-command.ts'

/** `pullgate completion`. */
export const completionCommand: MakeCommand = (surroundings, done) =>
  new Command('completion')
    .summary('let your shell complete commands and flags')
    .description('Prints a script for your shell, such as: source <(pullgate completion bash).')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish', _: unknown, command: Command) => {
      const { completionScript } = await import('../completion.ts')
      surroundings.stdout.write(completionScript(shell, command.parent ?? command))
      done(0)
    })
