import type { RequestToken } from '../credentials/provider/puller.ts'
import { asText, propertyAt } from '../lib/untrusted.ts'
import type { ApiServer } from './api-server.ts'
import { isNamespaceName, isObjectName } from './object-name.ts'

/** Makes what requests tokens of ServiceAccounts for credential providers. A node's are bound to the pod; there is none yet. */
export const createRequestToken =
  (api: Pick<ApiServer, 'post'>): RequestToken =>
  async ({ namespace, serviceAccount, audience }, signal) => {
    if (!isNamespaceName(namespace) || !isObjectName(serviceAccount)) return undefined
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [audience] } }
    const answer = await api.post(path, request, signal)
    return answer.ok ? asText(propertyAt(answer.value, 'status', 'token')) : undefined
  }
