import { Command, InvalidArgumentError, Option } from 'commander'
import type { Scope } from '../../audit/stock.ts'
import type { Verdicts } from '../../cli/outcome.ts'
import type { Target } from '../../cli/output/target.ts'
import type { ConfigurationFlags } from '../configuration.ts'
import { certsDirOption, configOption, platformOption } from './configured.ts'
import type { MakeCommand } from './make-command.ts'
import { readCidr, readDuration, readHostPort, readName, readOutput, readPort, readRate } from './read.ts'

interface AuditFlags extends Pick<ConfigurationFlags, 'platform' | 'certsDir' | 'allowAddress'> {
  readonly config?: string
  readonly namespace?: readonly string[]
  readonly allNamespaces: boolean
  readonly selector?: string
  readonly context?: string
  readonly output?: readonly Target[]
  readonly compare?: string
  readonly every?: number
  readonly keepAt?: { readonly namespace: string; readonly name: string }
  readonly serve?: { readonly host: string; readonly port: number }
  readonly pageName?: readonly string[]
  readonly metricsPort?: number
  readonly rate?: number
  readonly unknown?: Verdicts['unknown']
  readonly failOn: Verdicts['failOn']
}

const readKeptAt = (text: string): AuditFlags['keepAt'] => {
  const [namespace = '', name = '', ...rest] = text.split('/')
  const isName = (part: string): boolean => /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(part)
  if (!isName(namespace) || !isName(name) || rest.length > 0)
    throw new InvalidArgumentError('It is written NAMESPACE/NAME.')
  return { namespace, name }
}

const onceOnly = ['output', 'compare', 'unknown', 'failOn'] as const
const everyOnly = ['keepAt', 'metricsPort'] as const

/** What was said and would not be heeded. */
const droppedIn = ({ every, serve, pageName }: AuditFlags, command: Command): string | undefined => {
  const flagOf = (name: string) => command.options.find(option => option.attributeName() === name)?.long
  const isSaid = (name: string): boolean => command.getOptionValueSource(name) === 'cli'
  const once = onceOnly.find(isSaid)
  if (every !== undefined && once !== undefined)
    return `${flagOf(once)} is for one audit; with --every the result stands in PolicyReports, in metrics, and on the page of --serve.`
  const again = everyOnly.find(isSaid)
  if (every === undefined && again !== undefined) return `${flagOf(again)} is for audits that go on and on: --every.`
  return serve === undefined && pageName !== undefined ? '--page-name is for the page of --serve.' : undefined
}

/** `pullgate audit`. */
export const auditCommand: MakeCommand = (surroundings, done) =>
  new Command('audit')
    .summary('look at a cluster: what could not be pulled again today?')
    .description('Judges the images of what runs in a cluster, with its own secrets and nodes.')
    .addOption(configOption())
    .option('-n, --namespace <name...>', 'namespaces to look at')
    .option('-A, --all-namespaces', 'look at all namespaces, as it does where none is named', false)
    .option('-l, --selector <labels>', 'only objects with these labels, as kubectl takes them')
    .option('--context <name>', 'a context of your kubeconfig; the current one without')
    .addOption(platformOption())
    .addOption(certsDirOption())
    .option(
      '--allow-address <range...>',
      'call registries there though these addresses are refused otherwise',
      readCidr,
    )
    .option('-o, --output <format...>', 'FORMAT or FORMAT=FILE; several may be given; text without', readOutput)
    .option('--compare <file>', 'mark what is new since an earlier report, written with -o json=FILE')
    .option('--rate <images>', 'images a second that one registry is asked for at the most', readRate)
    .addOption(
      new Option('--unknown <as>', 'what it counts as that something could not be found out').choices(['pass', 'fail']),
    )
    .addOption(new Option('--fail-on <action>', 'end with 1 from here on').choices(['deny', 'warn']).default('deny'))
    .option('--serve <address>', 'show the result as a page at [HOST]:PORT until Ctrl-C', readHostPort)
    .option(
      '--page-name <name...>',
      'with --serve: a name by which the page may be asked for, beside addresses and names of Services',
      readName,
    )
    .option('--every <time>', 'audit again and again, such as 1h, and write PolicyReports', readDuration)
    .option('--keep-at <place>', 'with --every: NAMESPACE/NAME of the Lease and the ConfigMap', readKeptAt)
    .option('--metrics-port <number>', 'with --every: port for GET /metrics by plain HTTP', readPort)
    .addHelpText(
      'after',
      '\nIt ends with 0 if all is well, 1 with findings that deny, 2 if it could not work, 3 if something could not be found out, 130 if it was interrupted.',
    )
    .action(async (given: AuditFlags, command: Command) => {
      const dropped = droppedIn(given, command)
      if (dropped !== undefined) command.error(`error: ${dropped}`)
      const { config, context, namespace, allNamespaces, selector, output, ...others } = given
      const { compare, every, keepAt, serve: at, pageName, metricsPort, rate, unknown, failOn, ...flags } = others
      const namespaces: Scope['namespaces'] = allNamespaces || namespace === undefined ? 'all' : namespace
      const serve = at === undefined ? undefined : { ...at, names: pageName ?? [] }
      const options = {
        ...{ scope: { namespaces, selector }, context, config, flags, targets: output ?? [], compare, serve },
        ...{ perSecond: rate, unknown, failOn },
      } as const
      if (every === undefined) {
        const { audit } = await import('../audit.ts')
        return done(await audit(options, surroundings))
      }
      const { auditEvery } = await import('../audit-every.ts')
      done(await auditEvery({ ...options, everyMs: every, keptAt: keepAt, metricsPort }, surroundings))
    })
