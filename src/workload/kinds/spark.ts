import { type Kind, type PodPlace, partial, pod } from './kind.ts'

const application = (spec: string): readonly PodPlace[] => [
  { podSpec: spec, containers: [''], fallbacks: [] },
  ...['driver', 'executor'].flatMap(role => [
    { podSpec: `${spec}.${role}`, containers: ['', 'initContainers[*]', 'sidecars[*]'], fallbacks: [spec] },
    pod(`${spec}.${role}.template.spec`, `${spec}.${role}`, spec),
  ]),
]

const row = (version: string, kind: string, resource: string, pods: readonly PodPlace[]): Kind => ({
  // `sparkConf` may set secrets, service accounts and node selectors as well.
  ...partial,
  group: 'sparkoperator.k8s.io',
  versions: [version],
  kind,
  resource,
  pods,
  sources: [`kubeflow/spark-operator config/crd/bases/sparkoperator.k8s.io_${resource}.yaml`],
})

/** The Spark operator. */
export const sparkKinds: readonly Kind[] = [
  row('v1beta2', 'SparkApplication', 'sparkapplications', application('spec')),
  row('v1beta2', 'ScheduledSparkApplication', 'scheduledsparkapplications', application('spec.template')),
  row('v1alpha1', 'SparkConnect', 'sparkconnects', [
    { podSpec: 'spec', containers: [''], fallbacks: [] },
    pod('spec.server.template.spec'),
    pod('spec.executor.template.spec'),
  ]),
]
