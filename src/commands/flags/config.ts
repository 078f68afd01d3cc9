import { Command } from 'commander'
import { configOption } from './configured.ts'
import type { MakeCommand } from './make-command.ts'

/** `pullgate config`. */
export const configCommand: MakeCommand = (surroundings, done) =>
  new Command('config')
    .summary('look at configuration: validate, schema, show')
    .description('Says what is wrong with a configuration, what it may say, and which one holds.')
    .helpCommand(false)
    .addCommand(
      new Command('validate')
        .description(
          'Says everything that is wrong with a file, each with its line and column; ends with 2 if anything is.',
        )
        .argument('<file>', 'YAML or JSON')
        .action(async (file: string) => {
          const { validateConfiguration } = await import('../config.ts')
          done(await validateConfiguration(file, surroundings))
        }),
    )
    .addCommand(
      new Command('schema').description('Prints the JSON Schema of the configuration.').action(async () => {
        const { printSchema } = await import('../config.ts')
        done(printSchema(surroundings))
      }),
    )
    .addCommand(
      new Command('show')
        .description('Prints the configuration that holds, as YAML, with every default.')
        .addOption(configOption())
        .action(async ({ config }: { readonly config?: string }) => {
          const { showConfiguration } = await import('../config.ts')
          done(await showConfiguration(config, surroundings))
        }),
    )
