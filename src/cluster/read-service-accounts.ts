import { asText, asTextMap, ownProperty, propertyAt } from '../lib/untrusted.ts'
import { secretNames } from '../workload/pull-as.ts'
import type { ApiServer } from './api-server.ts'
import { createLookup, type LookupOptions } from './lookup.ts'
import { isNamespaceName, isObjectName } from './object-name.ts'
import type { ServiceAccount, ServiceAccounts } from './service-accounts.ts'

/** Reads a ServiceAccount object. */
export const serviceAccountOf = (object: unknown): ServiceAccount | undefined => {
  if (ownProperty(object, 'kind') !== 'ServiceAccount') return undefined
  return {
    uid: asText(propertyAt(object, 'metadata', 'uid')) ?? '',
    imagePullSecrets: secretNames(ownProperty(object, 'imagePullSecrets')),
    annotations: asTextMap(propertyAt(object, 'metadata', 'annotations')),
  }
}

const bytesOf = ({ imagePullSecrets, annotations }: ServiceAccount): number =>
  [...imagePullSecrets, ...[...annotations].flat()].reduce((sum, text) => sum + 2 * text.length, 0)

const pathOf = (namespace: string, name: string): string | undefined =>
  isNamespaceName(namespace) && isObjectName(name)
    ? `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`
    : undefined

/** Makes the reader of the cluster's ServiceAccounts. */
export const createServiceAccounts = (api: Pick<ApiServer, 'get'>, options: LookupOptions): ServiceAccounts =>
  createLookup(api, { path: pathOf, read: serviceAccountOf, bytes: bytesOf, isKept: () => true }, options)
