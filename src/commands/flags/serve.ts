import { Command, InvalidArgumentError, Option } from 'commander'
import { isNamespaceName, isObjectName } from '../../cluster/object-name.ts'
import type { ConfigurationFlags } from '../configuration.ts'
import type { ServingFlags } from '../serving.ts'
import { certsDirOption, configOption, platformOption } from './configured.ts'
import type { MakeCommand } from './make-command.ts'
import { readCidr, readName, readPort } from './read.ts'

interface ServeFlags extends ConfigurationFlags, Partial<CertificateFlags> {
  readonly config?: string
  readonly host: string
  readonly port: number
  readonly name?: readonly string[]
  readonly caFile?: string
  readonly context?: string
  readonly metricsPort?: number
  readonly selfTest: boolean
  readonly pullSecrets: boolean
}

interface CertificateFlags {
  readonly certFile: string | undefined
  readonly keyFile: string | undefined
  readonly caSecret: { readonly namespace: string; readonly name: string } | undefined
  readonly webhookConfiguration: string | undefined
  readonly clientCaFile: string | undefined
  readonly clientName: readonly string[] | undefined
}

const readSecretName = (text: string): { readonly namespace: string; readonly name: string } => {
  const [namespace = '', name = '', ...more] = text.split('/')
  if (!isNamespaceName(namespace) || !isObjectName(name) || more.length > 0)
    throw new InvalidArgumentError(`"${text}" is not a Secret such as pullgate/pullgate-ca.`)
  return { namespace, name }
}

const readObjectName = (text: string): string => {
  if (!isObjectName(text)) throw new InvalidArgumentError(`"${text}" is not a name of an object.`)
  return text
}

/** What the flags on certificates say together. */
const servingOf = (flags: CertificateFlags, pullSecrets: boolean): ServingFlags => {
  const { certFile, keyFile, caSecret, webhookConfiguration, clientCaFile, clientName } = flags
  return {
    certificate: certFile === undefined || keyFile === undefined ? undefined : { cert: certFile, key: keyFile },
    authority: caSecret === undefined ? undefined : { secret: caSecret, registration: webhookConfiguration },
    clientCa: clientCaFile,
    clientNames: clientName,
    pullSecrets,
  }
}

/** What is said by halves, or twice. */
const contradictionIn = ({
  certFile,
  keyFile,
  caSecret,
  webhookConfiguration,
}: CertificateFlags): string | undefined => {
  if ((certFile === undefined) !== (keyFile === undefined)) return '--cert-file and --key-file go together.'
  if (certFile !== undefined && caSecret !== undefined) return '--cert-file and --ca-secret exclude each other.'
  return webhookConfiguration !== undefined && caSecret === undefined
    ? '--webhook-configuration is for the authority of --ca-secret.'
    : undefined
}

/** `pullgate serve`. */
export const serveCommand: MakeCommand = (surroundings, done) =>
  new Command('serve')
    .summary('answer the API server: the admission webhook')
    .description('Serves the validating admission webhook over HTTPS.')
    .addOption(configOption())
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', readPort, 8443)
    .option(
      '--metrics-port <number>',
      'port for GET /metrics, /healthz and /readyz by plain HTTP; none without',
      readPort,
    )
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
    .option('--cert-file <path>', 'serve with this certificate (PEM), read anew when it changes')
    .option('--key-file <path>', 'the key (PEM) of --cert-file')
    .option(
      '--ca-secret <namespace/name>',
      'sign a certificate with the authority in this Secret, made and renewed by the replicas; without it one that is made at start',
      readSecretName,
    )
    .option(
      '--webhook-configuration <name>',
      'let this ValidatingWebhookConfiguration trust the authority of --ca-secret',
      readObjectName,
    )
    .option('--client-ca-file <path>', 'answer only who shows a certificate of this authority (PEM): the API server')
    .option('--client-name <name...>', "common names of the API server's certificate; kube-apiserver without")
    .option('--no-pull-secrets', 'do not try to read pull secrets: what needs them cannot be found out')
    .option('--self-test', 'try configuration, certificate, rights and a registry, say what is wrong, and end', false)
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
    .action(async (given: ServeFlags, command: Command) => {
      const { config, context, host, port, metricsPort, name, caFile, selfTest, pullSecrets, ...others } = given
      const { certFile, keyFile, caSecret, webhookConfiguration, clientCaFile, clientName, ...flags } = others
      const own = { certFile, keyFile, caSecret, webhookConfiguration, clientCaFile, clientName }
      const contradiction = contradictionIn(own)
      if (contradiction !== undefined) command.error(`error: ${contradiction}`)
      const { serve } = await import('../serve.ts')
      const names = name ?? ['localhost', '127.0.0.1']
      const options = { host, port, names, caFile, config, context, metricsPort, selfTest, flags }
      done(await serve({ ...options, serving: servingOf(own, pullSecrets) }, surroundings))
    })
