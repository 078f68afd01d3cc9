import type { AddressInfo } from 'node:net'
import type { Platform } from '../image/platform.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { Mode } from '../verdict/policy.ts'
import { makeCertificate } from '../webhook/certificate.ts'
import { createReviewer } from '../webhook/reviewer.ts'
import { createServer } from '../webhook/server.ts'
import { builtInKinds } from '../workload/kinds.ts'
import { type AddressOptions, createEngine } from './engine.ts'
import type { NetworkOptions } from './network.ts'

/** What a webhook is started with. */
export interface WebhookOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** DNS names and addresses that clients call the webhook by. */
  readonly names: readonly string[]
  readonly mode: Mode
  readonly platforms: readonly Platform[]
  readonly addresses: AddressOptions
  readonly network: NetworkOptions
  /** Where bugs, and what is wrong with files, are written to. */
  readonly log: (text: string) => void
}

/** A webhook that listens. */
export interface Webhook {
  readonly url: string
  /** The authority that its clients must trust. */
  readonly caPem: string
  readonly close: () => Promise<void>
}

const dayMs = 24 * 60 * 60 * 1000
// Until certificates renew themselves, one lasts as long as a process is likely to.
const certificateLifeMs = 365 * dayMs

/** Puts a webhook together and lets it listen; fails with a sentence where it cannot. */
export const startWebhook = async (options: WebhookOptions): Promise<Result<Webhook, string>> => {
  const certificate = await makeCertificate(options.names, new Date(), certificateLifeMs)
  const engine = await createEngine({ ...options, strictness: 'cluster', observe: () => {} })
  const review = createReviewer({
    check: engine.check,
    kinds: builtInKinds,
    policy: { actions: {} },
    mode: options.mode,
  })
  const server = createServer({
    certificate,
    review,
    timeoutMs: 5000,
    reserveMs: 500,
    bug: error =>
      options.log(`A review failed for a reason of our own: ${error instanceof Error ? error.stack : String(error)}`),
  })
  const close = async (): Promise<void> => {
    await server.close()
    await engine.close()
  }
  try {
    await server.listen({ host: options.host, port: options.port })
  } catch (error) {
    await close()
    return fail(listenProblem((error as NodeJS.ErrnoException).code, options))
  }
  const { port } = server.server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return ok({ url: `https://${host}:${port}`, caPem: certificate.ca, close })
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
