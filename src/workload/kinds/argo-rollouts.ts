import { type Kind, plain, pod } from './kind.ts'

const crd = (name: string): readonly string[] => [`argoproj/argo-rollouts manifests/crds/${name}-crd.yaml`]
const v1alpha1 = { ...plain, group: 'argoproj.io', versions: ['v1alpha1'] }
// Arguments of an analysis are written {{args.x}}.
const analysis = {
  ...v1alpha1,
  pods: [pod('spec.metrics[*].provider.job.spec.template.spec')],
  expands: ['{{}}'],
} as const

/** Argo Rollouts: a Rollout with a `workloadRef` has no template of its own. */
export const argoRolloutsKinds: readonly Kind[] = [
  { ...v1alpha1, kind: 'Rollout', resource: 'rollouts', pods: [pod('spec.template.spec')], sources: crd('rollout') },
  {
    ...v1alpha1,
    kind: 'Experiment',
    resource: 'experiments',
    pods: [pod('spec.templates[*].template.spec')],
    sources: crd('experiment'),
  },
  { ...analysis, kind: 'AnalysisRun', resource: 'analysisruns', sources: crd('analysis-run') },
  { ...analysis, kind: 'AnalysisTemplate', resource: 'analysistemplates', sources: crd('analysis-template') },
  {
    ...analysis,
    kind: 'ClusterAnalysisTemplate',
    resource: 'clusteranalysistemplates',
    namespaced: false,
    omitted: 'unknown',
    sources: crd('cluster-analysis-template'),
  },
]
