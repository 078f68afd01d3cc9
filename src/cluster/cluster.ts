import type { RequestToken } from '../credentials/provider/puller.ts'
import { createRequestToken } from './account-token.ts'
import { type ApiServer, createApiServer } from './api-server.ts'
import type { FollowEvent } from './follow.ts'
import { followNamespaces } from './follow-namespaces.ts'
import { followNodes } from './follow-nodes.ts'
import { followRuntimeClasses } from './follow-runtime-classes.ts'
import type { ClusterAccess } from './identity.ts'
import type { Namespaces } from './namespaces.ts'
import type { Nodes } from './nodes.ts'
import { createSecrets } from './read-secrets.ts'
import { createServiceAccounts } from './read-service-accounts.ts'
import type { RuntimeClasses } from './runtime-classes.ts'
import type { Secrets } from './secrets.ts'
import type { ServiceAccounts } from './service-accounts.ts'
import { type Wait, waitByClock } from './wait.ts'

/** What is known of a cluster, and can be asked of it. */
export interface Cluster {
  readonly secrets: Secrets
  readonly serviceAccounts: ServiceAccounts
  readonly nodes: Nodes
  readonly namespaces: Namespaces
  readonly runtimeClasses: RuntimeClasses
  readonly requestToken: RequestToken
  /** For what is written, and for the one who writes it. */
  readonly api: Omit<ApiServer, 'close' | 'watch'>
  readonly close: () => Promise<void>
}

/** Options of a cluster. */
export interface ClusterOptions {
  readonly access: ClusterAccess
  readonly userAgent: string
  /** For how long a Secret or a ServiceAccount is taken to be as it was. */
  readonly foundSeconds: number
  readonly nowMs: () => number
  readonly random: () => number
  readonly wait?: Wait
  /** Told how the following of each of them goes. */
  readonly observe: (event: FollowEvent) => void
}

const mebibyte = 1024 * 1024
// A Secret has 1 MiB at the most, and pull secrets some hundred bytes.
const kept = { entries: 2000, bytes: 16 * mebibyte }
// Of a review's few seconds the registries need the most.
const lookupMs = 3000
// As the client-go's informers have it.
const pageSize = 500
const pageMs = 30_000
const patienceMs = 15_000
const headMs = 30_000

/** Connects to a cluster: begins to follow nodes, namespaces and RuntimeClasses, and waits for nothing. */
export const openCluster = (options: ClusterOptions): Cluster => {
  const { access, userAgent, foundSeconds, nowMs, random, wait = waitByClock, observe } = options
  const api = createApiServer({ access, userAgent, headMs })
  const lookups = { seconds: foundSeconds, ...kept, mostMs: lookupMs, nowMs, wait }
  const followed = { pageSize, pageMs, patienceMs, nowMs, random, wait, observe }
  const nodes = followNodes(api, followed)
  const namespaces = followNamespaces(api, { ...lookups, ...followed })
  const runtimeClasses = followRuntimeClasses(api, followed)
  return {
    secrets: createSecrets(api, lookups),
    serviceAccounts: createServiceAccounts(api, lookups),
    nodes,
    namespaces,
    runtimeClasses,
    requestToken: createRequestToken(api),
    api,
    close: async () => {
      await Promise.all([nodes.close(), namespaces.close(), runtimeClasses.close()])
      api.close()
    },
  }
}
