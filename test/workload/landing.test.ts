import { describe, expect, test } from 'vitest'
import { type Landing, landing, landingAnywhere, landingOn } from '../../src/workload/landing.ts'
import { type Node, nodeOf } from '../../src/workload/node.ts'
import type { RuntimeClassScheduling } from '../../src/workload/runtime-class.ts'
import { daemonSetOf, podOf } from './subjects.ts'

const machine = (
  os: string,
  architecture: string,
  {
    runtime = 'containerd://2.4.2',
    name = 'n',
    ...more
  }: { runtime?: string; name?: string; taints?: object[]; labels?: object } = {},
): Node =>
  nodeOf({
    metadata: {
      name,
      labels: {
        'kubernetes.io/os': os,
        'kubernetes.io/arch': architecture,
        'beta.kubernetes.io/os': os,
        'beta.kubernetes.io/arch': architecture,
        ...more.labels,
      },
    },
    spec: { taints: more.taints ?? [] },
    status: {
      nodeInfo: { operatingSystem: os, architecture, containerRuntimeVersion: runtime, kernelVersion: '10.0.20348.1' },
    },
  })

const amd64 = machine('linux', 'amd64')
const arm64 = machine('linux', 'arm64')
const windows = machine('windows', 'amd64')
const tainted = machine('linux', 'arm64', { taints: [{ key: 'arch', value: 'arm64', effect: 'NoSchedule' }] })

/** A landing in one line: `amd64 arm64` are Linux nodes that exist, `?` marks what is awaited, `*` what has to fit everywhere. */
const inShort = (found: Landing): string => {
  if (found.kind === 'unknown') return found.why
  const marks = (found.awaited ? '?' : '') + (found.every ? '*' : '')
  return found.platforms
    .map(
      ({ platform }) =>
        (platform.os === 'linux' ? platform.architecture : `${platform.os}/${platform.architecture}`) + marks,
    )
    .join(' ')
}

const arch = (...values: readonly string[]): object => ({ key: 'kubernetes.io/arch', operator: 'In', values })
const os = (...values: readonly string[]): object => ({ key: 'kubernetes.io/os', operator: 'In', values })
const terms = (...list: readonly (readonly object[])[]): object => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: list.map(matchExpressions => ({ matchExpressions })),
      },
    },
  },
})
const selector = (nodeSelector: object): object => ({ nodeSelector })
const armOnly = selector({ 'kubernetes.io/arch': 'arm64' })

