import { fail, ok, type Result } from '../lib/result.ts'
import { asList, asText, ownProperty, propertyAt } from '../lib/untrusted.ts'

/** What a webhook answered, as far as the API server makes use of it. */
export type WebhookAnswer =
  | { readonly kind: 'allowed'; readonly warnings: readonly string[] }
  | { readonly kind: 'denied'; readonly warnings: readonly string[]; readonly reason: string; readonly message: string }

/**
 * Reads the answer to the review `uid`, as strictly as the API server does
 * (apiserver pkg/admission/plugin/webhook/request/admissionreview.go VerifyAdmissionResponse).
 */
export const readWebhookAnswer = (document: unknown, uid: string): Result<WebhookAnswer, string> => {
  const response = ownProperty(document, 'response')
  const field = (...names: readonly string[]): unknown => propertyAt(response, ...names)
  if (
    ownProperty(document, 'apiVersion') !== 'admission.k8s.io/v1' ||
    ownProperty(document, 'kind') !== 'AdmissionReview'
  )
    return fail('the answer is not an AdmissionReview of admission.k8s.io/v1')
  if (field('uid') !== uid) return fail('the answer is to another review')
  if (field('patch') !== undefined || field('patchType') !== undefined)
    return fail('a validating webhook may not answer with a patch')
  const warnings = asList(field('warnings')).filter(warning => typeof warning === 'string')
  if (field('allowed') === true) return ok({ kind: 'allowed', warnings })
  const text = (name: string): string => asText(field('status', name)) ?? ''
  return ok({ kind: 'denied', warnings, reason: text('reason'), message: text('message') })
}
