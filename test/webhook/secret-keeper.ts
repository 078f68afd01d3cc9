import type { ApiFailure } from '../../src/cluster/api-failure.ts'
import type { KeptSecret } from '../../src/cluster/kept-secret.ts'
import type { WebhookRegistration } from '../../src/cluster/webhook-registration.ts'
import { fail, ok } from '../../src/lib/result.ts'
import type { Certificate } from '../../src/webhook/certificate.ts'
import { createOwnCertificate, type Lives, type OwnCertificate } from '../../src/webhook/own-certificate.ts'
import { createPublication } from '../../src/webhook/publication.ts'

/** A Secret and a registration in memory, with the versions by which an API server tells who comes second. */
export interface Memory {
  texts: ReadonlyMap<string, string>
  version: number | undefined
  bundle: string | undefined
  /** What the API server answers instead. */
  failure: ApiFailure | undefined
  readonly secret: KeptSecret
  readonly registration: WebhookRegistration
}

/** Makes the memory of an API server. */
export const createMemory = (): Memory => {
  const memory: Memory = {
    texts: new Map(),
    version: undefined,
    bundle: '',
    failure: undefined,
    secret: {
      read: async () => {
        if (memory.failure !== undefined) return fail(memory.failure)
        return ok({ version: memory.version?.toString(), texts: memory.texts })
      },
      write: async ({ version }, texts) => {
        if (version !== memory.version?.toString()) return fail({ kind: 'conflict' })
        memory.version = (memory.version ?? 0) + 1
        memory.texts = texts
        return ok(undefined)
      },
    },
    registration: {
      read: async () => {
        if (memory.bundle === undefined) return fail({ kind: 'missing' })
        return ok({ version: '1', bundles: [memory.bundle, memory.bundle] })
      },
      publish: async (_, bundle) => {
        memory.bundle = bundle
        return ok(undefined)
      },
    },
  }
  return memory
}

/** A clock that is set by hand. */
export interface Clock {
  ms: number
}

/** A replica that looks when it is told to, and what it served with. */
export interface Replica extends OwnCertificate {
  readonly served: readonly Certificate[]
}

const hourMs = 60 * 60 * 1000

/** How long things last in these tests. */
export const lives: Lives = { authorityMs: 30 * 24 * hourMs, serverMs: 24 * hourMs, seenMs: 30_000 }

/** Starts a replica. */
export const replica = (memory: Memory, clock: Clock): Replica => {
  const served: Certificate[] = []
  const [nowMs, wallClock] = [() => clock.ms, () => new Date(Date.UTC(2026, 0, 1) + clock.ms)]
  const { registration, secret } = memory
  const publication = createPublication({ registration, foreignMs: 120_000, nowMs, wallClock })
  const use = (certificate: Certificate): void => void served.push(certificate)
  const keeper = createOwnCertificate({ secret, publication, names: ['hook.svc'], lives, wallClock, use })
  return { ...keeper, served }
}
