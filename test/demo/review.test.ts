import { describe, expect, it } from 'vitest'
import { cronJob, deployment, pod } from '../../src/demo/manifest.ts'
import { reviewOf } from '../../src/demo/review.ts'

const occasion = { uid: 'review-1', objectUid: 'object-1', now: new Date('2026-11-21T10:00:00.123Z') }

describe('a review', () => {
  it('is phrased as the API server phrases the creation of an object by kubectl apply', () => {
    const manifest = deployment('web', 'shop/web')
    const kind = { group: 'apps', version: 'v1', kind: 'Deployment' }
    const resource = { group: 'apps', version: 'v1', resource: 'deployments' }
    expect(reviewOf(manifest, occasion)).toMatchObject({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: 'review-1',
        kind,
        resource,
        requestKind: kind,
        requestResource: resource,
        name: 'web',
        namespace: 'shop',
        operation: 'CREATE',
        userInfo: { username: 'kubernetes-admin' },
        object: {
          ...manifest,
          metadata: { name: 'web', namespace: 'shop', uid: 'object-1', creationTimestamp: '2026-11-21T10:00:00Z' },
        },
        oldObject: null,
        dryRun: false,
      },
    })
  })

  it.each([
    [pod('web', 'shop/web'), '', 'pods'],
    [deployment('web', 'shop/web'), 'apps', 'deployments'],
    [cronJob('web', {}), 'batch', 'cronjobs'],
  ])('names the resource of the kind', (manifest, group, resource) => {
    expect(reviewOf(manifest, occasion)).toMatchObject({ request: { resource: { group, version: 'v1', resource } } })
  })

  it.each([
    ['latest, since no tag was given', 'shop/web', 'Always'],
    ['latest, said aloud', 'shop/web:latest', 'Always'],
    ['another tag', 'shop/web:1', 'IfNotPresent'],
    ['no reference at all', 'http://shop/web', 'IfNotPresent'],
  ])('carries the pull policy that the API server fills in for %s', (_, image, imagePullPolicy) => {
    const spec = { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', containers: [{ image, imagePullPolicy }] }
    expect(reviewOf(pod('web', image), occasion)).toMatchObject({ request: { object: { spec } } })
  })

  it('leaves what the user wrote as it is', () => {
    const containers = [{ name: 'a', image: 'shop/web', imagePullPolicy: 'Never' }]
    const manifest = cronJob('web', { containers, volumes: [{ name: 'v', image: { reference: 'm:1' } }] })
    const podSpec = { restartPolicy: 'Never', containers, volumes: [{ image: { reference: 'm:1' } }] }
    const spec = { jobTemplate: { spec: { template: { spec: podSpec } } } }
    expect(reviewOf(manifest, occasion)).toMatchObject({ request: { object: { spec } } })
  })
})
