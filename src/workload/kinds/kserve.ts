import { type Kind, type PodPlace, partial, pod } from './kind.ts'

// Each framework had a field of its own before `model`; all of them override the serving runtime's container.
const frameworks = 'huggingface lightgbm model onnx paddle pmml pytorch sklearn tensorflow triton xgboost'.split(' ')

const component = (podSpec: string, ...models: readonly string[]): PodPlace => ({
  podSpec,
  containers: ['containers[*]', 'initContainers[*]', ...models],
  fallbacks: [],
})

const predictor = (path: string): readonly PodPlace[] => [component(path, ...frameworks), pod(`${path}.workerSpec`)]

const crd = (resource: string): readonly string[] => [
  `kserve/kserve config/crd/full/serving.kserve.io_${resource}.yaml`,
]

const runtime = {
  ...partial,
  group: 'serving.kserve.io',
  versions: ['v1alpha1'],
  pods: ['spec', 'spec.workerSpec'].map(podSpec => ({ podSpec, containers: ['containers[*]'], fallbacks: [] })),
  expands: ['{{}}'],
} as const

/** KServe; a service gets secrets and placement from the serving runtime that it chooses, too. */
export const kserveKinds: readonly Kind[] = [
  {
    ...partial,
    group: 'serving.kserve.io',
    versions: ['v1beta1'],
    kind: 'InferenceService',
    resource: 'inferenceservices',
    pods: [
      ...predictor('spec.predictor'),
      ...predictor('spec.canary[*].predictor'),
      component('spec.transformer'),
      component('spec.explainer', 'art'),
    ],
    sources: crd('inferenceservices'),
  },
  { ...runtime, kind: 'ServingRuntime', resource: 'servingruntimes', sources: crd('servingruntimes') },
  {
    ...runtime,
    kind: 'ClusterServingRuntime',
    resource: 'clusterservingruntimes',
    namespaced: false,
    sources: crd('clusterservingruntimes'),
  },
]
