import { describe, expect, test } from 'vitest'
import type { Kind } from '../../src/workload/kinds.ts'
import { workloadsOf } from '../../src/workload/read.ts'
import type { ImageUse } from '../../src/workload/workload.ts'
import { deploymentOf, kindNamed, podOf } from './subjects.ts'

const inShort = ({ path, role, name, image, pullPolicy, blocks }: ImageUse): string =>
  [path, role, name, image.kind === 'image' ? image.text : `<${image.text}>`, pullPolicy, blocks ? '' : 'idle']
    .join(' ')
    .trimEnd()

const imagesOf = (object: object, kind: Kind): readonly string[] =>
  workloadsOf(object, kind, 'default').flatMap(({ images }) => images.map(inShort))

const c = (image: string, name = 'c'): object => ({ name, image })

const byKind: readonly (readonly [
  why: string,
  group: string,
  kind: string,
  object: object,
  images: readonly string[],
])[] = [
  [
    'a pod has four kinds of places',
    '',
    'Pod',
    {
      spec: {
        volumes: [{ name: 'data', image: { reference: 'd:1' } }],
        ephemeralContainers: [c('e:1', 'debug')],
        initContainers: [c('i:1', 'setup')],
        containers: [
          c('a:1', 'app'),
          { ...c('b', 'side'), imagePullPolicy: 'Never', volumeMounts: [{ name: 'data' }] },
        ],
      },
    },
    [
      'spec.containers[0].image container app a:1 IfNotPresent',
      'spec.containers[1].image container side b Never',
      'spec.initContainers[0].image init setup i:1 IfNotPresent',
      'spec.ephemeralContainers[0].image ephemeral debug e:1 IfNotPresent',
      'spec.volumes[0].image.reference volume data d:1 IfNotPresent',
    ],
  ],
  [
    'a template stands deeper',
    'apps',
    'Deployment',
    { spec: { template: { spec: { containers: [c('a')] } } } },
    ['spec.template.spec.containers[0].image container c a Always'],
  ],
  [
    'and deeper',
    'batch',
    'CronJob',
    { spec: { jobTemplate: { spec: { template: { spec: { containers: [c('a:1')] } } } } } },
    ['spec.jobTemplate.spec.template.spec.containers[0].image container c a:1 IfNotPresent'],
  ],
  [
    'and less deep',
    '',
    'PodTemplate',
    { template: { spec: { containers: [c('a:1')] } } },
    ['template.spec.containers[0].image container c a:1 IfNotPresent'],
  ],
  [
    'an object may have several pod places',
    'jobset.x-k8s.io',
    'JobSet',
    {
      spec: {
        replicatedJobs: ['a:1', 'b:1'].map(image => ({
          template: { spec: { template: { spec: { containers: [c(image)] } } } },
        })),
      },
    },
    [
      'spec.replicatedJobs[0].template.spec.template.spec.containers[0].image container c a:1 IfNotPresent',
      'spec.replicatedJobs[1].template.spec.template.spec.containers[0].image container c b:1 IfNotPresent',
    ],
  ],
  [
    'a map of pod places',
    'kubeflow.org',
    'PyTorchJob',
    { spec: { pytorchReplicaSpecs: { Master: { template: { spec: { containers: [c('a:1')] } } } } } },
    ['spec.pytorchReplicaSpecs.Master.template.spec.containers[0].image container c a:1 IfNotPresent'],
  ],
  [
    'a container may stand alone, and in lists of other names',
    'argoproj.io',
    'Workflow',
    {
      spec: {
        templates: [{ container: { image: 'a:1' }, sidecars: [c('s:1', 's')], initContainers: [c('i:1', 'i')] }],
      },
    },
    [
      'spec.templates[0].container.image container  a:1 IfNotPresent',
      'spec.templates[0].initContainers[0].image init i i:1 IfNotPresent',
      'spec.templates[0].sidecars[0].image container s s:1 IfNotPresent',
    ],
  ],
  [
    'the pod spec itself may be the container',
    'tekton.dev',
    'StepAction',
    { spec: { image: 'a:1' } },
    ['spec.image container  a:1 IfNotPresent'],
  ],
  [
    'steps are containers',
    'tekton.dev',
    'Task',
    { spec: { steps: [c('a:1')] } },
    ['spec.steps[0].image container c a:1 IfNotPresent'],
  ],
  ['an object without its template has no image', 'apps', 'Deployment', { spec: { replicas: 1 } }, []],
]

describe('images are found where the kind has its pods', () => {
  test.each(byKind)('%s: %s/%s', (_, group, kind, object, images) => {
    expect(imagesOf(object, kindNamed(group, kind))).toEqual(images)
  })
})

describe('an image that is not written', () => {
  test.each([
    ['is missing', {}],
    ['is null', { image: null }],
    ['is no text', { image: 1 }],
  ])('is none: it %s', (_, container) => {
    expect(podOf({ containers: [container] }).images).toEqual([])
    expect(deploymentOf({ containers: [container] }).images).toEqual([])
  })

  test('is none in a volume either: other volumes are no images', () => {
    expect(
      podOf({
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', image: {} },
          { name: 'c', image: null },
        ],
      }).images,
    ).toEqual([])
  })
})

