import type { AddressInfo } from 'node:net'
import type { Check } from '../check/check.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { Events } from '../cluster/events.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Mode } from '../verdict/policy.ts'
import type { BudgetOptions } from '../webhook/budget.ts'
import type { CallerOptions } from '../webhook/caller.ts'
import { type Certificate, makeCertificate } from '../webhook/certificate.ts'
import type { LoadOptions } from '../webhook/load.ts'
import { notingReviewer, observedReviewer } from '../webhook/observe.ts'
import { createReviewer } from '../webhook/reviewer.ts'
import { createServer, type Reviewer, type WebhookServer } from '../webhook/server.ts'
import { namespaceModes } from './cluster.ts'
import { createClusterEngine } from './cluster-engine.ts'
import type { Settings } from './configuration.ts'
import { type EngineMemory, engineMemory } from './engine.ts'
import { urlHost } from './plain-server.ts'
import { createSwitchover } from './switchover.ts'

/** What a webhook is started with. */
export interface WebhookOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** DNS names and addresses that clients call the webhook by: for a certificate of its own, where it is given none. */
  readonly names: readonly string[]
  readonly certificate?: Certificate
  /** Who may ask; anybody unless it is told. */
  readonly caller?: CallerOptions | undefined
  readonly load?: Partial<LoadOptions>
  /** Where objects get a note that were let in only because of the mode; nowhere unless it is told. */
  readonly events?: Events
  readonly isReady?: () => boolean
  readonly settings: Settings
  /** The cluster that it serves; undefined: none is known. */
  readonly cluster: Cluster | undefined
  /** What counts and logs; nobody does without. */
  readonly telemetry?: Telemetry
  /** Where what is wrong with files is written to, and bugs where nobody logs. */
  readonly log: (text: string) => void
}

/** A webhook that listens. */
export interface Webhook {
  readonly url: string
  /** The authority that its clients must trust. */
  readonly caPem: string
  /** Lets other settings hold from now on; reviews that have begun end as they began. */
  readonly change: (settings: Settings) => Promise<void>
  /** What the server can do while it runs. */
  readonly server: WebhookServer
  /** Asks about images as reviews do. */
  readonly check: Check
  readonly close: () => Promise<void>
}

const dayMs = 24 * 60 * 60 * 1000
// Nobody renews this one: it lasts as long as a process is likely to.
const certificateLifeMs = 365 * dayMs

/** What answers reviews, by one and the same settings. */
interface Desk {
  readonly review: Reviewer
  readonly check: Check
  readonly budget: BudgetOptions
  readonly memory: EngineMemory
  readonly close: () => Promise<void>
}

const unseen = (): void => {}

const oneMode = (_: string, mode: Mode): Promise<Mode> => Promise.resolve(mode)

const openDesk = async (
  settings: Settings,
  { cluster, telemetry, events, log }: Pick<WebhookOptions, 'cluster' | 'telemetry' | 'events' | 'log'>,
  before?: EngineMemory,
): Promise<Desk> => {
  const memory = engineMemory(settings.cache, before)
  telemetry?.expectHosts(settings.connections.hosts.keys())
  const observe = telemetry?.exchanged ?? unseen
  const engine = await createClusterEngine({
    settings,
    cluster,
    memory,
    observe,
    telemetry,
    log,
    strictness: 'cluster',
  })
  const modeIn = cluster === undefined ? oneMode : namespaceModes(cluster)
  const reviewer = createReviewer({ ...settings, check: engine.check, modeIn })
  const review = events === undefined || !settings.events ? reviewer : notingReviewer(reviewer, events.tell)
  return { review, check: engine.check, budget: settings.budget, memory, close: engine.close }
}

/** Puts a webhook together and lets it listen; fails with a sentence where it cannot. */
export const startWebhook = async (options: WebhookOptions): Promise<Result<Webhook, string>> => {
  const certificate = options.certificate ?? (await makeCertificate(options.names, new Date(), certificateLifeMs))
  const { telemetry } = options
  const desks = createSwitchover(await openDesk(options.settings, options))
  const review: Reviewer = (review, signal) => desks.use(desk => desk.review(review, signal))
  const server = createServer({
    certificate,
    caller: options.caller,
    isReady: options.isReady ?? (() => true),
    overloaded: () => telemetry?.overloaded(),
    ...(options.load && { load: options.load }),
    review: telemetry === undefined ? review : observedReviewer(review, telemetry.reviewed, () => performance.now()),
    // Read anew for each review.
    get timeoutMs() {
      return desks.current().budget.timeoutMs
    },
    get reserveMs() {
      return desks.current().budget.reserveMs
    },
    bug: error => {
      if (telemetry !== undefined) telemetry.bug(error, 'in a review')
      else
        options.log(`A review failed for a reason of our own: ${error instanceof Error ? error.stack : String(error)}`)
    },
  })
  const close = async (): Promise<void> => {
    await server.instance.close()
    await desks.close()
  }
  const change = async (settings: Settings): Promise<void> =>
    desks.replace(await openDesk(settings, options, desks.current().memory))
  try {
    await server.instance.listen({ host: options.host, port: options.port })
  } catch (error) {
    await close()
    return fail(listenProblem((error as NodeJS.ErrnoException).code, options))
  }
  const { port } = server.instance.server.address() as AddressInfo
  const check: Check = (workload, signal) => desks.use(desk => desk.check(workload, signal))
  return ok({ url: `https://${urlHost(options.host)}:${port}`, caPem: certificate.ca, change, server, check, close })
}

const listenProblem = (code: string | undefined, { host, port }: WebhookOptions): string => {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${host} is in use by another program: choose another with --port.`
    case 'EACCES':
      return `Port ${port} of ${host} may not be used by this user: choose one above 1023 with --port.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: choose another with --host.`
    default:
      return `The webhook cannot listen on ${host}, port ${port} (${code ?? 'unknown reason'}).`
  }
}
