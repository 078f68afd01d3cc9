import { type Kind, partial, plain, pod } from './kind.ts'

const trainingCrd = (resource: string) => `kubeflow/trainer manifests/base/crds/kubeflow.org_${resource}.yaml`
const trainerCrd = (resource: string) => `kubeflow/trainer manifests/base/crds/trainer.kubeflow.org_${resource}.yaml`

const trainingJob = (kind: string, resource: string, replicas: string): Kind => ({
  ...plain,
  group: 'kubeflow.org',
  versions: ['v1'],
  kind,
  resource,
  pods: [pod(`spec.${replicas}.*.template.spec`)],
  sources: [trainingCrd(resource)],
})

const trainer = { ...partial, group: 'trainer.kubeflow.org', versions: ['v1alpha1'] }
const runtime = { ...trainer, pods: [pod('spec.template.spec.replicatedJobs[*].template.spec.template.spec')] }

/** Kubeflow's training jobs of the first generation (release 1.9), their successor Trainer, and notebooks. */
export const kubeflowKinds: readonly Kind[] = [
  trainingJob('JAXJob', 'jaxjobs', 'jaxReplicaSpecs'),
  {
    ...trainingJob('MPIJob', 'mpijobs', 'mpiReplicaSpecs'),
    // The training operator serves v1, the MPI operator v2beta1: both keep their replicas alike.
    versions: ['v2beta1', 'v1'],
    sources: [trainingCrd('mpijobs'), 'kubeflow/mpi-operator manifests/base/kubeflow.org_mpijobs.yaml'],
  },
  trainingJob('PaddleJob', 'paddlejobs', 'paddleReplicaSpecs'),
  trainingJob('PyTorchJob', 'pytorchjobs', 'pytorchReplicaSpecs'),
  trainingJob('TFJob', 'tfjobs', 'tfReplicaSpecs'),
  trainingJob('XGBoostJob', 'xgboostjobs', 'xgbReplicaSpecs'),
  {
    ...runtime,
    kind: 'ClusterTrainingRuntime',
    resource: 'clustertrainingruntimes',
    namespaced: false,
    sources: [trainerCrd('clustertrainingruntimes')],
  },
  { ...runtime, kind: 'TrainingRuntime', resource: 'trainingruntimes', sources: [trainerCrd('trainingruntimes')] },
  {
    ...trainer,
    kind: 'TrainJob',
    resource: 'trainjobs',
    pods: [{ podSpec: 'spec.trainer', containers: [''], fallbacks: [] }],
    sources: [trainerCrd('trainjobs')],
  },
  {
    ...plain,
    group: 'kubeflow.org',
    versions: ['v1', 'v1beta1', 'v1alpha1'],
    kind: 'Notebook',
    resource: 'notebooks',
    pods: [pod('spec.template.spec')],
    sources: ['kubeflow/kubeflow components/notebook-controller/config/crd/bases/kubeflow.org_notebooks.yaml'],
  },
]
