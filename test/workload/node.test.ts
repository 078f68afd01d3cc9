import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { createNodeReader, nodeOf } from '../../src/workload/node.ts'

const node = {
  metadata: {
    name: 'worker-1',
    labels: { 'kubernetes.io/arch': 'arm64', 'kubernetes.io/os': 'linux' },
    annotations: { a: 'b' },
    managedFields: [{ manager: 'kubelet' }],
  },
  spec: {
    unschedulable: true,
    taints: [{ key: 'gpu', value: 'a100', effect: 'NoSchedule', timeAdded: '2026-01-01T00:00:00Z' }],
  },
  status: {
    nodeInfo: {
      architecture: 'arm64',
      operatingSystem: 'linux',
      containerRuntimeVersion: 'containerd://2.4.2',
      kernelVersion: '6.12.0',
      osImage: 'Debian',
    },
    images: [
      { names: ['registry.example/app@sha256:1', 'registry.example/app:1'], sizeBytes: 10 },
      { names: ['docker.io/library/nginx:1.27'] },
      { sizeBytes: 1 },
    ],
  },
}

describe('of a node', () => {
  test('what decides is kept, and nothing else', () => {
    expect(nodeOf(node)).toEqual({
      name: 'worker-1',
      labels: new Map(Object.entries(node.metadata.labels)),
      taints: [{ key: 'gpu', value: 'a100', effect: 'NoSchedule' }],
      platform: { os: 'linux', architecture: 'arm64', variant: '', osVersion: '', osFeatures: [] },
      runtime: 'containerd://2.4.2',
      images: {
        names: ['registry.example/app@sha256:1', 'registry.example/app:1', 'docker.io/library/nginx:1.27'],
        count: 3,
        mayHaveMoreNames: false,
      },
    })
  })

  test('nothing is told that is not there', () => {
    expect(nodeOf({})).toEqual({
      name: '',
      labels: new Map(),
      taints: [],
      platform: { os: '', architecture: '', variant: '', osVersion: '', osFeatures: [] },
      runtime: '',
      images: { names: [], count: 0, mayHaveMoreNames: false },
    })
  })
})

describe('the platform of a node', () => {
  const platform = (nodeInfo: object, labels: object = {}) =>
    nodeOf({ metadata: { labels }, status: { nodeInfo } }).platform
  const build = { 'node.kubernetes.io/windows-build': '10.0.26100' }

  test.each([
    [
      'is what it says of itself',
      { operatingSystem: 'linux', architecture: 's390x' },
      {},
      { os: 'linux', architecture: 's390x' },
    ],
    [
      'beats its labels',
      { operatingSystem: 'linux', architecture: 'arm64' },
      { 'kubernetes.io/arch': 'amd64' },
      { architecture: 'arm64' },
    ],
    [
      'is that of its labels where it says nothing',
      {},
      { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
      { os: 'linux', architecture: 'amd64' },
    ],
    [
      'is in lower case, since some virtual kubelets write Linux',
      { operatingSystem: 'Linux', architecture: 'AMD64' },
      {},
      { os: 'linux', architecture: 'amd64' },
    ],
    [
      'has no variant, which no node tells',
      { operatingSystem: 'linux', architecture: 'arm' },
      {},
      { architecture: 'arm', variant: '' },
    ],
    [
      'has the build of Windows from the label',
      { operatingSystem: 'windows', kernelVersion: '10.0.20348.1' },
      build,
      { osVersion: '10.0.26100' },
    ],
    [
      'has the build of Windows from the kernel, less the patch',
      { operatingSystem: 'windows', kernelVersion: '10.0.20348.2340' },
      {},
      { osVersion: '10.0.20348' },
    ],
    [
      'has no build where the kernel tells none',
      { operatingSystem: 'windows', kernelVersion: 'NT' },
      {},
      { osVersion: '' },
    ],
    ['has no build on Linux', { operatingSystem: 'linux', kernelVersion: '6.12.0' }, build, { osVersion: '' }],
  ])('%s', (_, nodeInfo, labels, expected) => {
    expect(platform(nodeInfo, labels)).toMatchObject(expected)
  })
})

describe('the images of a node', () => {
  const listing = (count: number) =>
    nodeOf({ status: { images: Array.from({ length: count }, (_, index) => ({ names: [`app:${index}`] })) } }).images

  test.each([0, 49, 50, 110])('are counted: %i', count => {
    expect(listing(count)).toMatchObject({ count, mayHaveMoreNames: false })
    expect(listing(count).names).toHaveLength(count)
  })

  test('may have more names where one has as many as the kubelet lists of an image', () => {
    const names = ['app:1', 'app:2', 'app:3', 'app:4', 'app:5']
    expect(nodeOf({ status: { images: [{ names }] } }).images.mayHaveMoreNames).toBe(true)
    expect(nodeOf({ status: { images: [{ names: names.slice(1) }] } }).images.mayHaveMoreNames).toBe(false)
  })

  test('have five names each, as the kubelet lists them', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `app:${index}`)
    expect(nodeOf({ status: { images: [{ names }] } }).images.names).toEqual(names.slice(0, 5))
  })

  test('have names that are texts', () => {
    expect(nodeOf({ status: { images: [null, { names: null }, { names: [1, 'a', {}] }] } }).images.names).toEqual(['a'])
  })
})

test('five thousand nodes of fifty images cost less than 40 MB', () => {
  const texts = (count: number, of: (index: number) => unknown) =>
    Array.from({ length: count }, (_, index) => of(index))
  const app = (index: number) => `registry.example/team/application-${index}`
  const text = JSON.stringify({
    metadata: {
      labels: Object.fromEntries(
        texts(30, index => [`example.com/label-${index}`, `value-${index}`]) as [string, string][],
      ),
    },
    status: { images: texts(50, index => ({ names: [`${app(index)}@sha256:${'0'.repeat(64)}`, `${app(index)}:1`] })) },
  })
  const read = createNodeReader()
  const before = heldBytes()
  const nodes = Array.from({ length: 5000 }, () => read(JSON.parse(text)))
  const held = heldBytes() - before
  expect(nodes[4999]?.images.names).toHaveLength(100)
  expect(held).toBeLessThan(40e6)
})

const heldBytes = (): number => {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return getHeapStatistics().used_heap_size
}
