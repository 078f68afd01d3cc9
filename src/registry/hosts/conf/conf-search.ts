import { isDomain } from '../../../image/grammar.ts'
import { fail, ok, type Result } from '../../../lib/result.ts'
import type { Complaint } from '../host-fields.ts'
import type { ConfTable } from './conf-fields.ts'
import { readLocation } from './conf-location.ts'
import { isKnownHost } from './names-registry.ts'

/** The registries that complete a name without one: hosts, without a path (pkg/sysregistriesv2, postProcessRegistries). */
export const readSearchRegistries = (root: ConfTable): Result<readonly string[] | undefined, Complaint> => {
  const fields = root.texts('unqualified-search-registries')
  if (!fields.ok || fields.value === undefined) return fields.ok ? ok(undefined) : fields
  const hosts: string[] = []
  for (const field of fields.value) {
    const host = readLocation(field)
    if (!host.ok) return host
    if (!isDomain(host.value) || !isKnownHost(host.value))
      return fail({ path: field.path, what: 'unqualified-search-registries must be hosts, each without a path' })
    hosts.push(host.value)
  }
  return ok(hosts)
}
