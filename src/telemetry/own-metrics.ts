import type { Exposed } from './exposed.ts'
import { createTally } from './tally.ts'

/** How a look at the configuration ended: it holds now, it says what it said, or it cannot be used. */
export type Reload = 'changed' | 'unchanged' | 'refused'

/** A certificate of ours. */
export type OwnCertificate = 'authority' | 'server'

/** Counts what happens to Pullgate itself. */
export interface OwnMetrics {
  readonly reloaded: (reload: Reload) => void
  /** Told until when a certificate is good, in milliseconds since 1970. */
  readonly certified: (certificate: OwnCertificate, untilMs: number) => void
  readonly bug: () => void
  readonly metrics: readonly Exposed[]
}

/** Makes the metrics on ourselves. */
export const createOwnMetrics = (version: string): OwnMetrics => {
  const reloads = createTally<Reload>({
    name: 'pullgate_config_reloads_total',
    help: 'Looks at the configuration while running: it changed, said what it said before, or could not be used.',
    kinds: ['changed', 'unchanged', 'refused'],
    labelsOf: result => ({ result }),
  })
  const bugs = createTally({
    name: 'pullgate_bugs_total',
    help: 'What failed for a reason of our own.',
    kinds: ['bug'],
    labelsOf: () => ({}),
  })
  const expiries = new Map<OwnCertificate, number>()
  const expiry: Exposed = {
    name: 'pullgate_certificate_expiry_timestamp_seconds',
    help: 'Until when our certificates are good.',
    type: 'gauge',
    read: () => [...expiries].map(([certificate, untilMs]) => ({ labels: { certificate }, value: untilMs / 1000 })),
  }
  const build: Exposed = {
    name: 'pullgate_build_info',
    help: 'Which Pullgate this is.',
    type: 'gauge',
    read: () => [{ labels: { version }, value: 1 }],
  }

  return {
    reloaded: reloads.count,
    certified: (certificate, untilMs) => void expiries.set(certificate, untilMs),
    bug: () => bugs.count('bug'),
    metrics: [reloads.metric, bugs.metric, expiry, build],
  }
}
