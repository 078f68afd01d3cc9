import type { FindRuntimeClass } from '../workload/runtime-class.ts'
import type { Holding } from './manifest/holdings.ts'

/** Finds RuntimeClasses in the manifests, then in the cluster, where one is known; of two of the same name the last one counts. */
export const manifestRuntimeClasses = (
  holdings: readonly Holding[],
  cluster: FindRuntimeClass = () => undefined,
): FindRuntimeClass => {
  const written = new Map(
    holdings.flatMap(holding =>
      holding.kind === 'runtime-class' ? [[holding.name, holding.scheduling] as const] : [],
    ),
  )
  return name => written.get(name) ?? cluster(name)
}
