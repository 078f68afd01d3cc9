import { imagesOwnStart } from '../workload/container-start.ts'
import type { Workload } from '../workload/workload.ts'

/** The workload of somebody who asks about images alone: nothing is known of the pod but that it has to pull them. */
export const askedImages = (images: readonly string[]): Workload => ({
  object: { apiVersion: '', kind: '', namespace: '', name: '' },
  isTemplate: false,
  images: images.map((text, index) => ({
    image: { kind: 'image', text },
    path: `--image ${index + 1}`,
    name: '',
    role: 'container',
    blocks: true,
    start: imagesOwnStart,
    pullPolicy: 'Always',
  })),
  pullAs: { namespace: '', imagePullSecrets: [], serviceAccount: '' },
  placement: {
    nodeName: undefined,
    nodeSelector: new Map(),
    requiredTerms: undefined,
    os: undefined,
    tolerations: [],
    runtimeClass: undefined,
    daemon: false,
    known: 'whole',
  },
})
