import type { Code } from '../../src/verdict/codes.ts'
import type { KubeObject } from '../cluster/real/client.ts'
import type { PodSecret } from '../node/secrets.ts'

/** What is said of a scenario. */
export interface Expected {
  readonly action: 'deny' | 'warn' | 'pass'
  /** Worst first; none where nothing is said. */
  readonly codes: readonly Code[]
}

/** One cause of an image that cannot be pulled, or a way of having one that can. */
export interface Scenario extends Expected {
  /** Names the objects, too. */
  readonly name: string
  readonly image: string
  /** The line that a person reads, word by word; none where nothing is said. ` @host` stands for the address behind that host. */
  readonly line?: string
  /** A Pod unless given. */
  readonly kind?: 'Pod' | 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet' | 'Job' | 'CronJob'
  /** What names the image; the one container unless given. The others have one that can be pulled. */
  readonly place?: 'only' | 'init' | 'second' | 'volume'
  readonly secrets?: readonly PodSecret[]
  /** The secrets of the pod's ServiceAccount; without them that is the default one, which has none. */
  readonly account?: readonly PodSecret[]
  readonly policy?: 'Always' | 'IfNotPresent' | 'Never'
  /** More fields of the pod's spec. */
  readonly pod?: Readonly<Record<string, unknown>>
  /** What a check says that knows no cluster, where that is something else, and why. */
  readonly alone?: Expected & { readonly why: string }
  /** What faces outside of the cluster say, where that is something else, and why. */
  readonly outside?: Expected & { readonly why: string }
}

/** An image that can be pulled by anybody. */
export const good = 'open.shop.test/web:1.4.0'

const listed = ({ name }: Scenario, of: string, secrets: readonly PodSecret[] = []): readonly object[] =>
  secrets.map((secret, at) => (secret.kind === 'nameless' ? {} : { name: `${name}-${of}-${at}` }))

const secretObjects = (row: Scenario, of: string, namespace: string, secrets: readonly PodSecret[] = []) =>
  secrets.flatMap((secret, at): KubeObject[] => {
    if (secret.kind !== 'secret') return []
    const metadata = { name: `${row.name}-${of}-${at}`, namespace }
    const data = { [secret.key]: Buffer.from(secret.text).toString('base64') }
    return [{ apiVersion: 'v1', kind: 'Secret', metadata, type: secret.type, data }]
  })

/** The secrets and the account that a scenario has beside its workload. */
export const surroundingsOf = (row: Scenario, namespace: string): readonly KubeObject[] => {
  const secrets = [
    ...secretObjects(row, 'pod', namespace, row.secrets),
    ...secretObjects(row, 'account', namespace, row.account),
  ]
  if (row.account === undefined) return secrets
  const imagePullSecrets = listed(row, 'account', row.account)
  return [
    ...secrets,
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: row.name, namespace }, imagePullSecrets },
  ]
}

const containersOf = ({ image, place = 'only', policy }: Scenario): Readonly<Record<string, unknown>> => {
  const meant = { name: 'app', image, ...(policy === undefined ? {} : { imagePullPolicy: policy }) }
  const other = { name: 'other', image: good }
  switch (place) {
    case 'only':
      return { containers: [meant] }
    case 'init':
      return { initContainers: [meant], containers: [other] }
    case 'second':
      return { containers: [other, meant] }
    case 'volume': {
      const volumeMounts = [{ name: 'data', mountPath: '/data' }]
      const volume = { reference: image, ...(policy === undefined ? {} : { pullPolicy: policy }) }
      return { containers: [{ ...other, volumeMounts }], volumes: [{ name: 'data', image: volume }] }
    }
  }
}

const podSpecOf = (row: Scenario): Readonly<Record<string, unknown>> => ({
  ...containersOf(row),
  ...(row.secrets === undefined ? {} : { imagePullSecrets: listed(row, 'pod', row.secrets) }),
  ...(row.account === undefined ? {} : { serviceAccountName: row.name }),
  ...row.pod,
})

const groups = { Pod: 'v1', Job: 'batch/v1', CronJob: 'batch/v1' } as const

// Nothing is to run: pods wait for a gate to be taken away, and of workloads there are none.
const specOf = (row: Scenario): object => {
  const labels = { app: row.name }
  const spec = podSpecOf(row)
  const template = { metadata: { labels }, spec }
  const selector = { matchLabels: labels }
  const job = { suspend: true, template: { metadata: { labels }, spec: { ...spec, restartPolicy: 'Never' } } }
  switch (row.kind ?? 'Pod') {
    case 'Pod':
      return { ...spec, schedulingGates: [{ name: 'pullgate.dev/scenarios' }] }
    case 'Deployment':
    case 'ReplicaSet':
      return { replicas: 0, selector, template }
    case 'StatefulSet':
      return { replicas: 0, serviceName: row.name, selector, template }
    case 'DaemonSet':
      return { selector, template }
    case 'Job':
      return job
    case 'CronJob':
      return { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: job } }
  }
}

/** The workload of a scenario. */
export const workloadOf = (row: Scenario, namespace: string): KubeObject => {
  const kind = row.kind ?? 'Pod'
  const apiVersion = kind in groups ? groups[kind as keyof typeof groups] : 'apps/v1'
  return { apiVersion, kind, metadata: { name: row.name, namespace }, spec: specOf(row) }
}
