import { hostname } from 'node:os'
import type { Cluster } from '../cluster/cluster.ts'
import { createEvents, type Events } from '../cluster/events.ts'
import type { Secrets } from '../cluster/secrets.ts'
import { waitByClock } from '../cluster/wait.ts'
import type { Configuration } from '../config/configuration.ts'
import { endingIn } from '../lib/deadline.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import {
  type CertificateChoice,
  openCertificate,
  readCaller,
  type ServingCertificate,
  type SharedAuthority,
} from './certificates.ts'
import type { Closers } from './closers.ts'
import { connectCluster } from './cluster.ts'
import type { Settings } from './configuration.ts'
import type { Environment } from './surroundings.ts'
import { startWebhook, type Webhook, type WebhookOptions } from './webhook.ts'

/** What flags of the command line say of serving; each takes the place of what the file says. */
export interface ServingFlags {
  readonly certificate: { readonly cert: string; readonly key: string } | undefined
  readonly authority: SharedAuthority | undefined
  readonly clientCa: string | undefined
  readonly clientNames: readonly string[] | undefined
  /** False: we may not read them, and are not to try. */
  readonly pullSecrets: boolean
}

/** What serving is put together from. */
export interface ServingOptions extends Pick<WebhookOptions, 'host' | 'port' | 'names'> {
  /** A context of the kubeconfig; undefined: the cluster that it runs in, if it does. */
  readonly context: string | undefined
  readonly serving: ServingFlags
  readonly configuration: Configuration
  readonly settings: Settings
  readonly environment: Environment
  readonly telemetry: Telemetry
  readonly isReady: () => boolean
  /** Where whatever is opened is left to be closed, also after a failure. */
  readonly closers: Closers
}

/** A webhook that serves, and what it serves with. */
export interface Serving {
  readonly webhook: Webhook
  readonly certificate: ServingCertificate
  readonly cluster: Cluster | undefined
  /** Undefined: it serves with a certificate that it does not share. */
  readonly authority: SharedAuthority | undefined
}

const partingMs = 2000
// The API server is near; who waits longer waits for one that is not there.
const settleMs = 10_000

const choiceOf = ({ serving: { certificate, authority }, configuration }: ServingOptions): CertificateChoice => {
  const { certificates } = configuration.serve
  if (certificate !== undefined) return { kind: 'files', files: certificate }
  if (authority !== undefined) return { kind: 'shared', authority }
  return certificates === 'self' ? { kind: 'alone' } : { kind: 'files', files: certificates }
}

const unread: Secrets['get'] = async () => fail({ kind: 'forbidden' })

const openCluster = async (options: ServingOptions): Promise<Result<Cluster | undefined, string>> => {
  const { environment, context, telemetry, closers, serving } = options
  const cluster = await connectCluster({ environment, context, log: telemetry.log })
  if (!cluster.ok || cluster.value === undefined) return cluster
  const { close } = cluster.value
  // A login program of the kubeconfig may hang; the process ends without it.
  closers.add(() => Promise.race([close(), waitByClock(partingMs, new AbortController().signal)]))
  return serving.pullSecrets ? cluster : ok({ ...cluster.value, secrets: { get: unread, getAnew: unread } })
}

const openEvents = ({ api }: Cluster, closers: Closers): Events => {
  const [nowMs, wallClock] = [() => performance.now(), () => new Date()]
  const events = createEvents(api, { reporter: 'pullgate', instance: hostname(), nowMs, wallClock })
  closers.add(async () => events.close())
  return events
}

const callerFor = ({ serving, configuration: { serve } }: ServingOptions) =>
  readCaller(serving.clientCa ?? serve.clientCa, serving.clientNames ?? serve.clientNames)

const openWebhook = async (
  options: ServingOptions,
  cluster: Cluster | undefined,
  certificate: ServingCertificate,
): Promise<Result<Webhook, string>> => {
  const { host, port, names, settings, telemetry, isReady, closers } = options
  const caller = await callerFor(options)
  if (!caller.ok) return caller
  const webhook = await startWebhook({
    ...{ host, port, names, settings, telemetry, cluster, isReady, log: telemetry.log },
    ...{ caller: caller.value, certificate: certificate.current() },
    ...(cluster && { events: openEvents(cluster, closers) }),
  })
  if (!webhook.ok) return webhook
  closers.add(webhook.value.close)
  const { useCertificate } = webhook.value.server
  certificate.follow(useCertificate)
  // It may have been renewed just now.
  useCertificate(certificate.current())
  return webhook
}

/** Puts everything together that serving needs, and lets it listen; a sentence where it cannot. */
export const openServing = async (options: ServingOptions, signal: AbortSignal): Promise<Result<Serving, string>> => {
  const { names, telemetry, closers } = options
  const cluster = await openCluster(options)
  if (!cluster.ok) return cluster
  const choice = choiceOf(options)
  const certificate = await openCertificate({ choice, names, cluster: cluster.value, telemetry }, signal)
  if (!certificate.ok) return fail(certificate.error)
  closers.add(certificate.value.close)
  const webhook = await openWebhook(options, cluster.value, certificate.value)
  if (!webhook.ok) return webhook
  // Without the nodes' lists much is unknown that is known a moment later.
  await cluster.value?.nodes.settled(endingIn(settleMs, signal))
  const authority = choice.kind === 'shared' ? choice.authority : undefined
  return ok({ webhook: webhook.value, certificate: certificate.value, cluster: cluster.value, authority })
}
