import { describe, expect, test } from 'vitest'
import { faultsOf } from './compare.ts'
import type { Ours } from './ours.ts'
import { denied, doubted, inLayers, notFound, runs } from './row.ts'
import { type Ended, endOf } from './settle.ts'

const ours = (action: Ours['action'], ...codes: Ours['codes']): Ours => ({ action, codes, words: '' })
const ran: Ended = { end: 'runs', words: '' }
const failing = (words: string): Ended => ({ end: 'ErrImagePull', words })
const missing = failing('failed to resolve image: registry.test/app:1: not found')
const refused = failing('pull access denied, repository does not exist: no basic auth credentials')
const warned = doubted(['registry-error'], 'ErrImagePull', 'it may pass')

describe('a case is at fault', () => {
  test('where it is denied and runs', () => {
    expect(faultsOf(runs, ours('deny', 'not-found'), ran)).toContain('false denial')
  })
  test('where nothing is said and it does not run', () => {
    expect(faultsOf(notFound, ours('pass'), missing)).toContain('miss')
    expect(faultsOf(inLayers('ErrImagePull'), ours('pass'), missing)).toEqual([])
  })
  test('where there is a warning, and the row does not say why it cannot be known', () => {
    expect(faultsOf(notFound, ours('warn', 'registry-error'), missing)).toContain('unexplained doubt')
    expect(faultsOf(warned, ours('warn', 'registry-error'), failing('unexpected status'))).toEqual([])
  })
  test('where the node names another cause', () => {
    expect(faultsOf(denied, ours('deny', 'denied'), missing)).toEqual(['other cause'])
    expect(faultsOf(denied, ours('deny', 'denied'), refused)).toEqual([])
  })
  test('where the row says otherwise of us, or of the node', () => {
    expect(faultsOf(notFound, ours('deny', 'denied'), refused)).toEqual(['not as the row says of us'])
    expect(faultsOf(runs, ours('pass'), refused)).toEqual(['miss', 'not as the row says of the node'])
    expect(faultsOf(runs, ours('pass'), ran)).toEqual([])
  })
})

const podWith = (state: object) => ({ status: { containerStatuses: [{ name: 'other' }, { name: 'c', state }] } })

describe('how a pod ended', () => {
  test.each<[string, object, Ended['end'] | undefined]>([
    ['is not known before it began', { waiting: { reason: 'ContainerCreating' } }, undefined],
    ['is not known while it runs', { running: {} }, undefined],
    ['is well with 0', { terminated: { exitCode: 0, reason: 'Completed' } }, 'runs'],
    [
      'is told by its log',
      { terminated: { exitCode: 1, message: 'exec /app: exec format error' } },
      'exec format error',
    ],
    [
      'is one failure, whether it is tried again or waited for',
      { waiting: { reason: 'ImagePullBackOff' } },
      'ErrImagePull',
    ],
    [
      'is a bad secret in the words of the decoder',
      { waiting: { reason: 'illegal base64 data at input byte 4' } },
      'undecodable secret',
    ],
    ['is unknown where nobody knows the words', { waiting: { reason: 'Curious' } }, 'unknown end'],
  ])('%s', (_, state, end) => {
    expect(endOf(podWith(state), false)?.end).toBe(end)
  })
})
