import { connectCluster, sourcesOf } from '../../src/commands/cluster.ts'
import { settingsOf, withFlags } from '../../src/commands/configuration.ts'
import { createEngine, engineMemory } from '../../src/commands/engine.ts'
import { clusterKeychain } from '../../src/commands/keychain.ts'
import { defaultConfiguration } from '../../src/config/defaults.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import type { Code } from '../../src/verdict/codes.ts'
import { decide, type Remark } from '../../src/verdict/decide.ts'
import { lineOf } from '../../src/verdict/line.ts'
import { builtInKinds, findKind } from '../../src/workload/kinds.ts'
import { workloadsOf } from '../../src/workload/read.ts'

/** What we say of a pod by the default policy: the worst of it, all codes, and the words. */
export interface Ours {
  readonly action: 'deny' | 'warn' | 'pass'
  readonly codes: readonly Code[]
  readonly words: string
}

/** Asks our core about pods, as a webhook in the cluster does. */
export interface Asker {
  readonly ask: (pod: unknown, namespace: string) => Promise<Ours>
  readonly close: () => Promise<void>
}

/** What the core is put together with. */
export interface AskerOptions {
  readonly kubeconfig: string
  readonly context: string
  readonly certsD: string
  readonly log: (text: string) => void
}

// As long as the API server waits for a webhook, less what the answer takes.
const patienceMs = 8000
const settleMs = 10_000

const wordsOf = (remarks: readonly Remark[]): string => remarks.map(({ subject }) => lineOf(subject)).join('\n')

/** Connects our core to a cluster, with its nodes and secrets, and the node's own certs.d. */
export const createAsker = async ({ kubeconfig, context, certsD, log }: AskerOptions): Promise<Asker> => {
  const environment = { KUBECONFIG: kubeconfig }
  const connected = await connectCluster({ environment, context, log })
  if (!connected.ok || connected.value === undefined)
    throw new Error(connected.ok ? 'there is no cluster' : connected.error)
  const cluster = connected.value
  await cluster.nodes.settled(AbortSignal.timeout(settleMs))
  // The registries of the tests are on this machine.
  const flags = { certsDir: [certsD], allowAddress: ['127.0.0.0/8', '::1/128'] }
  // As the kubelet of the tests is told.
  const configuration = { ...defaultConfiguration(), nodeStatusMaxImages: -1 }
  const settings = settingsOf(withFlags(configuration, flags), {})
  const hasCrio = (): boolean => false
  const nowMs = (): number => performance.now()
  const keychain = await clusterKeychain({ ...settings, sources: sourcesOf(cluster), hasCrio, nowMs, log })
  const engine = await createEngine({
    ...settings,
    strictness: 'cluster',
    memory: engineMemory(settings.cache),
    keychain,
    nodes: cluster.nodes,
    observe: () => {},
    log,
  })
  const kind = findKind(builtInKinds, '', 'Pod')
  if (kind === undefined) throw new Error('pods are not known')

  return {
    ask: async (pod, namespace) => {
      const [workload] = workloadsOf(pod, kind, namespace)
      if (workload === undefined) throw new Error('the pod is no workload')
      const report = await engine.check(workload, deadlineIn(patienceMs))
      const { denials, warnings } = decide(report, { actions: {} }, 'enforce')
      const codes = report.verdicts.flatMap(verdict =>
        verdict.kind === 'judged' ? verdict.findings.map(({ code }) => code) : [],
      )
      return {
        action: denials.length > 0 ? 'deny' : warnings.length > 0 ? 'warn' : 'pass',
        codes: [...new Set(codes)],
        words: wordsOf([...denials, ...warnings]),
      }
    },
    close: async () => {
      await engine.close()
      await cluster.close()
    },
  }
}
