import { singleImage } from '../../src/demo/images.ts'

/** An object of Kubernetes, as a chart makes it. */
export type Made = Readonly<Record<string, unknown>>

/** The registry that every image of these charts is had from, so that any text which names one is known by it. */
export const host = 'registry.example'

/** The one tag that there is. */
export const tag = 'v1.2.3'

/** What the registry has under a name. */
export const contentOf = (name: string) => singleImage('linux/amd64', { version: name })

/** An image by its tag. */
export const image = (name: string): string => `${host}/${name}:${tag}`

/** An image by its tag and its digest. */
export const pinned = (name: string): string => `${image(name)}@${contentOf(name).top.digest}`

/** A container, and whatever else it has. */
export const container = (from: string, more: Made = {}): Made => ({
  name: (from.split('/').at(-1) ?? 'main').replace(/[:@].*/, ''),
  image: from,
  imagePullPolicy: 'IfNotPresent',
  ...more,
})

/** What stands in the environment of a container. */
export const environment = (values: Readonly<Record<string, string>>): Made => ({
  env: [
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
  ],
})

/** The spec of a pod: containers, those that begin, and whatever else it has. */
export const pod = (containers: readonly Made[], init: readonly Made[] = [], more: Made = {}): Made => ({
  serviceAccountName: 'release',
  ...(init.length === 0 ? {} : { initContainers: init }),
  containers,
  ...more,
})

const labels = (name: string): Made => ({ 'app.kubernetes.io/name': name, 'app.kubernetes.io/managed-by': 'Helm' })

const object = (apiVersion: string, kind: string, name: string, rest: Made, annotations: Made = {}): Made => ({
  apiVersion,
  kind,
  metadata: { name, labels: labels(name), ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
  ...rest,
})

const templateOf = (name: string, spec: Made): Made => ({
  selector: { matchLabels: labels(name) },
  template: { metadata: { labels: labels(name) }, spec },
})

/** A Deployment of pods. */
export const deployment = (name: string, spec: Made, annotations?: Made): Made =>
  object('apps/v1', 'Deployment', name, { spec: { replicas: 1, ...templateOf(name, spec) } }, annotations)

/** A StatefulSet of pods, with a volume of its own. */
export const statefulSet = (name: string, spec: Made): Made =>
  object('apps/v1', 'StatefulSet', name, {
    spec: {
      serviceName: name,
      ...templateOf(name, spec),
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }],
    },
  })

/** A DaemonSet of pods. */
export const daemonSet = (name: string, spec: Made): Made =>
  object('apps/v1', 'DaemonSet', name, { spec: templateOf(name, spec) })

/** A Job, which helm runs at these moments. */
export const hook = (name: string, moments: string, spec: Made): Made =>
  object(
    'batch/v1',
    'Job',
    name,
    { spec: { template: { metadata: { name }, spec: { restartPolicy: 'OnFailure', ...spec } } } },
    { 'helm.sh/hook': moments, 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded' },
  )

/** A CronJob. */
export const cronJob = (name: string, spec: Made): Made =>
  object('batch/v1', 'CronJob', name, {
    spec: { schedule: '*/10 * * * *', jobTemplate: { spec: { template: { spec } } } },
  })

/** A Pod with which a chart tests itself. */
export const testPod = (name: string, spec: Made): Made =>
  object('v1', 'Pod', name, { spec: { restartPolicy: 'Never', ...spec } }, { 'helm.sh/hook': 'test' })

/** A ConfigMap. */
export const configMap = (name: string, data: Readonly<Record<string, string>>): Made =>
  object('v1', 'ConfigMap', name, { data })

/** An object of any kind, with its spec. */
export const custom = (apiVersion: string, kind: string, spec: Made, name = 'release'): Made =>
  object(apiVersion, kind, name, { spec })

/** What charts have beside all this, and in which nothing is named. */
export const furniture: readonly Made[] = [
  object('v1', 'ServiceAccount', 'release', { automountServiceAccountToken: false }),
  object('v1', 'Service', 'release', { spec: { ports: [{ port: 80, targetPort: 'http' }] } }),
  object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'release', {
    rules: [{ apiGroups: [''], resources: ['pods', 'nodes/images'], verbs: ['get', 'list'] }],
  }),
]
