import { type Kind, type PodPlace, partial, pod } from './kind.ts'

// The common pod template is merged into that of each role; `image` is the main container's.
const deployment = (spec: string): readonly PodPlace[] => [
  { podSpec: spec, containers: [''], fallbacks: [`${spec}.podTemplate.spec`] },
  pod(`${spec}.podTemplate.spec`, spec),
  pod(`${spec}.jobManager.podTemplate.spec`, `${spec}.podTemplate.spec`, spec),
  pod(`${spec}.taskManager.podTemplate.spec`, `${spec}.podTemplate.spec`, spec),
]

const row = (kind: string, resource: string, spec: string): Kind => ({
  // `flinkConfiguration` may set secrets, service accounts and node selectors as well.
  ...partial,
  group: 'flink.apache.org',
  versions: ['v1beta1'],
  kind,
  resource,
  pods: deployment(spec),
  sources: [`apache/flink-kubernetes-operator helm/flink-kubernetes-operator/crds/${resource}.flink.apache.org-v1.yml`],
})

/** The Flink operator; a session cluster is a FlinkDeployment without a job. */
export const flinkKinds: readonly Kind[] = [
  row('FlinkDeployment', 'flinkdeployments', 'spec'),
  row('FlinkBlueGreenDeployment', 'flinkbluegreendeployments', 'spec.template.spec'),
]
