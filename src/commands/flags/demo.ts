import { Command } from 'commander'
import type { MakeCommand } from './make-command.ts'

/** `pullgate demo`. */
export const demoCommand: MakeCommand = (surroundings, done) =>
  new Command('demo')
    .summary('see what it does, on this machine, in seconds')
    .description('Runs a small registry and the real webhook, and shows what kubectl would print.')
    .option('--keep', 'leave both running until Ctrl-C', false)
    .action(async ({ keep }: { readonly keep: boolean }) => {
      const { demo } = await import('../demo.ts')
      done(await demo(keep, surroundings))
    })
