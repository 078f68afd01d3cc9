import type { ApiFailure } from '../cluster/api-failure.ts'
import type { WebhookRegistration } from '../cluster/webhook-registration.ts'
import { ok, type Result } from '../lib/result.ts'
import { certificatesIn, goodUntilMs } from './authorities.ts'

/** Lets the API server trust authorities, and says for how long it has been seen to. */
export interface Publication {
  /** Ends with success when all of them are in every bundle of the registration, or there is none. */
  readonly publish: (
    trusted: readonly string[],
    signal: AbortSignal,
  ) => Promise<Result<'published' | 'unregistered', ApiFailure>>
  /** For how long an authority has been seen in every bundle; 0 where it was not. */
  readonly seenForMs: (cert: string) => number
}

/** Options of a publication. */
export interface PublicationOptions {
  /** Undefined: the clients are told by other means, and are taken to know what the Secret holds. */
  readonly registration: WebhookRegistration | undefined
  /** Foreign certificates stay in the bundle for so long: another replica may be serving with them. */
  readonly foreignMs: number
  /** A clock in milliseconds that never goes back. */
  readonly nowMs: () => number
  readonly wallClock: () => Date
}

const everywhere = (bundles: readonly (readonly string[])[], cert: string): boolean =>
  bundles.every(bundle => bundle.includes(cert))

/** Makes a publication. */
export const createPublication = (options: PublicationOptions): Publication => {
  const { registration, foreignMs, nowMs, wallClock } = options
  const seen = new Map<string, number>()
  const foreign = new Map<string, number>()

  /** Notes since when each is there, without a break. */
  const note = (since: Map<string, number>, certs: readonly string[]): void => {
    for (const cert of since.keys()) if (!certs.includes(cert)) since.delete(cert)
    for (const cert of certs) if (!since.has(cert)) since.set(cert, nowMs())
  }
  const isStillWanted = (cert: string): boolean =>
    nowMs() - (foreign.get(cert) ?? nowMs()) < foreignMs && wallClock().getTime() < goodUntilMs(cert)

  return {
    publish: async (trusted, signal) => {
      const read = registration === undefined ? undefined : await registration.read(signal)
      if (read !== undefined && !read.ok && read.error.kind !== 'missing') return read
      if (registration === undefined || read === undefined || !read.ok) {
        note(seen, trusted)
        return ok('unregistered')
      }
      const bundles = read.value.bundles.map(certificatesIn)
      note(
        seen,
        trusted.filter(cert => everywhere(bundles, cert)),
      )
      const others = [...new Set(bundles.flat())].filter(cert => !trusted.includes(cert))
      note(foreign, others)
      const kept = others.filter(isStillWanted)
      if (kept.length === others.length && trusted.every(cert => everywhere(bundles, cert))) return ok('published')
      const written = await registration.publish(read.value, [...trusted, ...kept].join(''), signal)
      return written.ok ? ok('published') : written
    },
    seenForMs: cert => {
      const since = seen.get(cert)
      return since === undefined ? 0 : nowMs() - since
    },
  }
}
