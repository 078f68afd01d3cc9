import { type Digest, parseDigest } from '../image/digest.ts'
import { asList, asText, ownProperty, propertyAt } from '../lib/untrusted.ts'

/** The image that a container runs, as its node tells it. */
export interface Running {
  /** The container's name. */
  readonly name: string
  readonly digest: Digest
}

const statusLists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']

// `registry.example/app@sha256:…`, perhaps of another repository, or with `docker-pullable://` before it. A bare digest is an image's ID.
const digestIn = (imageId: string): Digest | undefined => {
  const at = imageId.lastIndexOf('@')
  const digest = at < 0 ? undefined : parseDigest(imageId.slice(at + 1))
  return digest?.ok ? digest.value : undefined
}

/** The digests that a pod's containers run; an image without one, as after `docker load`, has none that a registry knows. */
export const runningIn = (pod: unknown): readonly Running[] =>
  statusLists
    .flatMap(list => asList(propertyAt(pod, 'status', list)))
    .flatMap(status => {
      const digest = digestIn(asText(ownProperty(status, 'imageID')) ?? '')
      return digest === undefined ? [] : [{ name: asText(ownProperty(status, 'name')) ?? '', digest }]
    })

/** Whether all containers of a pod have come to their end, so that nothing of it is pulled again. */
export const isOver = (pod: unknown): boolean => {
  const phase = asText(propertyAt(pod, 'status', 'phase'))
  return phase === 'Succeeded' || phase === 'Failed'
}

/** Whether a Job has come to its end, so that it makes no more pods. */
export const hasEnded = (job: unknown): boolean =>
  asList(propertyAt(job, 'status', 'conditions')).some(condition => {
    const type = asText(ownProperty(condition, 'type'))
    return (type === 'Complete' || type === 'Failed') && ownProperty(condition, 'status') === 'True'
  })
