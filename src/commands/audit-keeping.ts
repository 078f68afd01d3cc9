import { gunzipSync, gzipSync } from 'node:zlib'
import { formatRound, type MovingRound, parseRound, type Round } from '../audit/round.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { keepObject } from '../cluster/kept-object.ts'
import { isPassing } from '../cluster/patiently.ts'
import type { Wait } from '../cluster/wait.ts'
import { endingIn } from '../lib/deadline.ts'
import { asText, propertyAt } from '../lib/untrusted.ts'

const askMs = 15_000
const againMs = 5000
const limited = (signal: AbortSignal): AbortSignal => endingIn(askMs, signal)

// A ConfigMap holds 1 MiB, of text in base64.
const mostPackedBytes = 700_000
// Of 10,000 namespaces with everything that can be found a round has some 6 MiB.
const mostRoundBytes = 64 * 1024 * 1024

const part = <K, V>(all: ReadonlyMap<K, V>, share: number): ReadonlyMap<K, V> =>
  share === 1 ? all : new Map([...all].slice(0, Math.floor(all.size * share)))

/** A namespace that does not fit is looked at once more after a restart. */
const packed = (round: Round, share = 1): string => {
  const { startedMs, done, before } = round
  const bytes = gzipSync(formatRound({ startedMs, done: part(done, share), before: part(before, share) }))
  return bytes.length > mostPackedBytes ? packed(round, share / 2) : bytes.toString('base64')
}

const unpacked = (text: string): MovingRound | undefined => {
  try {
    return parseRound(gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: mostRoundBytes }).toString('utf8'))
  } catch {
    // It is none of ours.
    return undefined
  }
}

const aboutOf = ({ startedMs, done, before }: Round): string =>
  `Of the round that began at ${new Date(startedMs).toISOString()} ${done.size} namespaces are done, and ${before.size} of the one before are left. How many findings each has: "round", as JSON in gzip.`

/** Where a round is kept, and who is told that it cannot be. */
export interface KeepingOptions {
  readonly api: Pick<Cluster['api'], 'get' | 'post' | 'put'>
  readonly keptAt: { readonly namespace: string; readonly name: string }
  readonly wait: Wait
  readonly log: (text: string) => void
}

/** What keeps a round. */
export interface Keeping {
  /** Waits until the API server says what there is, or that there is nothing. */
  readonly load: (signal: AbortSignal) => Promise<MovingRound | undefined>
  readonly keep: (round: Round, signal: AbortSignal) => Promise<void>
}

/** Keeps the round in a ConfigMap, so that any replica goes on with it. */
export const createKeeping = ({ api, keptAt, wait, log }: KeepingOptions): Keeping => {
  const collection = `/api/v1/namespaces/${keptAt.namespace}/configmaps`
  return {
    load: async signal => {
      while (!signal.aborted) {
        const found = await api.get(`${collection}/${keptAt.name}`, limited(signal))
        if (found.ok) return unpacked(asText(propertyAt(found.value, 'binaryData', 'round')) ?? '')
        if (!isPassing(found.error)) return undefined
        await wait(againMs, signal)
      }
      return undefined
    },
    keep: async (round, signal) => {
      const metadata = { name: keptAt.name, labels: { 'app.kubernetes.io/managed-by': 'pullgate' } }
      const object = {
        ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata },
        data: { about: aboutOf(round) },
        binaryData: { round: packed(round) },
      }
      const kept = await keepObject(api, collection, object, limited(signal))
      if (!kept.ok && !signal.aborted)
        log(
          `The ConfigMap ${keptAt.namespace}/${keptAt.name} cannot be written (${kept.error.kind}): a restart begins anew.`,
        )
    },
  }
}
