import type { Step } from '../registry/failure.ts'
import type { Exchanged } from '../registry/observe.ts'
import type { Quota } from '../registry/quota.ts'
import type { Exposed, Sample } from './exposed.ts'
import { createHostSeats, otherHost } from './host-seats.ts'

/** What is counted of each host. */
export interface ByHost {
  readonly exchanged: (host: string, exchanged: Exchanged) => void
  readonly breaker: (host: string, state: 'open' | 'closed') => void
  /** Hosts that the configuration names: none other takes their place. */
  readonly expect: (hosts: Iterable<string>) => void
  readonly metrics: readonly Exposed[]
}

// 50 hosts and the others, 4 groups of steps and 6 of statuses make 1,224 series at the most.
const mostHosts = 50

const stepGroups: Readonly<Record<Step, string>> = {
  hosts: 'manifest',
  dns: 'manifest',
  connect: 'manifest',
  tls: 'manifest',
  proxy: 'manifest',
  manifest: 'manifest',
  child: 'manifest',
  token: 'token',
  config: 'content',
  program: 'content',
  tags: 'tags',
}

/** The class of a status; 429 on its own, since it is the one to be warned of. */
const statusGroup = (outcome: Exchanged['outcome']): string => {
  if (typeof outcome === 'string') return 'none'
  if (outcome === 429) return '429'
  const hundreds = Math.trunc(outcome / 100)
  return hundreds >= 2 && hundreds <= 5 ? `${hundreds}xx` : 'none'
}

const isGood = ({ outcome }: Exchanged): boolean => typeof outcome === 'number' && outcome >= 200 && outcome < 300

interface Row {
  /** By step and status. */
  readonly requests: Map<string, { readonly labels: Sample['labels']; value: number }>
  readonly changes: { open: number; closed: number }
  quota: Quota | undefined
}

/** Makes the counts by host. A host that loses its seat loses its series too: under another name they would be a jump. */
export const createByHost = (): ByHost => {
  const rows = new Map<string, Row>()
  const seats = createHostSeats({ most: mostHosts, gone: host => void rows.delete(host) })
  const rowOf = (host: string): Row => {
    const known = rows.get(host)
    if (known !== undefined) return known
    const row: Row = { requests: new Map(), changes: { open: 0, closed: 0 }, quota: undefined }
    rows.set(host, row)
    return row
  }

  const samples = (of: (row: Row, host: string) => readonly Sample[]) => (): readonly Sample[] =>
    [...rows].flatMap(([host, row]) => of(row, host))
  const quotas = (field: 'limit' | 'remaining') =>
    samples(({ quota }, host) => (quota === undefined ? [] : [{ labels: { host }, value: quota[field] }]))

  return {
    exchanged: (given, exchanged) => {
      const host = seats.labelOf(given, isGood(exchanged))
      const row = rowOf(host)
      const [step, status] = [stepGroups[exchanged.step], statusGroup(exchanged.outcome)]
      const cell = row.requests.get(`${step} ${status}`) ?? { labels: { host, step, status }, value: 0 }
      cell.value++
      row.requests.set(`${step} ${status}`, cell)
      // Of several hosts together a quota says nothing.
      if (exchanged.quota !== undefined && host !== otherHost) row.quota = exchanged.quota
    },
    breaker: (given, state) => {
      rowOf(seats.labelOf(given, false)).changes[state]++
    },
    expect: seats.expect,
    metrics: [
      {
        name: 'pullgate_registry_requests_total',
        help: 'Requests to registries, token servers and the networks that they redirect to; status "none" where no answer came.',
        type: 'counter',
        read: samples(({ requests }) => [...requests.values()]),
      },
      {
        name: 'pullgate_registry_breaker_changes_total',
        help: 'How often a host was left alone because it failed, and how often it was found to be well again.',
        type: 'counter',
        read: samples(({ changes }, host) =>
          (['open', 'closed'] as const).flatMap(state =>
            changes.open + changes.closed > 0 ? [{ labels: { host, state }, value: changes[state] }] : [],
          ),
        ),
      },
      {
        name: 'pullgate_registry_quota_remaining',
        help: 'What a registry said last of how much may still be asked of it.',
        type: 'gauge',
        read: quotas('remaining'),
      },
      {
        name: 'pullgate_registry_quota_limit',
        help: 'What a registry said last of how much may be asked of it within its window.',
        type: 'gauge',
        read: quotas('limit'),
      },
    ],
  }
}