const texts: readonly (readonly [
  why: string,
  text: string,
  inPod: 'image' | 'placeholder',
  inTemplate: 'image' | 'placeholder',
])[] = [
  ['a name', 'nginx', 'image', 'image'],
  ['a name that cannot be parsed', 'Not:An:Image', 'image', 'image'],
  ['blanks around a name, which a pod may not have either', ' nginx ', 'image', 'image'],
  ['nothing, which a template may leave to a webhook', '', 'image', 'placeholder'],
  ['a blank, which a template may leave to a webhook', ' ', 'image', 'placeholder'],
  ["Istio's word for its proxy", 'auto', 'image', 'placeholder'],
  ["not quite Istio's word", 'auto:1', 'image', 'image'],
  ["an expansion of other kinds' controllers", '$(params.image)', 'image', 'image'],
  ["an expansion of other kinds' controllers", '{{inputs.image}}', 'image', 'image'],
  ['a variable that nobody expanded', '$IMAGE', 'image', 'image'],
]

describe('what is written may stand for an image', () => {
  test.each(texts)('%s: "%s" is %s in a pod, %s in a template', (_, text, inPod, inTemplate) => {
    const spec = { containers: [c(text)] }
    expect(podOf(spec).images.map(({ image }) => image)).toEqual([{ kind: inPod, text }])
    expect(deploymentOf(spec).images.map(({ image }) => image)).toEqual([{ kind: inTemplate, text }])
  })

  test.each([
    ['Tekton', 'tekton.dev', 'Task', '$(params.image)', 'placeholder'],
    ['Tekton, in part', 'tekton.dev', 'Task', 'app:$(params.tag)', 'placeholder'],
    ["Argo's braces in Tekton", 'tekton.dev', 'Task', '{{inputs.image}}', 'image'],
    ['a bracket that does not close', 'tekton.dev', 'Task', '$(params.image', 'image'],
  ])('%s: %s %s expands %s: %s', (_, group, kind, text, expected) => {
    const [workload] = workloadsOf({ spec: { steps: [{ image: text }] } }, kindNamed(group, kind), 'default')
    expect(workload?.images[0]?.image.kind).toBe(expected)
  })

  test.each([
    ['{{inputs.parameters.image}}', 'placeholder'],
    ['app:{{workflow.parameters.tag}}', 'placeholder'],
    ['}}{{', 'image'],
    ['$(params.image)', 'image'],
  ])('Argo: %s is an %s', (text, expected) => {
    const [workload] = workloadsOf(
      { spec: { templates: [{ container: { image: text } }] } },
      kindNamed('argoproj.io', 'Workflow'),
      'default',
    )
    expect(workload?.images[0]?.image.kind).toBe(expected)
  })
})

describe('an image volume', () => {
  const volumes = [{ name: 'data', image: { reference: 'd:1', pullPolicy: 'Always' } }]
  const mount = { volumeMounts: [{ name: 'data', mountPath: '/data' }] }

  test.each([
    ['a container mounts it', { containers: [mount] }, true],
    ['an init container mounts it', { initContainers: [mount] }, true],
    ['a debugging container mounts it', { ephemeralContainers: [mount] }, true],
    ['a container mounts another', { containers: [{ volumeMounts: [{ name: 'other' }] }] }, false],
    ['nothing mounts it, and the pod runs whatever becomes of it', {}, false],
  ])('holds something up if %s', (_, spec, blocks) => {
    expect(podOf({ ...spec, volumes }).images).toMatchObject([{ role: 'volume', pullPolicy: 'Always', blocks }])
  })
})

describe('an object', () => {
  const name = (metadata: object, more: object = {}) =>
    workloadsOf({ metadata, spec: {}, ...more }, kindNamed('', 'Pod'), 'team')[0]?.object

  test.each([
    ['its name', { name: 'web', generateName: 'w-' }, 'web'],
    ['the beginning of a name that is still to be made up', { generateName: 'web-' }, 'web-*'],
    ['nothing', {}, ''],
    ['nothing, if what it has is no text', { name: 1, generateName: [] }, ''],
  ])('is called by %s', (_, metadata, expected) => {
    expect(name(metadata)).toEqual({ apiVersion: 'v1', kind: 'Pod', namespace: 'team', name: expected })
  })

  test('keeps the version in which it is written', () => {
    expect(name({}, { apiVersion: 'v9' })?.apiVersion).toBe('v9')
  })

  test('has the first version of its kind where none is written', () => {
    const [workload] = workloadsOf({ spec: { template: { spec: {} } } }, kindNamed('apps', 'Deployment'), 'team')
    expect(workload?.object.apiVersion).toBe('apps/v1')
  })

  test('is a template, unless it is a pod', () => {
    expect(podOf({}).isTemplate).toBe(false)
    expect(deploymentOf({}).isTemplate).toBe(true)
  })
})
