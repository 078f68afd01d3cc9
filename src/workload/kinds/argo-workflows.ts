import { type Kind, type PodPlace, partial } from './kind.ts'

const containers = ['container', 'script', 'containerSet.containers[*]', 'initContainers[*]', 'sidecars[*]']

const workflowPods = (workflow: string): readonly PodPlace[] => [
  ...['templates[*]', 'templates[*].steps[*][*].inline', 'templates[*].dag.tasks[*].inline'].map(template => ({
    podSpec: `${workflow}.${template}`,
    containers,
    fallbacks: [`${workflow}.templateDefaults`, workflow],
  })),
  { podSpec: `${workflow}.templateDefaults`, containers, fallbacks: [workflow] },
  { podSpec: workflow, containers: ['executorPlugins[*].spec.sidecar.container'], fallbacks: [] },
]

const row = (kind: string, resource: string, workflow: string): Kind => ({
  // The controller's `workflowDefaults` may add secrets, a service account and a node selector to any workflow.
  ...partial,
  group: 'argoproj.io',
  versions: ['v1alpha1'],
  kind,
  resource,
  pods: workflowPods(workflow),
  expands: ['{{}}'],
  sources: [`argoproj/argo-workflows manifests/base/crds/full/argoproj.io_${resource}.yaml`],
})

/** Argo Workflows. */
export const argoWorkflowsKinds: readonly Kind[] = [
  row('Workflow', 'workflows', 'spec'),
  row('WorkflowTemplate', 'workflowtemplates', 'spec'),
  { ...row('ClusterWorkflowTemplate', 'clusterworkflowtemplates', 'spec'), namespaced: false },
  row('CronWorkflow', 'cronworkflows', 'spec.workflowSpec'),
]
