import { asText, propertyAt } from '../../src/lib/untrusted.ts'
import type { KubeAnswer } from '../cluster/real/client.ts'

/** The body of an answer that says yes; throws the API server's own words where it says no. */
export const must = (what: string, { status, body }: KubeAnswer): unknown => {
  if (status >= 300) throw new Error(`${what}: ${status} ${asText(propertyAt(body, 'message')) ?? ''}`)
  return body
}
