import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { followNodes } from '../../src/cluster/follow-nodes.ts'
import { accessTo, apiServerFor, clientOf, followOptions, keepDiary } from '../support/api-server/connect.ts'
import type { ApiObject } from '../support/api-server/store.ts'
import { closedAfterTest } from '../support/lifetime.ts'

const nodes = 5000
const imagesPerNode = 50
/** Different images in the cluster. */
const images = 2000

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const heapMiB = (): number => {
  collect()
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

const digest = (index: number): string => index.toString(16).padStart(64, 'a')
const listed = Array.from({ length: images }, (_, index) => ({
  names: [
    `registry.internal.example.com/team-${index % 50}/service-${index}@sha256:${digest(index)}`,
    `registry.internal.example.com/team-${index % 50}/service-${index}:1.${index}.0`,
  ],
  sizeBytes: 123_456_789,
}))

/** As large as nodes are: of 12 KiB and more, half a KiB is of use. */
const nodeAt = (index: number): ApiObject => ({
  metadata: {
    name: `ip-10-0-${index >> 8}-${index & 255}.eu-central-1.compute.internal`,
    labels: {
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/os': 'linux',
      'kubernetes.io/hostname': `ip-10-0-${index >> 8}-${index & 255}`,
      'topology.kubernetes.io/zone': `eu-central-1${'abc'[index % 3]}`,
      ...Object.fromEntries(Array.from({ length: 20 }, (_, label) => [`example.com/label-${label}`, `value-${label}`])),
    },
    annotations: { 'example.com/large': 'x'.repeat(2000) },
    managedFields: [{ fieldsV1: { padding: 'y'.repeat(3000) } }],
  },
  status: {
    images: Array.from({ length: imagesPerNode }, (_, image) => listed[(index * 7 + image * 13) % images]),
    nodeInfo: { architecture: 'amd64', operatingSystem: 'linux', containerRuntimeVersion: 'containerd://2.4.2' },
  },
})

test('5,000 nodes with 50 images each are followed in 64 MiB', { timeout: 60_000 }, async () => {
  const server = await apiServerFor()
  for (let index = 0; index < nodes; index += 1) server.nodes.put(nodeAt(index))
  server.nodes.compact()
  const diary = keepDiary()
  const before = heapMiB()
  const begun = performance.now()
  const followed = closedAfterTest(
    followNodes(clientOf(accessTo(server)), followOptions({ pageMs: 30_000, observe: diary.observe })),
  )
  await followed.settled(new AbortController().signal)
  const listMs = performance.now() - begun
  expect(followed.current()).toHaveLength(nodes)
  const grown = heapMiB() - before
  console.log(
    `heap: ${grown.toFixed(1)} MiB for ${nodes} nodes of ${imagesPerNode} images, listed in ${listMs.toFixed(0)} ms`,
  )
  expect(grown).toBeLessThan(64)
})
