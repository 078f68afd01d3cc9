import { type Kind, type PodPlace, partial, plain, pod } from './kind.ts'

const leaderAndWorkers = (set: string): readonly PodPlace[] => [
  pod(`${set}.leaderWorkerTemplate.leaderTemplate.spec`),
  pod(`${set}.leaderWorkerTemplate.workerTemplate.spec`),
]

const sandboxes = { versions: ['v1beta1', 'v1alpha1'], pods: [pod('spec.podTemplate.spec')] }

/** Projects of Kubernetes' special interest groups. */
export const kubernetesSigsKinds: readonly Kind[] = [
  {
    ...plain,
    group: 'jobset.x-k8s.io',
    versions: ['v1alpha2'],
    kind: 'JobSet',
    resource: 'jobsets',
    pods: [pod('spec.replicatedJobs[*].template.spec.template.spec')],
    sources: ['kubernetes-sigs/jobset config/components/crd/bases/jobset.x-k8s.io_jobsets.yaml'],
  },
  {
    ...plain,
    group: 'leaderworkerset.x-k8s.io',
    versions: ['v1'],
    kind: 'LeaderWorkerSet',
    resource: 'leaderworkersets',
    pods: leaderAndWorkers('spec'),
    sources: ['kubernetes-sigs/lws config/crd/bases/leaderworkerset.x-k8s.io_leaderworkersets.yaml'],
  },
  {
    ...plain,
    group: 'disaggregatedset.x-k8s.io',
    versions: ['v1'],
    kind: 'DisaggregatedSet',
    resource: 'disaggregatedsets',
    pods: leaderAndWorkers('spec.roles[*].spec'),
    sources: ['kubernetes-sigs/lws config/crd/bases/disaggregatedset.x-k8s.io_disaggregatedsets.yaml'],
  },
  {
    ...plain,
    ...sandboxes,
    group: 'agents.x-k8s.io',
    kind: 'Sandbox',
    resource: 'sandboxes',
    sources: ['kubernetes-sigs/agent-sandbox k8s/crds/agents.x-k8s.io_sandboxes.yaml'],
  },
  {
    ...partial,
    ...sandboxes,
    group: 'extensions.agents.x-k8s.io',
    kind: 'SandboxTemplate',
    resource: 'sandboxtemplates',
    sources: ['kubernetes-sigs/agent-sandbox k8s/crds/extensions.agents.x-k8s.io_sandboxtemplates.yaml'],
  },
]
