import { expect, test } from 'vitest'
import { runtimeClassOf, withRuntimeClass } from '../../src/workload/runtime-class.ts'
import { podOf } from './subjects.ts'

const gvisor = {
  handler: 'runsc',
  scheduling: { nodeSelector: { sandbox: 'yes' }, tolerations: [{ key: 'sandbox', operator: 'Exists' }] },
}

test('of a RuntimeClass its scheduling is kept', () => {
  expect(runtimeClassOf(gvisor)).toEqual({
    nodeSelector: new Map([['sandbox', 'yes']]),
    tolerations: [{ key: 'sandbox', operator: 'Exists', value: '', effect: '' }],
  })
})

test.each([
  ['no scheduling', {}],
  ['scheduling that is null', { scheduling: null }],
  ['empty scheduling', { scheduling: {} }],
  ['scheduling that is a list', { scheduling: [] }],
  ['no object', null],
])('a RuntimeClass with %s adds nothing', (_, object) => {
  expect(runtimeClassOf(object)).toEqual({ nodeSelector: new Map(), tolerations: [] })
})

test('a pod gets what its RuntimeClass adds', () => {
  const { placement } = podOf({ nodeSelector: { disk: 'ssd' }, tolerations: [{ key: 'a' }] })
  const whole = withRuntimeClass(placement, runtimeClassOf(gvisor))
  expect(whole.ok && [...whole.value.nodeSelector]).toEqual([
    ['disk', 'ssd'],
    ['sandbox', 'yes'],
  ])
  expect(whole.ok && whole.value.tolerations.map(({ key }) => key)).toEqual(['a', 'sandbox'])
})

test('a pod that asks for the same already stays as it is', () => {
  const { placement } = podOf({ nodeSelector: { sandbox: 'yes' } })
  expect(withRuntimeClass(placement, { nodeSelector: new Map([['sandbox', 'yes']]), tolerations: [] })).toEqual({
    ok: true,
    value: placement,
  })
})

test('an empty value conflicts with another one', () => {
  const { placement } = podOf({ nodeSelector: { sandbox: '' } })
  expect(withRuntimeClass(placement, runtimeClassOf(gvisor))).toEqual({ ok: false, error: 'runtime-class-conflict' })
})
