import { placementKey } from './placement.ts'
import type { ImageUse, Workload } from './workload.ts'

/**
 * The workloads of an object after an update, with only those uses of images that are to be checked: where something that decides
 * pulling changed. Workloads without any are left out.
 *
 * A use is unchanged if the object pulled the same image before, by the same policy, in the same name and with the same choice of nodes,
 * whatever the container was called and wherever it stood: the node asks the registry the same question, and gets the same answer. So
 * renaming a container, or debugging with an image that runs already, is never stopped.
 */
export const changedImages = (before: readonly Workload[], after: readonly Workload[]): readonly Workload[] => {
  const pulled = pullsOf(before)
  return after.flatMap(workload => {
    const known = pulled.get(circumstancesKey(workload))
    const images = workload.images.filter(use => !known?.has(useKey(use)))
    return images.length === 0 ? [] : [{ ...workload, images }]
  })
}

const pullsOf = (workloads: readonly Workload[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const pulls = new Map<string, Set<string>>()
  for (const workload of workloads) {
    const key = circumstancesKey(workload)
    const known = pulls.get(key) ?? new Set()
    pulls.set(key, known)
    for (const use of workload.images) known.add(useKey(use))
  }
  return pulls
}

// The order of the secrets is the order in which they are tried, and counts.
const circumstancesKey = ({ pullAs, placement }: Workload): string =>
  JSON.stringify([
    pullAs.namespace,
    pullAs.imagePullSecrets ?? null,
    pullAs.serviceAccount ?? null,
    placementKey(placement),
  ])

// A volume is judged more leniently than what runs, and one that nothing mounts more leniently still.
const useKey = ({ image, pullPolicy, role, blocks }: ImageUse): string =>
  JSON.stringify([image.kind, image.text, pullPolicy, role === 'volume', blocks])
