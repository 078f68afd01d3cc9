import { deploymentWith, reviewOf } from '../support/reviews.ts'

/** A review as large as real ones are: managed fields and the last applied configuration weigh more than the object. */
export const review = (image: string): string => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'x'.repeat(2000) }
  const managedFields = Array.from({ length: 10 }, (_, index) => ({
    manager: `m${index}`,
    fieldsV1: { 'f:spec': 'x'.repeat(400) },
  }))
  return JSON.stringify(reviewOf(deploymentWith(image, { metadata: { name: 'web', annotations, managedFields } })))
}
