import { fail, ok, type Result } from '../lib/result.ts'
import { asRecord, asText, ownProperty } from '../lib/untrusted.ts'

/** What the API server asks, as far as it decides anything here. */
export interface Review {
  readonly uid: string
  readonly operation: string
  readonly group: string
  readonly kind: string
  /** '' or, of a pod, `ephemeralcontainers`. */
  readonly subResource: string
  readonly namespace: string
  readonly object: unknown
  /** Nothing is kept of it: it is asked how it would go. */
  readonly dryRun: boolean
  /** Null unless something is updated or deleted. */
  readonly oldObject: unknown
}

type Fields = Readonly<Record<string, unknown>>

const field = (record: Fields | undefined, name: string): unknown => record && ownProperty(record, name)
const text = (record: Fields | undefined, name: string): string => asText(field(record, name)) ?? ''

const version = 'admission.k8s.io/v1'

/** Reads the body of a request to the webhook; the reason of a failure is for whoever sent it. */
export const readReview = (body: unknown): Result<Review, string> => {
  const review = asRecord(body)
  if (review === undefined) return fail('the body is not a JSON object')
  if (text(review, 'kind') !== 'AdmissionReview')
    return fail('the body is not an AdmissionReview: its kind says otherwise')
  if (text(review, 'apiVersion') !== version) return fail(`the AdmissionReview is not of ${version}`)
  const request = asRecord(field(review, 'request'))
  if (request === undefined) return fail('the AdmissionReview has no request')
  const uid = text(request, 'uid')
  if (uid === '') return fail('the request has no uid')
  const kind = asRecord(field(request, 'kind'))
  return ok({
    uid,
    operation: text(request, 'operation'),
    group: text(kind, 'group'),
    kind: text(kind, 'kind'),
    subResource: text(request, 'subResource'),
    namespace: text(request, 'namespace'),
    dryRun: field(request, 'dryRun') === true,
    object: field(request, 'object'),
    oldObject: field(request, 'oldObject'),
  })
}
