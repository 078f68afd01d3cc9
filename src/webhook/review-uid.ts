import { jsonIn } from '../lib/json.ts'
import { asText, propertyAt } from '../lib/untrusted.ts'

// As the API server writes it: Go's JSON has the fields in the order of the type (k8s.io/api admission/v1 types.go).
const asWritten =
  /^\{"kind":"AdmissionReview","apiVersion":"admission\.k8s\.io\/v1","request":\{"uid":"([0-9a-f-]{36})"/

/** The uid of a review that is not read otherwise. */
export const reviewUid = (body: string): string | undefined =>
  asWritten.exec(body.slice(0, 200))?.[1] ?? asText(propertyAt(jsonIn(body), 'request', 'uid'))
