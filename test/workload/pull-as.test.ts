import { describe, expect, test } from 'vitest'
import type { Kind } from '../../src/workload/kinds.ts'
import { secretNames } from '../../src/workload/pull-as.ts'
import { workloadsOf } from '../../src/workload/read.ts'
import { kindNamed, podOf } from './subjects.ts'

describe('the secrets of a pod', () => {
  test.each([
    ['there are none', undefined, []],
    ['the list is null', null, []],
    ['the list is empty', [], []],
    ['their order is kept', [{ name: 'b' }, { name: 'a' }], ['b', 'a']],
    ['a name may stand twice', [{ name: 'a' }, { name: 'a' }], ['a', 'a']],
    ['an entry without a name makes a list that is not empty', [{}], ['']],
    ['so does one with an empty name', [{ name: '' }], ['']],
    ['so does null', [null], ['']],
    ['a name that is no text is none', [{ name: 1 }, 'a'], ['', '']],
    ['what objects inherit is no name', [Object.create({ name: 'a' })], ['']],
    ['what is no list is none', { name: 'a' }, []],
  ])('%s', (_, imagePullSecrets, names) => {
    expect(podOf({ imagePullSecrets }).pullAs.imagePullSecrets).toEqual(names)
    expect(secretNames(imagePullSecrets)).toEqual(names)
  })
})

describe('the service account of a pod', () => {
  test.each([
    ['it is named', { serviceAccountName: 'robot' }, 'robot'],
    ['it is named in the old way', { serviceAccount: 'robot' }, 'robot'],
    ['the new name wins', { serviceAccountName: 'new', serviceAccount: 'old' }, 'new'],
    ['an empty new name leaves the old one', { serviceAccountName: '', serviceAccount: 'old' }, 'old'],
    ['there is a default', {}, 'default'],
    ['null is none', { serviceAccountName: null }, 'default'],
    ['what is no text is none', { serviceAccountName: {} }, 'default'],
  ])('%s', (_, spec, account) => {
    expect(podOf(spec).pullAs).toMatchObject({ namespace: 'default', serviceAccount: account })
  })
})

describe('what the pod spec leaves out', () => {
  const workflow: Kind = { ...kindNamed('argoproj.io', 'Workflow'), omitted: 'default' }
  const pullAs = (spec: object, template: object, kind = workflow) =>
    workloadsOf({ spec: { ...spec, templates: [{ container: { image: 'a' }, ...template }] } }, kind, 'ns').find(
      ({ images }) => images.length > 0,
    )?.pullAs

  test.each([
    ['the template has its own', { serviceAccountName: 'outer' }, { serviceAccountName: 'inner' }, 'inner'],
    ['the workflow stands in', { serviceAccountName: 'outer' }, {}, 'outer'],
    [
      'the defaults of its templates stand in first',
      { serviceAccountName: 'outer', templateDefaults: { serviceAccountName: 'mid' } },
      {},
      'mid',
    ],
    ['nobody has one', {}, {}, 'default'],
  ])('is taken from what stands in for it: %s', (_, spec, template, account) => {
    expect(pullAs(spec, template)?.serviceAccount).toBe(account)
  })

  test('an empty list is left out, as Go sees it', () => {
    const outer = { imagePullSecrets: [{ name: 'outer' }] }
    expect(pullAs(outer, { imagePullSecrets: [] })?.imagePullSecrets).toEqual(['outer'])
  })

  test('comes from the pod place that it belongs to, and from no other', () => {
    const kind: Kind = { ...workflow, pods: [{ podSpec: 'items[*].pod', containers: [''], fallbacks: ['items[*]'] }] }
    const items = [{ serviceAccountName: 'first', pod: {} }, { pod: {} }, { serviceAccountName: 'third', pod: {} }]
    const accounts = workloadsOf({ items }, kind, 'ns').map(workload => workload.pullAs.serviceAccount)
    expect(accounts).toEqual(['first', 'default', 'third'])
  })

  test('may stand below the pod spec', () => {
    const kind: Kind = { ...workflow, pods: [{ podSpec: 'spec', containers: [''], fallbacks: ['spec.defaults'] }] }
    const [workload] = workloadsOf({ spec: { defaults: { serviceAccountName: 'below' } } }, kind, 'ns')
    expect(workload?.pullAs.serviceAccount).toBe('below')
  })
})

describe('where only the controller knows', () => {
  const task = kindNamed('tekton.dev', 'Task')
  const run = kindNamed('tekton.dev', 'TaskRun')

  test('what is left out is unknown', () => {
    expect(workloadsOf({ spec: {} }, task, 'ns')[0]?.pullAs).toEqual({
      namespace: 'ns',
      imagePullSecrets: undefined,
      serviceAccount: undefined,
    })
  })

  test('what is written is known', () => {
    const spec = { serviceAccountName: 'robot', podTemplate: { imagePullSecrets: [{ name: 'a' }] }, taskSpec: {} }
    expect(workloadsOf({ spec }, run, 'ns')[0]?.pullAs).toEqual({
      namespace: 'ns',
      imagePullSecrets: ['a'],
      serviceAccount: 'robot',
    })
  })

  test('what is filled in later is unknown', () => {
    const podTemplate = { imagePullSecrets: [{ name: '$(params.secret)' }], nodeSelector: { disk: '$(params.disk)' } }
    const spec = { serviceAccountName: '$(params.account)', podTemplate, taskSpec: {} }
    const [workload] = workloadsOf({ spec }, run, 'ns')
    expect(workload?.pullAs).toMatchObject({ imagePullSecrets: undefined, serviceAccount: undefined })
    expect(workload?.placement.known).toBe('nothing')
  })

  test('a placement is only a part', () => {
    expect(workloadsOf({ spec: {} }, task, 'ns')[0]?.placement.known).toBe('part')
    expect(podOf({}).placement.known).toBe('whole')
  })
})
