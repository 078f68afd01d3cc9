import { type Kind, partial, plain, pod } from './kind.ts'

const agones = {
  // Where a game server names no service account, Agones gives it one of its own.
  ...partial,
  group: 'agones.dev',
  versions: ['v1'],
  sources: ['googleforgames/agones install/yaml/install.yaml'],
} as const

/** Controllers that start pods as work or players arrive: KEDA, Actions Runner Controller, Agones. */
export const scalerKinds: readonly Kind[] = [
  {
    ...plain,
    group: 'keda.sh',
    versions: ['v1alpha1'],
    kind: 'ScaledJob',
    resource: 'scaledjobs',
    pods: [pod('spec.jobTargetRef.template.spec')],
    sources: ['kedacore/keda config/crd/bases/keda.sh_scaledjobs.yaml'],
  },
  {
    ...plain,
    group: 'actions.github.com',
    versions: ['v1alpha1'],
    kind: 'AutoscalingRunnerSet',
    resource: 'autoscalingrunnersets',
    pods: [pod('spec.template.spec')],
    sources: ['actions/actions-runner-controller config/crd/bases/actions.github.com_autoscalingrunnersets.yaml'],
  },
  { ...agones, kind: 'Fleet', resource: 'fleets', pods: [pod('spec.template.spec.template.spec')] },
  { ...agones, kind: 'GameServerSet', resource: 'gameserversets', pods: [pod('spec.template.spec.template.spec')] },
  { ...agones, kind: 'GameServer', resource: 'gameservers', pods: [pod('spec.template.spec')] },
]