const onNodes: readonly (readonly [lands: string, why: string, spec: object, nodes: readonly Node[]])[] = [
  ['amd64 arm64', 'it asks for nothing, and each platform counts once', {}, [amd64, arm64, amd64, arm64]],
  ['amd64 windows/amd64', 'nothing keeps a pod off Windows', {}, [amd64, windows]],
  ['amd64', 'it names its system', { os: { name: 'linux' } }, [amd64, windows]],
  ['amd64', 'it does not tolerate the taint of the others', {}, [amd64, tainted]],
  ['arm64', 'it names an architecture that there is', armOnly, [amd64, arm64]],
  ['arm64?', 'it names an architecture that there is not yet', armOnly, [amd64]],
  ['arm64?', 'it names an architecture, and tolerates no node that has it', armOnly, [amd64, tainted]],
  ['arm64?', 'it names an architecture, and no node is known at all', armOnly, []],
  ['arm64?', 'the older label names it as well', selector({ 'beta.kubernetes.io/arch': 'arm64' }), [amd64]],
  ['arm64?', 'the only required term names it', terms([arch('arm64')]), [amd64]],
  ['arm64? s390x?', 'a term may name several', terms([arch('arm64', 's390x')]), [amd64]],
  ['arm64? s390x?', 'each term names one', terms([arch('arm64')], [arch('s390x')]), [amd64]],
  [
    'amd64',
    'it names several and there is one of them: that is where it lands, and an author who lists what is fine waits for none',
    terms([arch('amd64', 's390x')]),
    [amd64, arm64],
  ],
  [
    'no-eligible-node',
    'one term leaves the architecture open',
    terms([arch('arm64')], [{ key: 'gpu', operator: 'Exists' }]),
    [amd64],
  ],
  [
    'arm64?',
    'a term that fits no node anywhere leaves nothing open',
    terms([arch('arm64')], [{ key: 'gpu', operator: 'Maybe' }]),
    [amd64],
  ],
  [
    'arm64?',
    'a term names several, and excludes one',
    terms([arch('arm64', 's390x'), { key: 'kubernetes.io/arch', operator: 'NotIn', values: ['s390x'] }]),
    [amd64],
  ],
  ['arm64?', 'the selector narrows what the term names', { ...terms([arch('arm64', 's390x')]), ...armOnly }, [amd64]],
  ['no-eligible-node', 'selector and term contradict each other', { ...terms([arch('s390x')]), ...armOnly }, [amd64]],
  [
    'no-eligible-node',
    'it excludes an architecture and names none',
    terms([{ key: 'kubernetes.io/arch', operator: 'NotIn', values: ['amd64'] }]),
    [amd64],
  ],
  [
    'no-eligible-node',
    'no node is ever labelled x86_64: Kubernetes calls it amd64',
    selector({ 'kubernetes.io/arch': 'x86_64' }),
    [amd64],
  ],
  ['no-eligible-node', 'it asks for a label that no node has', selector({ gpu: 'yes' }), [amd64]],
  ['no-eligible-node', 'there are no nodes', {}, []],
  [
    'arm64?',
    'other labels do not matter: a node that has them may come',
    selector({ 'kubernetes.io/arch': 'arm64', gpu: 'yes' }),
    [amd64, arm64],
  ],
  [
    'windows/amd64?',
    'it names a system as well',
    selector({ 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'windows' }),
    [amd64],
  ],
  [
    'windows/amd64?',
    'the system may stand in the pod',
    { ...selector({ 'kubernetes.io/arch': 'amd64' }), os: { name: 'windows' } },
    [arm64],
  ],
  ['amd64? windows/amd64?', 'it names both systems', terms([arch('amd64'), os('linux', 'windows')]), [arm64]],
  [
    'no-eligible-node',
    'where there are Windows nodes, an architecture alone names no platform',
    selector({ 'kubernetes.io/arch': 'amd64', gpu: 'yes' }),
    [arm64, windows],
  ],
  ['amd64', 'it names its node', { nodeName: 'a' }, [machine('linux', 'amd64', { name: 'a' }), arm64]],
  ['no-eligible-node', 'it names its node, and the node is not known', { nodeName: 'a' }, [arm64]],
  [
    'no-eligible-node',
    'it names its node, and another architecture than that node has: the kubelet turns it away',
    { nodeName: 'n', ...armOnly },
    [amd64],
  ],
  ['platform-untold', 'one of the nodes does not tell its platform', {}, [amd64, machine('', '')]],
  [
    'amd64',
    'a node that it cannot land on need not tell its platform',
    selector({ 'kubernetes.io/arch': 'amd64' }),
    [amd64, machine('', '')],
  ],
  ['runtime-class-unread', 'its RuntimeClass was not read', { runtimeClassName: 'kata' }, [amd64]],
]

describe('among the nodes that there are', () => {
  test.each(onNodes)('%s: %s', (lands, _, spec, nodes) => {
    expect(inShort(landing(podOf(spec).placement, nodes, undefined))).toBe(lands)
  })

  test('nodes of one platform with two runtimes are two', () => {
    const old = machine('linux', 'amd64', { runtime: 'containerd://1.7.34' })
    const found = landing(podOf({}).placement, [amd64, old, amd64], undefined)
    expect(found.kind === 'platforms' && found.platforms.map(({ runtime }) => runtime)).toEqual([
      'containerd://2.4.2',
      'containerd://1.7.34',
    ])
  })

  test('a DaemonSet lands on every node that fits', () => {
    expect(inShort(landing(daemonSetOf({}).placement, [amd64, arm64], undefined))).toBe('amd64* arm64*')
  })

  test('a DaemonSet that waits for one of several need not fit all of them', () => {
    expect(inShort(landing(daemonSetOf(terms([arch('arm64', 's390x')])).placement, [amd64], undefined))).toBe(
      'arm64? s390x?',
    )
  })

  test('a Windows node that is awaited has the build that the pod names', () => {
    const build = { 'node.kubernetes.io/windows-build': '10.0.26100' }
    const spec = selector({ 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'windows', ...build })
    const found = landing(podOf(spec).placement, [], undefined)
    expect(found.kind === 'platforms' && found.platforms.map(({ platform }) => platform.osVersion)).toEqual([
      '10.0.26100',
    ])
  })
})

