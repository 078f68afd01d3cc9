import type { Holding } from '../cli/manifest/holdings.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { deadlineIn } from '../lib/deadline.ts'
import type { Mode } from '../verdict/policy.ts'
import { namespaceModes } from './cluster.ts'

/** The mode that holds in a namespace. */
export type ModeIn = (namespace: string, mode: Mode) => Promise<Mode>

const modeMs = 5000

/** The modes that the manifests' own Namespaces set, for those that will be made of them. */
const modesIn = (holdings: readonly Holding[]): ReadonlyMap<string, string> =>
  new Map(holdings.flatMap(holding => (holding.kind === 'namespace' ? [[holding.name, holding.mode] as const] : [])))

/** Makes the function that finds modes in the manifests, then in the cluster, where one is known. */
export const createModeIn = (
  holdings: readonly Holding[],
  cluster: Cluster | undefined,
  defaultNamespace: string | undefined,
): ModeIn => {
  const written = modesIn(holdings)
  const label = async (namespace: string) => {
    const value = written.get(namespace)
    return value === undefined ? ({ kind: 'none' } as const) : ({ kind: 'label', value } as const)
  }
  const modeOf: Cluster['namespaces']['modeOf'] = async (namespace, signal) =>
    cluster === undefined || written.has(namespace) ? label(namespace) : cluster.namespaces.modeOf(namespace, signal)
  const find = namespaceModes({ namespaces: { modeOf } })
  return (namespace, mode) => find(namespace || (defaultNamespace ?? ''), mode, deadlineIn(modeMs))
}
