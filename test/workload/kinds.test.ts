import { expect, it } from 'vitest'
import { admissionRules, builtInKinds, findKind, type Kind } from '../../src/workload/kinds.ts'
import { walk } from '../../src/workload/path.ts'

it.each([
  ['apps', 'Deployment', 'deployments', 'a kind of Kubernetes'],
  ['apps.kruise.io', 'StatefulSet', 'statefulsets', 'the same name in another group'],
  ['', 'Pod', 'pods', 'the core group has no name'],
])('finds %s/%s', (group, kind, resource) => {
  expect(findKind(builtInKinds, group, kind)).toMatchObject({ group, kind, resource })
})

it.each([
  ['extensions', 'Deployment', 'a group that is gone'],
  ['apps', 'deployment', 'kinds are written as they are'],
  ['', 'Service', 'not that of Knative'],
  ['__proto__', 'constructor', 'nothing inherited'],
])('does not find %s/%s', (group, kind) => {
  expect(findKind(builtInKinds, group, kind)).toBeUndefined()
})

it('makes one admission rule a group, with what adds ephemeral containers', () => {
  expect(admissionRules(builtInKinds.filter(({ group }) => ['', 'batch', 'kubeflow.org'].includes(group)))).toEqual([
    {
      apiGroups: [''],
      apiVersions: ['v1'],
      resources: ['pods', 'pods/ephemeralcontainers', 'podtemplates', 'replicationcontrollers'],
    },
    { apiGroups: ['batch'], apiVersions: ['v1'], resources: ['cronjobs', 'jobs'] },
    {
      apiGroups: ['kubeflow.org'],
      apiVersions: ['v1', 'v1alpha1', 'v1beta1', 'v2beta1'],
      resources: ['jaxjobs', 'mpijobs', 'notebooks', 'paddlejobs', 'pytorchjobs', 'tfjobs', 'xgboostjobs'],
    },
  ])
})

it('makes the same admission rules of the same kinds in any order', () => {
  expect(admissionRules(builtInKinds.toReversed())).toEqual(admissionRules(builtInKinds))
})

const imagesIn = (object: unknown, { pods }: Kind) =>
  pods.flatMap(({ podSpec, containers }) =>
    [...walk(object, podSpec)].flatMap(([at, spec]) =>
      containers
        .flatMap(container => [...walk(spec, container, at)])
        .flatMap(([path, found]) => [...walk(found, 'image', path)]),
    ),
  )

it.each<[string, string, unknown, readonly string[], string]>([
  ['', 'Pod', { spec: { containers: [{ image: 'a' }] } }, ['spec.containers[0].image'], 'a pod spec itself'],
  [
    'kubeflow.org',
    'PyTorchJob',
    { spec: { pytorchReplicaSpecs: { Master: { template: { spec: { containers: [{ image: 'a' }] } } } } } },
    ['spec.pytorchReplicaSpecs.Master.template.spec.containers[0].image'],
    'a map of replicas',
  ],
  [
    'tekton.dev',
    'PipelineRun',
    {
      spec: {
        pipelineSpec: { finally: [{ taskSpec: { stepTemplate: { image: 'a' }, steps: [{}, { image: 'b' }] } }] },
      },
    },
    [
      'spec.pipelineSpec.finally[0].taskSpec.steps[1].image',
      'spec.pipelineSpec.finally[0].taskSpec.stepTemplate.image',
    ],
    'steps and what they begin from',
  ],
  [
    'argoproj.io',
    'CronWorkflow',
    {
      spec: {
        workflowSpec: {
          templates: [{ script: { image: 'a' } }, { steps: [[{ inline: { container: { image: 'b' } } }]] }],
        },
      },
    },
    [
      'spec.workflowSpec.templates[0].script.image',
      'spec.workflowSpec.templates[1].steps[0][0].inline.container.image',
    ],
    'lists in lists',
  ],
  [
    'sparkoperator.k8s.io',
    'SparkApplication',
    { spec: { image: 'a', driver: { image: 'b', sidecars: [{ image: 'c' }] } } },
    ['spec.image', 'spec.driver.image', 'spec.driver.sidecars[0].image'],
    'objects that are containers themselves',
  ],
  ['argoproj.io', 'Rollout', { spec: { workloadRef: { name: 'a' } } }, [], 'no template of its own'],
])('leads to the images of %s/%s', (group, kind, object, expected) => {
  const row = findKind(builtInKinds, group, kind)
  expect(row && imagesIn(object, row).map(([path]) => path)).toEqual(expected)
})
