import { Command } from 'commander'
import type { MakeCommand } from './make-command.ts'

/** `pullgate explain`. */
export const explainCommand: MakeCommand = (surroundings, done) =>
  new Command('explain')
    .summary('what a verdict means, and what to do about it')
    .description('Prints the page of a verdict, such as not-found; without one it lists them all.')
    .argument('[code]', 'a code, as it stands at the end of a message')
    .action(async (code: string | undefined) => {
      const { explainCode } = await import('../explain.ts')
      done(explainCode(code, surroundings))
    })
