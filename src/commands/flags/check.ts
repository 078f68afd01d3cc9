import { Command, InvalidArgumentError, Option } from 'commander'
import type { OtherFiles } from '../../cli/manifest/other-files.ts'
import type { Target } from '../../cli/output/target.ts'
import type { ConfigurationFlags } from '../configuration.ts'
import { exitCodes } from '../surroundings.ts'
import { certsDirOption, collect, configOption, platformOption } from './configured.ts'
import type { MakeCommand } from './make-command.ts'
import { readOutput, readSeconds, readSpan } from './read.ts'

interface CheckFlags extends Pick<ConfigurationFlags, 'mode' | 'platform' | 'certsDir'> {
  readonly config?: string
  readonly image?: readonly string[]
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  readonly also?: readonly OtherFiles[]
  readonly changed?: string
  readonly kustomize?: readonly string[]
  readonly helm?: readonly string[]
  readonly values?: readonly string[]
  readonly secret?: readonly string[]
  readonly cluster: boolean
  readonly context?: string
  readonly namespace?: string
  readonly timeout: number
  readonly wait?: number
  readonly output?: readonly Target[]
  readonly failOn: 'deny' | 'warn'
  readonly unknown?: 'pass' | 'fail'
  readonly baseline?: string
  readonly writeBaseline?: string
  readonly trace: boolean
}

const readAlso = (text: string): readonly OtherFiles[] => {
  const named = text.split(',')
  const known = named.filter(name => name === 'compose' || name === 'actions')
  if (known.length < named.length)
    throw new InvalidArgumentError('There are compose and actions, as in --also compose,actions.')
  return known
}

const examples = `
Examples:
  pullgate check deploy/                                   all manifests of a folder
  kustomize build overlays/live | pullgate check -         what another program renders
  pullgate check --helm charts/web -f live.yaml            a chart, with its values
  pullgate check --image ghcr.io/shop/web:1.4.0            images by their names
  pullgate check . --changed origin/main -o github         what a pull request changes
  pullgate check deploy/ -o text -o sarif=pullgate.sarif   two reports at once

It ends with 0 (pass, warnings included), 1 (something is denied), 2 (wrong usage, or input that cannot be read),
3 (something could not be determined); where several hold, with the first of 2, 1, 3.`

const looksAtNothing = (paths: readonly string[], { image, kustomize, helm, changed }: CheckFlags): boolean =>
  [...paths, ...(image ?? []), ...(kustomize ?? []), ...(helm ?? [])].length === 0 && changed === undefined

const usageProblem = (paths: readonly string[], flags: CheckFlags): string | undefined => {
  if (looksAtNothing(paths, flags))
    return 'error: nothing to check: name files or folders, "-" for standard input, or --image; for example: pullgate check deploy/'
  if (paths.includes('-') && flags.image?.includes('-'))
    return 'error: manifests and a list of images cannot both come by standard input'
  if (flags.values !== undefined && flags.helm === undefined)
    return 'error: -f gives values to a chart: name the chart too, as in --helm charts/web -f live.yaml'
  return undefined
}

/** `pullgate check`. */
export const checkCommand: MakeCommand = (surroundings, done) =>
  new Command('check')
    .summary('look at manifests, or images: can they be pulled?')
    .description(
      'Asks the registries of images as a node would, and says what the webhook would say, with file, line and column.',
    )
    .argument('[path...]', 'files, folders, or - for standard input: YAML or JSON')
    .option('--image <reference>', 'an image to ask about by its name; - reads a list from standard input', collect)
    .option('-k, --kustomize <directory>', 'a folder that your kustomize or kubectl renders', collect)
    .option('--helm <chart>', 'a chart that your helm renders', collect)
    .option('-f, --values <file>', 'values for the charts', collect)
    .option(
      '--include <pattern>',
      'look at files like this one, such as "*.yaml.tmpl"; .yaml, .yml and .json without',
      collect,
    )
    .option('--exclude <pattern>', 'pass over files and folders like this one, such as "**/testdata"', collect)
    .option('--also <list>', 'look for images in other files, too: compose,actions', readAlso)
    .option('--changed <range>', 'judge only files that changed since a commit or branch, or in a git range')
    .addOption(configOption())
    .addOption(
      new Option('--mode <mode>', "how far findings reach, in the place of the file's").choices([
        'enforce',
        'warn',
        'audit',
        'off',
      ]),
    )
    .addOption(platformOption())
    .addOption(certsDirOption())
    .option('--secret <file>', 'pull secrets: a manifest of Secrets, or a docker config.json', collect)
    .option(
      '--cluster',
      'ask the cluster of your kubeconfig for secrets, service accounts, nodes and namespaces',
      false,
    )
    .option('--context <name>', 'the context of your kubeconfig for --cluster')
    .option('-n, --namespace <name>', 'the namespace of objects that name none, for --cluster')
    .option('--timeout <seconds>', 'time for each image', readSeconds, 30)
    .option('--wait <time>', 'ask again for what is not found until it is there, for so long: 90s, 10m', readSpan)
    .option(
      '-o, --output <format[=file]>',
      'text, json, sarif, junit, github, gitlab, markdown, html or policyreport; several at once',
      readOutput,
    )
    .addOption(new Option('--fail-on <action>', 'end with 1 from this on').choices(['deny', 'warn']).default('deny'))
    .addOption(
      new Option('--unknown <outcome>', 'what it counts as that something could not be determined; 3 without').choices([
        'pass',
        'fail',
      ]),
    )
    .option('--baseline <file>', 'findings that are known, and not told again')
    .option('--write-baseline <file>', 'write down all findings as known, and end with 0')
    .option('--trace', 'show each request on standard error: method, address, status, time', false)
    .addHelpText('after', examples)
    .action(async (paths: readonly string[], given: CheckFlags, command: Command) => {
      const problem = usageProblem(paths, given)
      if (problem !== undefined) command.error(problem, { exitCode: exitCodes.usage })
      const { check } = await import('../check.ts')
      const { mode, platform, certsDir } = given
      const options = {
        paths: paths.length === 0 && given.changed !== undefined && given.image === undefined ? ['.'] : paths,
        images: given.image ?? [],
        include: given.include ?? [],
        exclude: given.exclude ?? [],
        also: given.also ?? [],
        changed: given.changed,
        kustomizations: given.kustomize ?? [],
        charts: (given.helm ?? []).map(chart => ({ chart, values: given.values ?? [] })),
        secrets: given.secret ?? [],
        cluster: given.cluster || given.context !== undefined,
        context: given.context,
        namespace: given.namespace,
        config: given.config,
        flags: {
          ...(mode === undefined ? {} : { mode }),
          ...(platform === undefined ? {} : { platform }),
          ...(certsDir === undefined ? {} : { certsDir }),
        },
        timeoutMs: given.timeout * 1000,
        waitMs: given.wait ?? 0,
        targets: given.output ?? [],
        failOn: given.failOn,
        unknown: given.unknown,
        baseline: given.baseline,
        writeBaseline: given.writeBaseline,
        trace: given.trace,
      }
      done(await check(options, surroundings))
    })
