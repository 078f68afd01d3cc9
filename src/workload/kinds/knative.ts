import { type Kind, plain, pod } from './kind.ts'

const v1 = { ...plain, group: 'serving.knative.dev', versions: ['v1'] }
const crd = (name: string): readonly string[] => [`knative/serving config/core/300-resources/${name}.yaml`]
// A revision takes no ephemeral containers.
const revision = (podSpec: string) => [{ podSpec, containers: ['containers[*]', 'initContainers[*]'], fallbacks: [] }]

/** Knative Serving, and the one source of Knative Eventing that runs a container of its author. */
export const knativeKinds: readonly Kind[] = [
  { ...v1, kind: 'Service', resource: 'services', pods: revision('spec.template.spec'), sources: crd('service') },
  {
    ...v1,
    kind: 'Configuration',
    resource: 'configurations',
    pods: revision('spec.template.spec'),
    sources: crd('configuration'),
  },
  { ...v1, kind: 'Revision', resource: 'revisions', pods: revision('spec'), sources: crd('revision') },
  {
    ...plain,
    group: 'sources.knative.dev',
    versions: ['v1'],
    kind: 'ContainerSource',
    resource: 'containersources',
    pods: [pod('spec.template.spec')],
    sources: ['knative/eventing config/core/resources/containersource.yaml'],
  },
]
