import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changedImages } from '../../src/workload/change.ts'
import { eligibleNodes } from '../../src/workload/eligible.ts'
import { builtInKinds, type Kind } from '../../src/workload/kinds.ts'
import { landing, landingOn } from '../../src/workload/landing.ts'
import { nodeOf } from '../../src/workload/node.ts'
import { placementKey } from '../../src/workload/placement.ts'
import { secretNames } from '../../src/workload/pull-as.ts'
import { workloadsOf } from '../../src/workload/read.ts'
import { runtimeClassOf } from '../../src/workload/runtime-class.ts'
import { isBeingDeleted, isMirror, isOwned } from '../../src/workload/standing.ts'
import { anything } from '../support/arbitraries/anything.ts'
import { processorClock } from '../support/processor-clock.ts'
import { kindNamed } from './subjects.ts'

/** Everything that is read from an object, one after the other. */
const readAll = (object: unknown, kinds: readonly Kind[] = builtInKinds) => {
  isBeingDeleted(object)
  isMirror(object)
  isOwned(object, builtInKinds)
  secretNames(object)
  const runtimeClass = runtimeClassOf(object)
  const node = nodeOf(object)
  return kinds.flatMap(kind => {
    const workloads = workloadsOf(object, kind, 'ns')
    for (const { placement } of workloads) {
      eligibleNodes(placement, [node], undefined)
      landing(placement, [node], runtimeClass)
      landingOn(placement, [node.platform], runtimeClass)
    }
    expect(changedImages(workloads, workloads)).toEqual([])
    return workloads
  })
}

const junk = fc.oneof(
  fc.constantFrom(null, undefined, 0, -1, true, '', ' ', [], {}, [[]], [null], 'x'.repeat(1000)),
  fc.jsonValue({ maxDepth: 2 }),
)

const fields = [
  'containers',
  'initContainers',
  'ephemeralContainers',
  'volumes',
  'image',
  'reference',
  'name',
  'imagePullPolicy',
  'imagePullSecrets',
  'serviceAccountName',
  'nodeName',
  'nodeSelector',
  'affinity',
  'nodeAffinity',
  'requiredDuringSchedulingIgnoredDuringExecution',
  'nodeSelectorTerms',
  'matchExpressions',
  'matchFields',
  'key',
  'operator',
  'values',
  'tolerations',
  'effect',
  'runtimeClassName',
  'os',
  'resources',
  'requests',
  'limits',
  'volumeMounts',
  'metadata',
  'labels',
  'annotations',
  'ownerReferences',
  'spec',
  'template',
  'status',
  'nodeInfo',
  'images',
  'names',
  'taints',
  'scheduling',
  'jobTemplate',
  '__proto__',
  'constructor',
  'toString',
  'length',
]

