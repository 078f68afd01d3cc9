import { fail, ok, type Result } from '../../../lib/result.ts'
import type { Complaint, Field } from '../host-fields.ts'

/** A location or prefix without the slashes at its end (pkg/sysregistriesv2, parseLocation). */
export const readLocation = ({ value, path }: Field<string>): Result<string, Complaint> => {
  if (/^https?:\/\//.test(value)) return fail({ path, what: 'a location has no scheme: leave out http:// or https://' })
  let end = value.length
  while (value[end - 1] === '/') end--
  return ok(value.slice(0, end))
}
