import { describe, expect, test } from 'vitest'
import { builtInKinds } from '../../src/workload/kinds.ts'
import { isBeingDeleted, isMirror, isOwned } from '../../src/workload/standing.ts'

const pod = { apiVersion: 'v1', kind: 'Pod' }
const replicaSet = { apiVersion: 'apps/v1', kind: 'ReplicaSet' }
const owner = (apiVersion: string, kind: string, controller: unknown = true): object => ({
  metadata: { ownerReferences: [{ apiVersion, kind, name: 'o', controller }] },
})

describe('an object', () => {
  test.each([
    ['a pod of a ReplicaSet', pod, owner('apps/v1', 'ReplicaSet'), true],
    [
      'a pod of a controller that is not known: it was not judged, but it must be able to heal',
      pod,
      owner('example.com/v1', 'Robot'),
      true,
    ],
    ['a pod that somebody owns who does not control it', pod, owner('apps/v1', 'ReplicaSet', false), false],
    ['a pod whose owner does not say that it controls it', pod, owner('apps/v1', 'ReplicaSet', 'true'), false],
    ['a pod of nobody', pod, {}, false],
    ['a ReplicaSet of a Deployment', replicaSet, owner('apps/v1', 'Deployment'), true],
    ['a Job of a CronJob', { apiVersion: 'batch/v1', kind: 'Job' }, owner('batch/v1', 'CronJob'), true],
    ['a ReplicaSet of a Rollout', replicaSet, owner('argoproj.io/v1alpha1', 'Rollout'), true],
    [
      'a Deployment that an operator made for its custom resource',
      { apiVersion: 'apps/v1', kind: 'Deployment' },
      owner('example.com/v1', 'Database'),
      false,
    ],
    [
      'a Deployment of a kind that only sounds like a known one',
      replicaSet,
      owner('example.com/v1', 'Deployment'),
      false,
    ],
    [
      'an object that calls itself Pod, of another group',
      { apiVersion: 'example.com/v1', kind: 'Pod' },
      owner('example.com/v1', 'Robot'),
      false,
    ],
    ['an object whose owners are no list', pod, { metadata: { ownerReferences: { controller: true } } }, false],
    ['an object whose owner is null', pod, { metadata: { ownerReferences: [null] } }, false],
  ])('is owned, or not: %s', (_, type, object, owned) => {
    expect(isOwned({ ...type, ...object }, builtInKinds)).toBe(owned)
  })

  test('is owned by its controller, whichever owner that is', () => {
    const [first, second] = [owner('example.com/v1', 'Robot', false), owner('apps/v1', 'Deployment')]
    const ownerReferences = [first, second].flatMap(
      object => (object as { metadata: { ownerReferences: object[] } }).metadata.ownerReferences,
    )
    expect(isOwned({ ...replicaSet, metadata: { ownerReferences } }, builtInKinds)).toBe(true)
  })

  test.each([
    ['a time of deletion', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }, true],
    ['no time of deletion', { metadata: {} }, false],
    ['none that is a text', { metadata: { deletionTimestamp: null } }, false],
  ])('is being deleted if it has %s', (_, object, deleted) => {
    expect(isBeingDeleted(object)).toBe(deleted)
  })

  const mirror = { metadata: { annotations: { 'kubernetes.io/config.mirror': '' } } }
  test.each([
    ['a pod with the annotation, whatever its value', { ...pod, ...mirror }, true],
    ['a pod without it', pod, false],
    [
      'a Deployment with it, for which it means nothing',
      { apiVersion: 'apps/v1', kind: 'Deployment', ...mirror },
      false,
    ],
  ])('is a mirror, or not: %s', (_, object, expected) => {
    expect(isMirror(object)).toBe(expected)
  })
})
