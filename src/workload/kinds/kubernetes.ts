import { type Kind, partial, plain, pod } from './kind.ts'

// A copy, as it stands, of kubernetes/kubernetes api/openapi-spec/swagger.json.
const sources = ['kubernetes-client/c kubernetes/swagger.json.unprocessed']
const v1 = { ...plain, versions: ['v1'], sources }
const template = [pod('spec.template.spec')]

/** Kubernetes' own kinds. */
export const kubernetesKinds: readonly Kind[] = [
  { ...v1, group: '', kind: 'Pod', resource: 'pods', pods: [pod('spec')] },
  { ...v1, ...partial, group: '', kind: 'PodTemplate', resource: 'podtemplates', pods: [pod('template.spec')] },
  { ...v1, group: '', kind: 'ReplicationController', resource: 'replicationcontrollers', pods: template },
  { ...v1, group: 'apps', kind: 'Deployment', resource: 'deployments', pods: template },
  { ...v1, group: 'apps', kind: 'StatefulSet', resource: 'statefulsets', pods: template },
  { ...v1, group: 'apps', kind: 'DaemonSet', resource: 'daemonsets', pods: template, daemon: true },
  { ...v1, group: 'apps', kind: 'ReplicaSet', resource: 'replicasets', pods: template },
  { ...v1, group: 'batch', kind: 'Job', resource: 'jobs', pods: template },
  { ...v1, group: 'batch', kind: 'CronJob', resource: 'cronjobs', pods: [pod('spec.jobTemplate.spec.template.spec')] },
]