/** Objects whose properties have the right names and anything for values. */
const misshapen = fc.letrec(tie => ({
  value: fc.oneof({ depthSize: 'medium' }, junk, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc
    .array(fc.tuple(fc.constantFrom(...fields), tie('value')), { maxLength: 8 })
    .map(entries =>
      JSON.parse(
        `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value) ?? 'null'}`).join(',')}}`,
      ),
    ),
})).object

/** A sound pod spec with junk in one place. */
const spoiled = fc.tuple(fc.nat(), junk).map(([at, value]) => {
  const spec = {
    nodeName: 'n',
    nodeSelector: { a: 'b' },
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }], matchFields: [] }],
        },
      },
    },
    os: { name: 'linux' },
    tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', value: '' }],
    runtimeClassName: 'r',
    imagePullSecrets: [{ name: 's' }],
    serviceAccountName: 'robot',
    containers: [
      {
        name: 'a',
        image: 'a:1',
        imagePullPolicy: 'Always',
        volumeMounts: [{ name: 'v' }],
        resources: { limits: { 'a/b': 1 } },
      },
    ],
    volumes: [{ name: 'v', image: { reference: 'v:1', pullPolicy: 'Never' } }],
  }
  return spoil({ spec: { ...spec, template: { spec } } }, at, value)
})

const spoil = (object: object, at: number, value: unknown): unknown => {
  const places: (readonly [Record<string, unknown>, string])[] = []
  const visit = (parent: object): void => {
    for (const [name, child] of Object.entries(parent)) {
      places.push([parent as Record<string, unknown>, name])
      if (typeof child === 'object' && child !== null) visit(child)
    }
  }
  const copy = structuredClone(object)
  visit(copy)
  const [parent, name] = places[at % places.length] ?? []
  if (parent !== undefined && name !== undefined) parent[name] = value
  return copy
}

describe('whatever somebody sends', () => {
  test('properties of the wrong type give a value', () => {
    fc.assert(
      fc.property(misshapen, object => void readAll(object)),
      { numRuns: 300 },
    )
  })

  test('a sound object with junk in one place gives a value', () => {
    const kinds = [kindNamed('', 'Pod'), kindNamed('apps', 'Deployment')]
    fc.assert(
      fc.property(spoiled, object => void readAll(object, kinds)),
      { numRuns: 2000 },
    )
  })

  test('anything at all gives a value', () => {
    fc.assert(
      fc.property(anything, object => void readAll(object)),
      { numRuns: 300 },
    )
  })

  test('what objects inherit is never read', () => {
    const inherited = Object.create({ spec: { containers: [{ image: 'a' }] }, metadata: { name: 'a' } })
    expect(readAll(inherited)).toEqual([])
  })

  test('properties called __proto__ change nothing for others', () => {
    const object = JSON.parse(
      '{"metadata": {"labels": {"__proto__": "x"}}, "spec": {"nodeSelector": {"__proto__": "x"}, "__proto__": {"nodeName": "n"}}}',
    )
    const [workload] = workloadsOf(object, kindNamed('', 'Pod'), 'ns')
    expect(workload?.placement.nodeName).toBeUndefined()
    expect(workload?.placement.nodeSelector.get('__proto__')).toBe('x')
    expect({}).not.toHaveProperty('x')
  })

  test('the order of parts that do not count does not change the key of a placement', () => {
    const requirement = fc.record({
      key: fc.constantFrom('a', 'b'),
      operator: fc.constantFrom('In', 'NotIn'),
      values: fc.array(fc.constantFrom('1', '2')),
    })
    const terms = fc.array(fc.record({ matchExpressions: fc.array(requirement, { maxLength: 3 }) }), { maxLength: 3 })
    const shuffled = terms.chain(list =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    )
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const key = (nodeSelectorTerms: unknown) => {
          const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } }
          const [workload] = workloadsOf({ spec: { affinity } }, kindNamed('', 'Pod'), 'ns')
          return workload && placementKey(workload.placement)
        }
        expect(key(other)).toBe(key(one))
      }),
    )
  })
})

describe('however much somebody sends', () => {
  const within = (milliseconds: number, work: () => void): void => {
    const spentMs = processorClock()
    work()
    expect(spentMs()).toBeLessThan(milliseconds)
  }

  test('ten thousand containers are read and compared', () => {
    const containers = Array.from({ length: 10_000 }, (_, index) => ({ name: `c${index}`, image: `a:${index}` }))
    const kind = kindNamed('', 'Pod')
    within(3000, () => {
      const workloads = workloadsOf({ spec: { containers } }, kind, 'ns')
      expect(workloads[0]?.images).toHaveLength(10_000)
      expect(changedImages(workloads, workloads)).toEqual([])
      expect(changedImages([], workloads)[0]?.images).toHaveLength(10_000)
    })
  })

  test('two hundred floors of objects and lists are read', () => {
    const deep = Array.from({ length: 200 }).reduce<object>(
      (inner, _, index) => (index % 2 ? [inner] : { spec: inner, containers: inner, template: inner }),
      {},
    )
    within(3000, () => void readAll({ spec: deep }))
  })

  const texts = ['a', '{{', '$(', '0', ' ', '"', '/:@'].map(text => text.repeat(1e6 / text.length))
  const kinds = [kindNamed('', 'Pod'), kindNamed('apps', 'Deployment'), kindNamed('tekton.dev', 'Task')]

  test.each(texts.map(text => [text.slice(0, 3), text]))('a megabyte of %s is read', (_, text) => {
    const requirement = { key: text, operator: 'Gt', values: [text] }
    const nodeSelectorTerms = [{ matchExpressions: [requirement] }]
    const spec = {
      containers: [{ name: text, image: text }],
      steps: [{ image: text }],
      nodeSelector: { [text]: text },
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
      tolerations: [{ key: text, operator: 'Gt', value: text }],
    }
    const labels = { [text]: text }
    within(5000, () => void readAll({ metadata: { labels }, spec: { ...spec, template: { spec } } }, kinds))
  })

  test('fifty thousand terms and tolerations are read, compared and refused', () => {
    const nodeSelectorTerms = Array.from({ length: 50_000 }, (_, index) => ({
      matchExpressions: [{ key: `k${index}`, operator: 'Exists' }],
    }))
    const tolerations = Array.from({ length: 50_000 }, (_, index) => ({ key: `k${index}` }))
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } }
    within(3000, () => {
      const workloads = workloadsOf({ spec: { affinity, tolerations } }, kindNamed('', 'Pod'), 'ns')
      const nodes = Array.from({ length: 5000 }, () => nodeOf({}))
      for (const { placement } of workloads) {
        expect(landing(placement, nodes, undefined)).toEqual({ kind: 'unknown', why: 'too-complex' })
        landingOn(placement, [], undefined)
      }
      changedImages(workloads, workloads)
    })
  })
})
