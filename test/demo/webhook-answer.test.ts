import { describe, expect, it } from 'vitest'
import { readWebhookAnswer } from '../../src/demo/webhook-answer.ts'

const review = (response: object): object => ({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response })

describe("a webhook's answer", () => {
  it('is an approval, with its warnings', () => {
    const answer = review({ uid: 'u', allowed: true, warnings: ['perhaps'] })
    expect(readWebhookAnswer(answer, 'u')).toEqual({ ok: true, value: { kind: 'allowed', warnings: ['perhaps'] } })
  })

  it('is a denial, with reason and message', () => {
    const answer = review({ uid: 'u', allowed: false, status: { code: 403, reason: 'Forbidden', message: 'no' } })
    const value = { kind: 'denied', warnings: [], reason: 'Forbidden', message: 'no' }
    expect(readWebhookAnswer(answer, 'u')).toEqual({ ok: true, value })
  })

  it('is a denial where it says nothing', () => {
    const value = { kind: 'denied', warnings: [], reason: '', message: '' }
    expect(readWebhookAnswer(review({ uid: 'u' }), 'u')).toEqual({ ok: true, value })
  })

  it.each([
    ['another document', { kind: 'Status' }],
    ['another version', { ...review({ uid: 'u', allowed: true }), apiVersion: 'admission.k8s.io/v1beta1' }],
    ['no document', null],
    ['the answer to another review', review({ uid: 'v', allowed: true })],
    ['a patch', review({ uid: 'u', allowed: true, patch: 'W10=' })],
    ["a patch's type, even an empty one", review({ uid: 'u', allowed: true, patchType: '' })],
  ])('is no answer where the API server takes it for none: %s', (_, document) => {
    expect(readWebhookAnswer(document, 'u').ok).toBe(false)
  })
})
