import { type Kind, partial, plain, pod } from './kind.ts'

const both = { group: 'apps.kruise.io', versions: ['v1beta1', 'v1alpha1'] }
const crd = (resource: string): readonly string[] => [
  `openkruise/kruise config/crd/bases/apps.kruise.io_${resource}.yaml`,
]
const workload = { ...plain, ...both, pods: [pod('spec.template.spec')] }

/** OpenKruise. */
export const kruiseKinds: readonly Kind[] = [
  { ...workload, kind: 'CloneSet', resource: 'clonesets', sources: crd('clonesets') },
  { ...workload, kind: 'StatefulSet', resource: 'statefulsets', sources: crd('statefulsets') },
  { ...workload, kind: 'DaemonSet', resource: 'daemonsets', daemon: true, sources: crd('daemonsets') },
  { ...workload, kind: 'BroadcastJob', resource: 'broadcastjobs', daemon: true, sources: crd('broadcastjobs') },
  {
    ...plain,
    ...both,
    kind: 'AdvancedCronJob',
    resource: 'advancedcronjobs',
    pods: [
      pod('spec.template.jobTemplate.spec.template.spec'),
      pod('spec.template.broadcastJobTemplate.spec.template.spec'),
    ],
    sources: crd('advancedcronjobs'),
  },
  {
    // Its containers go into pods that are not known here.
    ...partial,
    ...both,
    kind: 'SidecarSet',
    resource: 'sidecarsets',
    namespaced: false,
    pods: [{ podSpec: 'spec', containers: ['containers[*]', 'initContainers[*]'], fallbacks: [] }],
    sources: crd('sidecarsets'),
  },
  {
    // Each subset of its topology adds a node selector and tolerations.
    ...partial,
    ...both,
    kind: 'UnitedDeployment',
    resource: 'uniteddeployments',
    pods: ['statefulSetTemplate', 'advancedStatefulSetTemplate', 'cloneSetTemplate', 'deploymentTemplate'].map(name =>
      pod(`spec.template.${name}.spec.template.spec`),
    ),
    sources: crd('uniteddeployments'),
  },
]
