import { asTextMap, ownProperty, propertyAt } from '../lib/untrusted.ts'
import type { ApiServer } from './api-server.ts'
import { type Following, type FollowOptions, follow } from './follow.ts'
import { createLookup, type LookupOptions } from './lookup.ts'
import { modeLabel, type NamespaceMode, type Namespaces } from './namespaces.ts'
import { isNamespaceName } from './object-name.ts'
import { createShelf } from './shelf.ts'

/** What is kept of a namespace. */
interface Labelled {
  readonly mode: string | undefined
}

const labelledOf = (object: unknown): Labelled => ({
  mode: asTextMap(propertyAt(object, 'metadata', 'labels')).get(modeLabel),
})

const namespaceOf = (object: unknown): Labelled | undefined =>
  ownProperty(object, 'kind') === 'Namespace' ? labelledOf(object) : undefined

const modeIn = ({ mode }: Labelled): NamespaceMode =>
  mode === undefined ? { kind: 'none' } : { kind: 'label', value: mode }

const pathOf = (namespace: string): string | undefined =>
  isNamespaceName(namespace) ? `/api/v1/namespaces/${namespace}` : undefined

/** Follows the modes of the cluster's namespaces. One that was made a moment ago is asked for: the watch lags behind. */
export const followNamespaces = (
  api: Pick<ApiServer, 'get' | 'watch'>,
  options: FollowOptions & LookupOptions,
): Namespaces & Following => {
  const shelf = createShelf<Labelled>({ read: labelledOf, isSame: (a, b) => a.mode === b.mode })
  const following = follow(api, '/api/v1/namespaces', shelf, options)
  const wanted = {
    path: pathOf,
    read: namespaceOf,
    bytes: ({ mode = '' }: Labelled) => mode.length,
    isKept: () => true,
  }
  const lookup = createLookup<Labelled>(api, wanted, options)
  return {
    ...following,
    modeOf: async (namespace, signal) => {
      const known = following.standing().kind === 'synced' ? shelf.kept()?.get(namespace) : undefined
      if (known !== undefined) return modeIn(known)
      const found = await lookup.get(namespace, '', signal)
      return found.ok ? modeIn(found.value) : { kind: 'unknown', failure: found.error }
    },
  }
}
