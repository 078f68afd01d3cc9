import type { KubeObject } from '../cluster/real/client.ts'
import { good } from './scenario.ts'

/** Where the objects of the attempts stand. */
export const namespace = 'bypass-shop'

/** An image that nobody can pull. */
export const wrong = 'open.shop.test/web:v9'

/** An image field of a pod, and what is in it. */
export type Field = 'containers' | 'initContainers' | 'sidecar' | 'volumes'

/** The fields that name images and may be there from the beginning. */
export const fields: readonly Field[] = ['containers', 'initContainers', 'sidecar', 'volumes']

const nowhere = { nodeSelector: { 'pullgate.test/none': 'none' } }

/** A pod's spec with an image in a field, and good ones elsewhere. */
export const podSpec = (
  image: string,
  field: Field = 'containers',
  more: object = {},
): Readonly<Record<string, unknown>> => {
  const app = { name: 'app', image: good }
  const meant = { name: 'meant', image }
  switch (field) {
    case 'containers':
      return { containers: [app, meant], ...nowhere, ...more }
    case 'initContainers':
      return { initContainers: [meant], containers: [app], ...nowhere, ...more }
    case 'sidecar':
      return { initContainers: [{ ...meant, restartPolicy: 'Always' }], containers: [app], ...nowhere, ...more }
    case 'volumes': {
      const volumeMounts = [{ name: 'data', mountPath: '/data' }]
      const volumes = [{ name: 'data', image: { reference: image } }]
      return { containers: [{ ...app, volumeMounts }], volumes, ...nowhere, ...more }
    }
  }
}

/** The kinds that the API server has by itself, with the API version they are asked for by. */
export const kinds = {
  Pod: 'v1',
  PodTemplate: 'v1',
  ReplicationController: 'v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
} as const

/** One of these kinds. */
export type KindName = keyof typeof kinds

/** Those whose images may be changed. */
export const changeable: readonly KindName[] = [
  ...(['Pod', 'PodTemplate', 'ReplicationController', 'Deployment', 'StatefulSet'] as const),
  ...(['DaemonSet', 'ReplicaSet', 'CronJob'] as const),
]

const bodyOf = (kind: KindName, name: string, spec: object): object => {
  const labels = { app: name }
  const template = { metadata: { labels }, spec }
  const selector = { matchLabels: labels }
  const job = { suspend: true, template: { metadata: { labels }, spec: { ...spec, restartPolicy: 'Never' } } }
  switch (kind) {
    case 'Pod':
      return { spec }
    case 'PodTemplate':
      return { template }
    case 'ReplicationController':
      return { spec: { replicas: 0, selector: labels, template } }
    case 'Deployment':
      // Paused, so that no controller makes a ReplicaSet of it, about which is asked as well.
      return { spec: { paused: true, replicas: 0, selector, template } }
    case 'ReplicaSet':
      return { spec: { replicas: 0, selector, template } }
    case 'StatefulSet':
      return { spec: { replicas: 0, serviceName: name, selector, template } }
    case 'DaemonSet':
      return { spec: { selector, template } }
    case 'Job':
      return { spec: job }
    case 'CronJob':
      return { spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: job } } }
  }
}

/** An object of a kind round a pod's spec. */
export const objectOf = (kind: KindName, name: string, spec: object, metadata: object = {}): KubeObject => ({
  apiVersion: kinds[kind],
  kind,
  metadata: { name, namespace, ...metadata },
  ...bodyOf(kind, name, spec),
})
