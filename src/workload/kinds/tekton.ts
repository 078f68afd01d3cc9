import { type Kind, type PodPlace, partial } from './kind.ts'

const task = (podSpec: string, ...fallbacks: readonly string[]): PodPlace => ({
  podSpec,
  containers: ['steps[*]', 'sidecars[*]', 'stepTemplate'],
  fallbacks,
})

// Pipelines in pipelines, an alpha feature, are not followed: their depth has no bound.
const pipeline = (spec: string, ...fallbacks: readonly string[]): readonly PodPlace[] => [
  task(`${spec}.tasks[*].taskSpec`, ...fallbacks),
  task(`${spec}.finally[*].taskSpec`, ...fallbacks),
]

const row = (versions: readonly string[], kind: string, pods: readonly PodPlace[]): Kind => ({
  // The controller's settings may name another service account and pod template; only runs name their own.
  ...partial,
  group: 'tekton.dev',
  versions,
  kind,
  resource: `${kind.toLowerCase()}s`,
  pods,
  expands: ['$()'],
  sources: [`tektoncd/pipeline config/300-crds/300-${kind.toLowerCase()}.yaml`],
})

const stable = ['v1', 'v1beta1']

// What a run says of its pods: v1 of a PipelineRun has gathered it in `taskRunTemplate`.
const pipelineRun = ['spec.taskRunTemplate.podTemplate', 'spec.taskRunTemplate', 'spec.podTemplate', 'spec']

/** Tekton Pipelines; ClusterTask was served until release 0.68. */
export const tektonKinds: readonly Kind[] = [
  row(stable, 'Task', [task('spec')]),
  { ...row(['v1beta1'], 'ClusterTask', [task('spec')]), namespaced: false },
  row(stable, 'TaskRun', [task('spec.taskSpec', 'spec.podTemplate', 'spec')]),
  row(stable, 'Pipeline', pipeline('spec')),
  row(stable, 'PipelineRun', pipeline('spec.pipelineSpec', ...pipelineRun)),
  row(['v1beta1', 'v1alpha1'], 'StepAction', [{ podSpec: 'spec', containers: [''], fallbacks: [] }]),
]
