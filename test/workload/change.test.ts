import { describe, expect, test } from 'vitest'
import { changedImages } from '../../src/workload/change.ts'
import { workloadsOf } from '../../src/workload/read.ts'
import { deploymentOf, kindNamed } from './subjects.ts'

const c = (name: string, image: string, more: object = {}): object => ({ name, image, ...more })
const app = c('app', 'app:1')
const base = { containers: [app] }

const term = (...matchExpressions: readonly object[]): object => ({ matchExpressions })
const affinity = (...nodeSelectorTerms: readonly object[]): object => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
})
const a = { key: 'a', operator: 'In', values: ['1', '2'] }
const b = { key: 'b', operator: 'Exists' }
const tolerations = [{ key: 'a' }, { key: 'b', effect: 'NoSchedule' }]
const data = { volumes: [{ name: 'data', image: { reference: 'app:1' } }] }
const mounting = c('app', 'x:1', { volumeMounts: [{ name: 'data' }] })

/** The images that are to be checked, why, and the pod spec before and after. */
const rows: readonly (readonly [checked: string, why: string, before: object, after: object])[] = [
  ['', 'nothing changed', base, base],
  ['app:2', 'the image changed', base, { containers: [c('app', 'app:2')] }],
  [
    'docker.io/library/app:1',
    'the same image written in another way is asked for once more, which costs little',
    base,
    { containers: [c('app', 'docker.io/library/app:1')] },
  ],
  [
    '',
    'environment, resources and probes decide nothing',
    base,
    { containers: [c('app', 'app:1', { env: [{ name: 'A', value: '1' }], resources: {} })] },
  ],
  ['', 'a label decides nothing', base, { ...base, terminationGracePeriodSeconds: 5 }],
  ['app:1', 'the policy changed', base, { containers: [c('app', 'app:1', { imagePullPolicy: 'Always' })] }],
  [
    '',
    'the policy is written that was the default',
    base,
    { containers: [c('app', 'app:1', { imagePullPolicy: 'IfNotPresent' })] },
  ],
  ['side:1', 'a container was added', base, { containers: [app, c('side', 'side:1')] }],
  ['', 'a container went', { containers: [app, c('side', 'side:1')] }, base],
  [
    '',
    'containers changed places',
    { containers: [app, c('side', 'side:1')] },
    { containers: [c('side', 'side:1'), app] },
  ],
  [
    '',
    'containers swapped images: both were pulled before',
    { containers: [app, c('side', 'side:1')] },
    { containers: [c('app', 'side:1'), c('side', 'app:1')] },
  ],
  ['', 'a container was renamed', base, { containers: [c('web', 'app:1')] }],
  ['', 'a container of an image that runs already was added', base, { containers: [app, c('second', 'app:1')] }],
  ['', 'debugging with an image that runs already', base, { ...base, ephemeralContainers: [c('debug', 'app:1')] }],
  ['busybox', 'debugging with another image', base, { ...base, ephemeralContainers: [c('debug', 'busybox')] }],
  ['', 'a container became an init container', base, { initContainers: [app] }],
  [
    'app:1',
    'an image that was run is mounted',
    { containers: [app, c('second', 'x:1')] },
    { containers: [mounting], ...data },
  ],
  [
    'app:1',
    'an image that was mounted is run',
    { containers: [mounting], ...data },
    { containers: [mounting, c('second', 'app:1')], ...data },
  ],
  [
    'app:1',
    'a volume that nothing mounted is mounted',
    { containers: [c('app', 'x:1')], ...data },
    { containers: [mounting], ...data },
  ],
  ['app:1', 'a secret was added', base, { ...base, imagePullSecrets: [{ name: 's' }] }],
  ['app:1', 'a secret went', { ...base, imagePullSecrets: [{ name: 's' }] }, base],
  [
    'app:1',
    'secrets are tried in another order',
    { ...base, imagePullSecrets: [{ name: 's' }, { name: 't' }] },
    { ...base, imagePullSecrets: [{ name: 't' }, { name: 's' }] },
  ],
  [
    'app:1',
    'an entry without a name keeps the secrets of the service account away',
    base,
    { ...base, imagePullSecrets: [{}] },
  ],
  ['', 'an empty list is no list', base, { ...base, imagePullSecrets: [] }],
  ['app:1', 'the service account changed', base, { ...base, serviceAccountName: 'robot' }],
  ['', 'the service account is written that was the default', base, { ...base, serviceAccountName: 'default' }],
  [
    '',
    'the service account is written in the old way',
    { ...base, serviceAccountName: 'robot' },
    { ...base, serviceAccount: 'robot' },
  ],
  ['app:1', 'the node selector changed', base, { ...base, nodeSelector: { a: '1' } }],
  [
    '',
    'labels of the node selector changed places',
    { ...base, nodeSelector: { a: '1', b: '2' } },
    { ...base, nodeSelector: { b: '2', a: '1' } },
  ],
  [
    'app:1',
    'values of the node selector swapped',
    { ...base, nodeSelector: { a: '1', b: '2' } },
    { ...base, nodeSelector: { a: '2', b: '1' } },
  ],
  ['app:1', 'a node name was added', base, { ...base, nodeName: 'n' }],
  ['app:1', 'the operating system changed', base, { ...base, os: { name: 'windows' } }],
  ['app:1', 'the RuntimeClass changed', base, { ...base, runtimeClassName: 'kata' }],
  ['app:1', 'a toleration was added', base, { ...base, tolerations }],
  ['', 'tolerations changed places', { ...base, tolerations }, { ...base, tolerations: tolerations.toReversed() }],
  [
    '',
    'the time of a toleration changed',
    { ...base, tolerations: [{ key: 'a', effect: 'NoExecute' }] },
    { ...base, tolerations: [{ key: 'a', effect: 'NoExecute', tolerationSeconds: 5 }] },
  ],
  ['app:1', 'affinity was added', base, { ...base, ...affinity(term(a)) }],
  ['app:1', 'affinity without terms fits no node, and no affinity fits every node', base, { ...base, ...affinity() }],
  [
    '',
    'terms, requirements and values changed places',
    { ...base, ...affinity(term(a, b), term(b)) },
    { ...base, ...affinity(term(b), term(b, { ...a, values: ['2', '1'] })) },
  ],
  [
    'app:1',
    'a requirement moved to another term',
    { ...base, ...affinity(term(a, b), term(b)) },
    { ...base, ...affinity(term(a), term(b, b)) },
  ],
  [
    '',
    'preferred affinity decides nothing',
    base,
    {
      ...base,
      affinity: {
        nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term(a) }] },
      },
    },
  ],
  [
    'app:1',
    'a device is asked for, whose taint may now be tolerated',
    base,
    { containers: [c('app', 'app:1', { resources: { limits: { 'nvidia.com/gpu': 1 } } })] },
  ],
  [
    'a:1 b:1',
    'a change for the whole pod is one for all its images',
    { containers: [c('a', 'a:1'), c('b', 'b:1')] },
    { containers: [c('a', 'a:1'), c('b', 'b:1')], nodeSelector: { a: '1' } },
  ],
]

