import { describe, expect, test } from 'vitest'
import { eligibleNodes } from '../../src/workload/eligible.ts'
import { nodeOf } from '../../src/workload/node.ts'
import type { Placement } from '../../src/workload/placement.ts'
import {
  boundRows,
  daemonRows,
  fieldRows,
  node,
  operatorRows,
  passingRows,
  selectorRows,
  taintRows,
  termRows,
} from './placements.ts'
import { daemonSetOf, deploymentOf, podOf } from './subjects.ts'

const ofPod = (spec: object): Placement => podOf(spec).placement

const landsOn = (placement: Placement, on: object): boolean => {
  const eligible = eligibleNodes(placement, [nodeOf(on)], undefined)
  return eligible.ok && eligible.value.length === 1
}

const podTables = { selectorRows, termRows, operatorRows, fieldRows, taintRows, passingRows, boundRows }

describe('a pod lands where scheduler and kubelet let it', () => {
  for (const [name, rows] of Object.entries(podTables)) {
    test.each(rows)(`${name}: %s, since %s`, (lands, _, spec, on) => {
      expect(landsOn(ofPod(spec), on)).toBe(lands)
    })
  }

  test.each(daemonRows)('daemonRows: %s, since %s', (lands, _, spec, on) => {
    expect(landsOn(daemonSetOf(spec).placement, on)).toBe(lands)
  })

  test('the tables are as long as they were', () => {
    const lengths = [...Object.values(podTables), daemonRows].map(rows => rows.length)
    expect(lengths).toEqual([20, 19, 53, 11, 34, 23, 15, 8])
    expect(lengths.reduce((sum, length) => sum + length)).toBeGreaterThanOrEqual(120)
  })
})

describe('devices', () => {
  const limits = { 'nvidia.com/gpu': 1, cpu: 2, 'requests.nvidia.com/gpu': 1, 'batch.kubernetes.io/slot': 1 }
  const asking = { containers: [{ resources: { limits } }] }
  const tainted = node({}, ['nvidia.com/gpu=present:NoSchedule'])

  test("a template's pods may land where the taint is named like the device that they ask for, since admission may add the toleration", () => {
    expect(landsOn(deploymentOf(asking).placement, tainted)).toBe(true)
  })

  test('a pod has been through admission, and has every toleration that it gets', () => {
    expect(landsOn(ofPod(asking), tainted)).toBe(false)
  })

  test.each([
    ['another device', node({}, ['amd.com/gpu:NoSchedule'])],
    ['a resource that every node has', node({}, ['cpu:NoSchedule'])],
    ["a resource of Kubernetes' own", node({}, ['batch.kubernetes.io/slot:NoSchedule'])],
    ["a quota's name for a device", node({}, ['requests.nvidia.com/gpu:NoSchedule'])],
    ['what evicts pods', node({}, ['nvidia.com/gpu:NoExecute'])],
  ])('no toleration is added for %s', (_, on) => {
    expect(landsOn(deploymentOf(asking).placement, on)).toBe(false)
  })
})

describe('where it cannot be said', () => {
  const nodes = [nodeOf(node({ arch: 'a' }))]

  test('a RuntimeClass that was not read may keep the pod from any node', () => {
    expect(eligibleNodes(ofPod({ runtimeClassName: 'kata' }), nodes, undefined)).toEqual({
      ok: false,
      error: 'runtime-class-unread',
    })
  })

  test('a RuntimeClass that adds nothing lets the pod land', () => {
    const scheduling = { nodeSelector: new Map(), tolerations: [] }
    expect(eligibleNodes(ofPod({ runtimeClassName: 'kata' }), nodes, scheduling)).toEqual({ ok: true, value: nodes })
  })

  test('a RuntimeClass that asks for another value of the same label gets the pod refused', () => {
    const scheduling = { nodeSelector: new Map([['arch', 'b']]), tolerations: [] }
    const placement = ofPod({ runtimeClassName: 'kata', nodeSelector: { arch: 'a' } })
    expect(eligibleNodes(placement, nodes, scheduling)).toEqual({ ok: false, error: 'runtime-class-conflict' })
  })

  test.each(['part', 'nothing'] as const)('of a placement of which %s is known, the rest may say anything', known => {
    expect(eligibleNodes({ ...ofPod({}), known }, nodes, undefined)).toEqual({ ok: false, error: 'decided-elsewhere' })
  })

  test('a hundred thousand requirements against a large cluster are not compared', () => {
    const terms = Array.from({ length: 100_000 }, (_, index) => ({
      matchExpressions: [{ key: `k${index}`, operator: 'Exists' }],
    }))
    const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } }
    const many = Array.from({ length: 1000 }, () => nodes).flat()
    expect(eligibleNodes(ofPod({ affinity: { nodeAffinity: required } }), many, undefined)).toEqual({
      ok: false,
      error: 'too-complex',
    })
  })

  test('two hundred requirements against five thousand nodes are compared', () => {
    const values = Array.from({ length: 200 }, (_, index) => [`k${index}`, 'v'])
    const many = Array.from({ length: 5000 }, () => nodes).flat()
    expect(eligibleNodes(ofPod({ nodeSelector: Object.fromEntries(values) }), many, undefined).ok).toBe(true)
  })
})
