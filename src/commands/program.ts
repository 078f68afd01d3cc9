import { isIP } from 'node:net'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { parseCidr } from '../registry/dial/cidr.ts'
import type { ConfigurationFlags } from './configuration.ts'
import { parsePlatforms } from './platforms.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'
import { version } from './version.ts'

const readPlatforms = (text: string): readonly string[] => {
  const listed = text.split(',')
  const platforms = parsePlatforms(listed)
  if (!platforms.ok) throw new InvalidArgumentError(platforms.error)
  return listed
}

const readPort = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('A port is a number up to 65535.')
  return Number(text)
}

const readSeconds = (text: string): number => {
  if (!/^\d{1,4}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError('Seconds are a number from 1 to 9999.')
  return Number(text)
}

const readCidr = (text: string, before: readonly string[] | undefined): readonly string[] => {
  const cidr = parseCidr(text)
  if (!cidr.ok) throw new InvalidArgumentError(`"${text}" ${cidr.error}.`)
  return [...(before ?? []), text]
}

const readName = (text: string, before: readonly string[] | undefined): readonly string[] => {
  const isName = /^(?!.*\.\d+$)(?!\d+$)[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(text)
  if (!isName && isIP(text) === 0) throw new InvalidArgumentError(`"${text}" is neither a DNS name nor an address.`)
  return [...(before ?? []), text]
}

interface ServeFlags extends ConfigurationFlags {
  readonly config?: string
  readonly host: string
  readonly port: number
  readonly name?: readonly string[]
  readonly caFile?: string
  readonly context?: string
  readonly metricsPort?: number
}

// Flags have no defaults where the file has a say: only so is it known whether somebody gave them.
const configOption = (): Option =>
  new Option(
    '--config <file>',
    "configuration; without it pullgate.yaml in this folder or in the repository's root, if there is one; flags win over it",
  )

const platformOption = (): Option =>
  new Option(
    '--platform <list>',
    "platforms of the nodes, such as linux/amd64,linux/arm64, in the place of the file's; without either those of the cluster's nodes, if one is known",
  ).argParser(readPlatforms)

const certsDirOption = (): Option =>
  new Option(
    '--certs-dir <directory...>',
    "directories like containerd's certs.d, whose hosts.toml name mirrors and authorities, in the place of the file's",
  )

const serveCommand = (surroundings: Surroundings, done: (code: number) => void): Command =>
  new Command('serve')
    .summary('answer the API server: the admission webhook')
    .description('Serves the validating admission webhook over HTTPS, with a certificate made at start.')
    .addOption(configOption())
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', readPort, 8443)
    .option('--metrics-port <number>', 'port for GET /metrics by plain HTTP; none without', readPort)
    .option('--name <name...>', 'DNS names and addresses in the certificate; localhost and 127.0.0.1 without', readName)
    .addOption(
      new Option(
        '--mode <mode>',
        "how far decisions reach, in the place of the file's; enforce without either",
      ).choices(['enforce', 'warn', 'audit', 'off']),
    )
    .addOption(platformOption())
    .addOption(certsDirOption())
    .option('--context <name>', 'a context of your kubeconfig; in a pod, its own cluster without')
    .option('--ca-file <path>', 'write the certificate of the authority that clients must trust')
    .option(
      '--allow-address <range...>',
      "call registries there though it is this machine, or a range refused below; in the place of the file's",
      readCidr,
    )
    .option(
      '--refuse-address <range...>',
      "never call there: the cluster's services and pods, such as 10.96.0.0/12; in the place of the file's",
      readCidr,
    )
    .addHelpText('after', '\nThe file is read anew when it changes, within ten seconds, and at once on SIGHUP.')
    .action(async ({ config, context, host, port, metricsPort, name, caFile, ...flags }: ServeFlags) => {
      const { serve } = await import('./serve.ts')
      const names = name ?? ['localhost', '127.0.0.1']
      done(await serve({ host, port, names, caFile, config, context, metricsPort, flags }, surroundings))
    })

interface CheckFlags extends Pick<ConfigurationFlags, 'platform' | 'certsDir'> {
  readonly config?: string
  readonly image: readonly string[]
  readonly timeout: number
  readonly trace: boolean
}

const checkCommand = (surroundings: Surroundings, done: (code: number) => void): Command =>
  new Command('check')
    .summary('ask about images: can they be pulled?')
    .description('Asks the registries of images as a node would, and says what it would make of them.')
    .addOption(configOption())
    .requiredOption('--image <reference...>', 'images to ask about')
    .addOption(platformOption())
    .addOption(certsDirOption())
    .option('--timeout <seconds>', 'time for all of it', readSeconds, 30)
    .option('--trace', 'show each request on standard error: method, address, status, time', false)
    .action(async ({ image, config, timeout, trace, ...flags }: CheckFlags) => {
      const { check } = await import('./check.ts')
      done(await check({ images: image, config, flags, timeoutMs: timeout * 1000, trace }, surroundings))
    })

const configCommand = (surroundings: Surroundings, done: (code: number) => void): Command =>
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
          const { validateConfiguration } = await import('./config.ts')
          done(await validateConfiguration(file, surroundings))
        }),
    )
    .addCommand(
      new Command('schema').description('Prints the JSON Schema of the configuration.').action(async () => {
        const { printSchema } = await import('./config.ts')
        done(printSchema(surroundings))
      }),
    )
    .addCommand(
      new Command('show')
        .description('Prints the configuration that holds, as YAML, with every default.')
        .addOption(configOption())
        .action(async ({ config }: { readonly config?: string }) => {
          const { showConfiguration } = await import('./config.ts')
          done(await showConfiguration(config, surroundings))
        }),
    )

const demoCommand = (surroundings: Surroundings, done: (code: number) => void): Command =>
  new Command('demo')
    .summary('see what it does, on this machine, in seconds')
    .description('Runs a small registry and the real webhook, and shows what kubectl would print.')
    .option('--keep', 'leave both running until Ctrl-C', false)
    .action(async ({ keep }: { readonly keep: boolean }) => {
      const { demo } = await import('./demo.ts')
      done(await demo(keep, surroundings))
    })

const withAllBelow = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(withAllBelow)]

/** Runs the command that the arguments name, and gives the code to exit with. */
export const run = async (surroundings: Surroundings): Promise<number> => {
  let code: number = exitCodes.done
  const done = (of: number): void => {
    code = of
  }
  const program = new Command('pullgate')
    .description('Says before the node does that an image cannot be pulled.')
    .version(version, '--version', 'print the version')
    .helpCommand(false)
  for (const command of [serveCommand, checkCommand, configCommand, demoCommand])
    program.addCommand(command(surroundings, done))
  for (const command of withAllBelow(program))
    command
      .exitOverride()
      .showSuggestionAfterError()
      .showHelpAfterError()
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
