import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StandingCluster, standingCluster } from '../cluster/real/standing-cluster.ts'
import { corpus } from './corpus.ts'
import type { ContainerdLine } from './machine/built.ts'
import { type Machine, startMachine } from './machine/machine.ts'
import { complaintOf, pageOf, type RuntimeRun, totalsLine, totalsOf } from './report.ts'
import type { Case, Expectation } from './row.ts'
import { runCases } from './run.ts'
import { nodeInfoOf, versionsOf } from './versions.ts'

// `PULLGATE_CASES=hosts` runs one table, `hosts-7` one row; the page is left alone then.
const only = process.env['PULLGATE_CASES'] ?? ''

const isMeant = ({ id }: Case): boolean => only === '' || id === only || id.startsWith(`${only}-`)

const page = new URL('../../docs/proof/node.md', import.meta.url)

const startMs = 120_000
// Five minutes where nobody else works, and as many times more as others do.
const patienceMs = 30 * 60_000

/** What a row says of containerd 1.7; rows that say nothing are not run there. */
const onOld = ({ expect, old }: Case): Expectation => (old === undefined || old === 'same' ? expect : old)

const lines: readonly {
  readonly line: ContainerdLine
  readonly isMeant: (row: Case) => boolean
  readonly expectationOf: (row: Case) => Expectation
}[] = [
  { line: '2', isMeant: () => true, expectationOf: ({ expect }) => expect },
  { line: '1.7', isMeant: ({ old }) => old !== undefined, expectationOf: onOld },
]

// Many pulls at once, or one that hangs keeps all others waiting; and nobody else's pods.
const kubelet = {
  serializeImagePulls: false,
  maxParallelImagePulls: 16,
  maxPods: 500,
  registerWithTaints: [{ key: 'pullgate.dev/corpus', effect: 'NoSchedule' }],
}

describe('our verdicts beside a real node', () => {
  let cluster: StandingCluster
  const runs: RuntimeRun[] = []
  let versions: Readonly<Record<string, string>> = {}

  beforeAll(async () => {
    cluster = await standingCluster()
  })
  afterAll(async () => {
    await cluster.client.close()
    const [first, ...others] = runs
    if (only === '' && first !== undefined) await writeFile(page, pageOf([first, ...others], versions))
  })

  for (const [number, { line, isMeant: isHere, expectationOf }] of lines.entries())
    test(
      `no case is denied that runs, and none passes that does not, on containerd ${line}`,
      async () => {
        const began = performance.now()
        const cases = corpus.filter(isMeant).filter(isHere)
        const { registries } = cluster.machine
        const name = `corpus-${line.replace('.', '-')}`
        const machine: Machine = await startMachine(
          {
            ...{ cluster, name, kubelet, containerd: line, number: number + 5 },
            registries: { ...registries, pauseImage: `${registries.open}/machine/pause:1`, close: async () => {} },
          },
          AbortSignal.timeout(startMs),
        )
        try {
          const outcomes = await runCases({
            ...{ cases, machine, name, expectationOf, client: cluster.client, kubeconfig: cluster.kubeconfig },
            context: 'real',
            log: text => console.log(text),
          })
          const runtime = await nodeInfoOf(cluster.client, name, 'containerRuntimeVersion')
          if (number === 0) versions = await versionsOf(cluster.client, name)
          runs.push({ runtime, outcomes })
          const minutes = ((performance.now() - began) / 60_000).toFixed(1)
          console.log(`${runtime}: ${totalsLine(totalsOf(outcomes))}; ${minutes} minutes`)
          const complaints = outcomes.filter(({ faults }) => faults.length > 0).map(complaintOf)
          expect(complaints.join('\n\n')).toBe('')
        } finally {
          await machine.close()
        }
      },
      patienceMs,
    )
})
