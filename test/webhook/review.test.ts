import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readReview } from '../../src/webhook/review.ts'

const request = {
  uid: 'u1',
  kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
  operation: 'CREATE',
  namespace: 'shop',
  object: { kind: 'Deployment' },
  oldObject: null,
}
const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }

describe('a review', () => {
  test('is read as far as it decides anything', () => {
    expect(readReview(review)).toEqual({
      ok: true,
      value: {
        uid: 'u1',
        operation: 'CREATE',
        group: 'apps',
        kind: 'Deployment',
        subResource: '',
        namespace: 'shop',
        dryRun: false,
        object: { kind: 'Deployment' },
        oldObject: null,
      },
    })
  })

  test.each([
    ['text', 'hello', 'the body is not a JSON object'],
    ['nothing', null, 'the body is not a JSON object'],
    ['a list', [review], 'the body is not a JSON object'],
    ['another kind', { ...review, kind: 'Pod' }, 'the body is not an AdmissionReview: its kind says otherwise'],
    [
      'an older version',
      { ...review, apiVersion: 'admission.k8s.io/v1beta1' },
      'the AdmissionReview is not of admission.k8s.io/v1',
    ],
    ['a review without a request', { ...review, request: undefined }, 'the AdmissionReview has no request'],
    ['a request without a uid', { ...review, request: { ...request, uid: 7 } }, 'the request has no uid'],
  ])('is none if it is %s', (_, body, reason) => {
    expect(readReview(body)).toEqual({ ok: false, error: reason })
  })

  test('is never the cause of an exception, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (a, b) => {
        readReview(a)
        readReview({ ...review, request: a })
        readReview({ ...review, request: { ...request, kind: a, object: b } })
      }),
    )
  })
})
