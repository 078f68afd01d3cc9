import { fail, ok, type Result } from '../lib/result.ts'
import { propertyAt } from '../lib/untrusted.ts'
import type { ApiFailure } from './api-failure.ts'
import type { ApiServer } from './api-server.ts'

/** Something that we may be allowed to do. */
export interface Deed {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch'
  /** Empty: the core group. */
  readonly group: string
  readonly resource: string
  /** Undefined: the object itself. */
  readonly subresource?: string
  /** Undefined: in every namespace, or of none. */
  readonly namespace: string | undefined
  /** Undefined: to every object. */
  readonly name?: string
}

/** Asks the API server whether we may do something. */
export const mayWe = async (
  api: Pick<ApiServer, 'post'>,
  { verb, group, resource, subresource, namespace, name }: Deed,
  signal: AbortSignal,
): Promise<Result<boolean, ApiFailure>> => {
  const resourceAttributes = {
    ...{ verb, group, resource },
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  }
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  }
  const answer = await api.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review, signal)
  if (!answer.ok) return answer
  const allowed = propertyAt(answer.value, 'status', 'allowed')
  return typeof allowed === 'boolean' ? ok(allowed) : fail({ kind: 'bad-answer', status: 201 })
}
