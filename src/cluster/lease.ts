import { asText, ownProperty, propertyAt } from '../lib/untrusted.ts'
import type { ApiFailure } from './api-failure.ts'
import type { ApiServer } from './api-server.ts'
import type { Wait } from './wait.ts'

/** Who may hold a lease, and how. */
export interface LeaseOptions {
  readonly api: Pick<ApiServer, 'get' | 'post' | 'put'>
  readonly namespace: string
  readonly name: string
  /** Of this process, and of no other. */
  readonly identity: string
  readonly nowMs: () => number
  /** For the record alone: clocks of different machines are never compared. */
  readonly today: () => Date
  readonly wait: Wait
  /** Told each time that it was tried to take the lease. */
  readonly told?: (taking: Taking) => void
}

/** What came of trying to take a lease. */
export type Taking =
  | { readonly kind: 'taken' }
  | { readonly kind: 'theirs'; readonly holder: string }
  /** The API server did not answer, does not allow it, or somebody wrote at the same time. */
  | { readonly kind: 'unsure'; readonly failure: ApiFailure['kind'] }

/** A record of the lease as it was read, which is written back only if nobody wrote in between. */
interface Held {
  readonly object: unknown
  readonly holder: string
  /** What changes each time that the holder says that it lives. */
  readonly renewed: string
}

// As client-go's leader election has them: a holder that has not renewed for 10 s steps down before anybody may take over.
const durationSeconds = 15
const renewWithinMs = 10_000
const retryMs = 2000
const askMs = 5000

const heldIn = (object: unknown): Held => ({
  object,
  holder: asText(propertyAt(object, 'spec', 'holderIdentity')) ?? '',
  renewed: asText(propertyAt(object, 'spec', 'renewTime')) ?? '',
})

const microTime = (date: Date): string => date.toISOString().replace('Z', '000Z')

/**
 * Does the work while this process holds the lease: begins when it has it, stops by the signal when it is lost, and waits for it again.
 * At the end the lease is given back, so that another need not wait for it to run out.
 */
export const whileLeading = async (
  { api, namespace, name, identity, nowMs, today, wait, told }: LeaseOptions,
  work: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`
  let seen: { readonly held: Held; readonly atMs: number } | undefined

  const ask = <T>(question: (limit: AbortSignal) => Promise<T>): Promise<T> => question(AbortSignal.timeout(askMs))

  const written = (before: unknown, holder: string): object => {
    const now = microTime(today())
    const isOurs = propertyAt(before, 'spec', 'holderIdentity') === identity
    const transitions = Number(propertyAt(before, 'spec', 'leaseTransitions') ?? 0)
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: ownProperty(before, 'metadata') ?? { name, namespace },
      spec: {
        holderIdentity: holder,
        leaseDurationSeconds: durationSeconds,
        acquireTime: isOurs ? (propertyAt(before, 'spec', 'acquireTime') ?? now) : now,
        renewTime: now,
        leaseTransitions: isOurs ? transitions : transitions + 1,
      },
    }
  }

  const mayTake = (held: Held): boolean => {
    if (held.holder === '' || held.holder === identity) return true
    if (seen?.held.holder !== held.holder || seen.held.renewed !== held.renewed) seen = { held, atMs: nowMs() }
    return nowMs() - seen.atMs > durationSeconds * 1000
  }

  /** Takes the lease, or says that we still live. */
  const take = async (): Promise<Taking> => {
    const found = await ask(limit => api.get(`${leases}/${name}`, limit))
    if (!found.ok && found.error.kind !== 'missing') return { kind: 'unsure', failure: found.error.kind }
    const held = heldIn(found.ok ? found.value : undefined)
    if (!mayTake(held)) return { kind: 'theirs', holder: held.holder }
    // The metadata has the version that was read: if somebody else took it meanwhile, the API server refuses.
    const taken = await ask(limit =>
      found.ok
        ? api.put(`${leases}/${name}`, written(held.object, identity), limit)
        : api.post(leases, written(undefined, identity), limit),
    )
    return taken.ok ? { kind: 'taken' } : { kind: 'unsure', failure: taken.error.kind }
  }

  const giveBack = async (): Promise<void> => {
    const found = await ask(limit => api.get(`${leases}/${name}`, limit))
    if (!found.ok || heldIn(found.value).holder !== identity) return
    await ask(limit => api.put(`${leases}/${name}`, written(found.value, ''), limit))
  }

  /** Renews until the signal fires, somebody else has the lease, or it could not be renewed for too long. */
  const keep = async (takenMs: number, over: AbortSignal): Promise<void> => {
    let renewedMs = takenMs
    while (!over.aborted && nowMs() - renewedMs < renewWithinMs) {
      await wait(retryMs, over)
      const [beganMs, enough] = [nowMs(), new AbortController()]
      const late = wait(renewedMs + renewWithinMs - beganMs, AbortSignal.any([over, enough.signal]))
      // Nobody waits for an answer longer than the lease is sure to be ours.
      const answer = over.aborted ? undefined : await Promise.race([take(), late.then(() => undefined)])
      enough.abort()
      if (answer?.kind === 'theirs') return
      // Others count from when they saw it, which was later.
      if (answer?.kind === 'taken') renewedMs = beganMs
    }
  }

  const lead = async (takenMs: number): Promise<void> => {
    const lost = new AbortController()
    const over = AbortSignal.any([signal, lost.signal])
    const working = work(over).finally(() => lost.abort())
    await keep(takenMs, over)
    lost.abort()
    await working
  }

  while (!signal.aborted) {
    const beganMs = nowMs()
    const taking = await take()
    told?.(taking)
    if (taking.kind === 'taken') await lead(beganMs)
    else await wait(retryMs, signal)
  }
  await giveBack()
}
