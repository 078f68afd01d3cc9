import { type Kind, type PodPlace, plain, pod } from './kind.ts'

// The autoscaler and the history collector run in the head's pod.
const cluster = (spec: string): readonly PodPlace[] => [
  pod(`${spec}.headGroupSpec.template.spec`),
  pod(`${spec}.workerGroupSpecs[*].template.spec`),
  ...['autoscalerOptions', 'historyServerOptions.collectorOptions'].map(options => ({
    podSpec: `${spec}.${options}`,
    containers: [''],
    fallbacks: [`${spec}.headGroupSpec.template.spec`],
  })),
]

const row = (versions: readonly string[], kind: string, resource: string, pods: readonly PodPlace[]): Kind => ({
  ...plain,
  group: 'ray.io',
  versions,
  kind,
  resource,
  pods,
  sources: [`ray-project/kuberay ray-operator/config/crd/bases/ray.io_${resource}.yaml`],
})

const job = (spec: string): readonly PodPlace[] => [
  ...cluster(`${spec}.rayClusterSpec`),
  pod(`${spec}.submitterPodTemplate.spec`),
]

/** KubeRay. */
export const rayKinds: readonly Kind[] = [
  row(['v1', 'v1alpha1'], 'RayCluster', 'rayclusters', cluster('spec')),
  row(['v1', 'v1alpha1'], 'RayJob', 'rayjobs', job('spec')),
  row(['v1', 'v1alpha1'], 'RayService', 'rayservices', cluster('spec.rayClusterConfig')),
  row(['v1'], 'RayCronJob', 'raycronjobs', job('spec.jobTemplate')),
]