describe('with a RuntimeClass', () => {
  const spec = { runtimeClassName: 'kata' }
  const scheduling = (
    nodeSelector: object,
    tolerations: RuntimeClassScheduling['tolerations'] = [],
  ): RuntimeClassScheduling => ({
    nodeSelector: new Map(Object.entries(nodeSelector)),
    tolerations,
  })

  test.each([
    ['amd64 arm64', 'it adds nothing', spec, scheduling({})],
    ['arm64', 'it adds a selector', spec, scheduling({ 'kubernetes.io/arch': 'arm64' })],
    ['s390x?', 'it names an architecture that there is not yet', spec, scheduling({ 'kubernetes.io/arch': 's390x' })],
    [
      'runtime-class-conflict',
      'pod and class ask for different values',
      { ...spec, ...armOnly },
      scheduling({ 'kubernetes.io/arch': 'amd64' }),
    ],
    ['arm64', 'pod and class ask for the same', { ...spec, ...armOnly }, scheduling({ 'kubernetes.io/arch': 'arm64' })],
  ])('%s: %s', (lands, _, pod, runtimeClass) => {
    expect(inShort(landing(podOf(pod).placement, [amd64, arm64], runtimeClass))).toBe(lands)
  })

  test('its tolerations count', () => {
    const tolerations = [{ key: 'arch', operator: 'Exists', value: '', effect: '' }]
    expect(inShort(landing(podOf(spec).placement, [amd64, tainted], scheduling({}, tolerations)))).toBe('amd64 arm64')
  })
})

describe('where others complete the pod', () => {
  const part = (pod: object) => ({ ...podOf(pod).placement, known: 'part' as const })
  const nothing = (pod: object) => ({ ...podOf(pod).placement, known: 'nothing' as const })

  test('it may land anywhere', () => {
    expect(inShort(landing(part({}), [amd64, arm64], undefined))).toBe('decided-elsewhere')
  })

  test('an architecture that it names stays named, whatever is added, and taints may come to be tolerated', () => {
    expect(inShort(landing(part(armOnly), [amd64, tainted], undefined))).toBe('arm64')
    expect(inShort(landing(part(armOnly), [amd64], undefined))).toBe('arm64?')
  })

  test('text that is filled in later names nothing', () => {
    expect(inShort(landing(nothing(armOnly), [amd64, arm64], undefined))).toBe('decided-elsewhere')
    expect(inShort(landingOn(nothing(armOnly), [arm64.platform], undefined))).toBe('decided-elsewhere')
  })
})

describe('on platforms that are listed', () => {
  const listed = [amd64.platform, arm64.platform]

  test.each([
    ['amd64 arm64', 'the pod asks for nothing', {}],
    ['arm64', 'the pod names one of them', armOnly],
    ['s390x?', 'the pod names another', selector({ 'kubernetes.io/arch': 's390x' })],
    [
      'arm64',
      'the pod excludes one of them',
      terms([{ key: 'kubernetes.io/arch', operator: 'NotIn', values: ['amd64'] }]),
    ],
    ['amd64 arm64', 'the pod names the system that both have', selector({ 'kubernetes.io/os': 'linux' })],
    ['no-eligible-node', 'the pod names a system that none has', { os: { name: 'windows' } }],
    ['amd64 arm64', 'labels that tell no platform may be there', selector({ gpu: 'yes' })],
    [
      'amd64 arm64',
      'one term leaves the architecture open',
      terms([arch('s390x')], [{ key: 'gpu', operator: 'Exists' }]),
    ],
    ['no-eligible-node', 'no term fits any node', terms([{ key: 'gpu', operator: 'Maybe' }])],
    ['amd64 arm64', 'taints are not known', { tolerations: [] }],
    ['amd64 arm64', 'a RuntimeClass that was not read narrows nothing that is listed', { runtimeClassName: 'kata' }],
  ])('%s: %s', (lands, _, spec) => {
    expect(inShort(landingOn(podOf(spec).placement, listed, undefined))).toBe(lands)
  })

  test('a DaemonSet need not land on all of them, since a list tells neither labels nor taints', () => {
    expect(inShort(landingOn(daemonSetOf({}).placement, listed, undefined))).toBe('amd64 arm64')
  })

  test('a part of a pod lands on all of them', () => {
    expect(inShort(landingOn({ ...podOf({}).placement, known: 'part' }, listed, undefined))).toBe('amd64 arm64')
  })

  test('a RuntimeClass narrows them', () => {
    const scheduling = { nodeSelector: new Map([['kubernetes.io/arch', 'arm64']]), tolerations: [] }
    expect(inShort(landingOn(podOf({}).placement, listed, scheduling))).toBe('arm64')
  })
})

test('where platforms are not to be judged, none is known', () => {
  expect(landingAnywhere).toEqual({ kind: 'unknown', why: 'not-asked' })
})
