import { isIP } from 'node:net'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { Platform } from '../image/platform.ts'
import { type Cidr, parseCidr } from '../registry/dial/cidr.ts'
import type { Mode } from '../verdict/policy.ts'
import { networkOf } from './network.ts'
import { parsePlatforms } from './platforms.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'
import { version } from './version.ts'

const readPlatforms = (text: string): readonly Platform[] => {
  const platforms = parsePlatforms(text.split(','))
  if (!platforms.ok) throw new InvalidArgumentError(platforms.error)
  return platforms.value
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

const readCidr = (text: string, before: readonly Cidr[] | undefined): readonly Cidr[] => {
  const cidr = parseCidr(text)
  if (!cidr.ok) throw new InvalidArgumentError(`"${text}" ${cidr.error}.`)
  return [...(before ?? []), cidr.value]
}

const readName = (text: string, before: readonly string[] | undefined): readonly string[] => {
  const isName = /^(?!.*\.\d+$)(?!\d+$)[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(text)
  if (!isName && isIP(text) === 0) throw new InvalidArgumentError(`"${text}" is neither a DNS name nor an address.`)
  return [...(before ?? []), text]
}

interface ServeFlags {
  readonly host: string
  readonly port: number
  readonly name?: readonly string[]
  readonly mode: Mode
  readonly platform: readonly Platform[]
  readonly caFile?: string
  readonly allowAddress?: readonly Cidr[]
  readonly refuseAddress?: readonly Cidr[]
  readonly certsDir: readonly string[]
}

const platformOption = (): Option =>
  new Option('--platform <list>', 'platforms of the nodes, such as linux/amd64,linux/arm64; none are judged without')
    .argParser(readPlatforms)
    .default([], 'none')

const certsDirOption = (): Option =>
  new Option(
    '--certs-dir <directory...>',
    "directories like containerd's certs.d, whose hosts.toml name mirrors and authorities",
  ).default([], 'none')

const serveCommand = (surroundings: Surroundings, done: (code: number) => void): Command =>
  new Command('serve')
    .summary('answer the API server: the admission webhook')
    .description('Serves the validating admission webhook over HTTPS, with a certificate made at start.')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', readPort, 8443)
    .option('--name <name...>', 'DNS names and addresses in the certificate; localhost and 127.0.0.1 without', readName)
    .addOption(
      new Option('--mode <mode>', 'how far decisions reach')
        .choices(['enforce', 'warn', 'audit', 'off'])
        .default('enforce'),
    )
    .addOption(platformOption())
    .addOption(certsDirOption())
    .option('--ca-file <path>', 'write the certificate of the authority that clients must trust')
    .option(
      '--allow-address <range...>',
      'call registries there though it is this machine, or a range refused below',
      readCidr,
    )
    .option(
      '--refuse-address <range...>',
      "never call there: the cluster's services and pods, such as 10.96.0.0/12",
      readCidr,
    )
    .action(async ({ name, platform, allowAddress, refuseAddress, certsDir, ...flags }: ServeFlags) => {
      const { serve } = await import('./serve.ts')
      const caFile = flags.caFile
      const addresses = { refuse: refuseAddress ?? [], allow: allowAddress ?? [] }
      const log = (text: string): void => void surroundings.stderr.write(`${text}\n`)
      const names = name ?? ['localhost', '127.0.0.1']
      const network = networkOf(surroundings.environment, certsDir)
      done(await serve({ ...flags, caFile, names, platforms: platform, addresses, network, log }, surroundings))
    })

interface CheckFlags {
  readonly image: readonly string[]
  readonly platform: readonly Platform[]
  readonly certsDir: readonly string[]
  readonly timeout: number
  readonly trace: boolean
}

const checkCommand = (surroundings: Surroundings, done: (code: number) => void): Command =>
  new Command('check')
    .summary('ask about images: can they be pulled?')
    .description('Asks the registries of images as a node would, and says what it would make of them.')
    .requiredOption('--image <reference...>', 'images to ask about')
    .addOption(platformOption())
    .addOption(certsDirOption())
    .option('--timeout <seconds>', 'time for all of it', readSeconds, 30)
    .option('--trace', 'show each request on standard error: method, address, status, time', false)
    .action(async ({ image, platform, certsDir, timeout, trace }: CheckFlags) => {
      const { check } = await import('./check.ts')
      const options = { images: image, platforms: platform, certsDirs: certsDir, timeoutMs: timeout * 1000, trace }
      done(await check(options, surroundings))
    })

const demoCommand = (surroundings: Surroundings, done: (code: number) => void): Command =>
  new Command('demo')
    .summary('see what it does, on this machine, in seconds')
    .description('Runs a small registry and the real webhook, and shows what kubectl would print.')
    .option('--keep', 'leave both running until Ctrl-C', false)
    .action(async ({ keep }: { readonly keep: boolean }) => {
      const { demo } = await import('./demo.ts')
      done(await demo(keep, surroundings))
    })

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
  for (const command of [serveCommand, checkCommand, demoCommand]) program.addCommand(command(surroundings, done))
  for (const command of [program, ...program.commands])
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