describe('after an update the images are checked whose pulling changed', () => {
  test.each(rows)('"%s": %s', (checked, _, before, after) => {
    const changed = changedImages([deploymentOf(before)], [deploymentOf(after)])
    expect(changed.flatMap(({ images }) => images.map(({ image }) => image.text)).join(' ')).toBe(checked)
  })

  test('the table is as long as it was', () => {
    expect(rows).toHaveLength(43)
  })

  test('a workload is left out when nothing of it changed, and else keeps all but its unchanged images', () => {
    const before = deploymentOf({ containers: [app, c('side', 'side:1')] })
    const after = deploymentOf({ containers: [app, c('side', 'side:2')] })
    expect(changedImages([before], [before])).toEqual([])
    expect(changedImages([before], [after])).toEqual([{ ...after, images: [after.images[1]] }])
  })

  test('without an earlier object everything is checked', () => {
    const after = deploymentOf(base)
    expect(changedImages([], [after])).toEqual([after])
  })

  test('pod places may change places', () => {
    const kind = kindNamed('jobset.x-k8s.io', 'JobSet')
    const job = (image: string, spec: object = {}) => ({
      template: { spec: { template: { spec: { containers: [c('c', image)], ...spec } } } },
    })
    const set = (...replicatedJobs: readonly object[]) => workloadsOf({ spec: { replicatedJobs } }, kind, 'ns')
    const arm = { nodeSelector: { 'kubernetes.io/arch': 'arm64' } }
    expect(changedImages(set(job('a:1'), job('b:1', arm)), set(job('b:1', arm), job('a:1')))).toEqual([])
    expect(changedImages(set(job('a:1'), job('b:1', arm)), set(job('b:1'), job('a:1', arm)))).toHaveLength(2)
  })

  test('another namespace is another name to pull in', () => {
    const kind = kindNamed('', 'Pod')
    expect(changedImages(workloadsOf({ spec: base }, kind, 'a'), workloadsOf({ spec: base }, kind, 'b'))).toHaveLength(
      1,
    )
  })
})
