import type { ApiFailure } from '../cluster/api-failure.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { FollowEvent } from '../cluster/follow.ts'
import type { PodSources } from '../credentials/pod-secrets.ts'
import type { AccountSource } from '../credentials/provider/account-proof.ts'
import { deadlineIn } from '../lib/deadline.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { type ClusterChoice, connectCurrent } from './cluster.ts'

/** A cluster that a check asks. */
export interface CheckedCluster {
  readonly cluster: Cluster
  /** Reads what manifests leave to the one who applies them in the namespace that is meant. */
  readonly inNamespace: (sources: PodSources & AccountSource) => PodSources & AccountSource
}

/** Which cluster. */
export interface CheckedChoice extends ClusterChoice {
  readonly namespace: string | undefined
}

// The API server is near; who waits longer waits for one that is not there.
const settleMs = 10_000

const why = (failure: ApiFailure): string | undefined => {
  switch (failure.kind) {
    case 'forbidden':
      return failure.status === 401 ? 'it does not know you: log in again' : undefined
    case 'unreachable':
      return failure.problem === 'no-credentials'
        ? 'the kubeconfig gives no credentials: log in again'
        : 'it cannot be reached'
    case 'timed-out':
      return 'it does not answer'
    case 'missing':
    case 'bad-answer':
    case 'too-large':
      return 'it does not answer as an API server does'
    case 'expired':
    case 'busy':
      return undefined
  }
}

// Once may be an accident.
const mostFailures = 2

/** Hears of failures to list nodes, and calls back when there is no sense in waiting any longer. */
const createDoubt = (): { readonly observe: (event: FollowEvent) => void; readonly failed: Promise<ApiFailure> } => {
  const { promise, resolve } = Promise.withResolvers<ApiFailure>()
  let failures = 0
  const observe = (event: FollowEvent): void => {
    if (event.kind !== 'failed' || !event.path.endsWith('/nodes')) return
    failures += 1
    if (failures >= mostFailures) resolve(event.failure)
  }
  return { observe, failed: promise }
}

/** The sentence on a cluster that is of no use; undefined where it is of some. */
const problemOf = ({ nodes }: Cluster, failed: ApiFailure | undefined): string | undefined => {
  const standing = nodes.standing()
  if (standing.kind === 'synced' || standing.kind === 'behind') return undefined
  const failure = standing.kind === 'given-up' ? standing.failure : failed
  if (failure === undefined)
    return `The cluster gave no list of its nodes within ${settleMs / 1000} s: try "kubectl get nodes", or leave --cluster out.`
  const reason = why(failure)
  return reason === undefined
    ? undefined
    : `The cluster cannot be asked, ${reason}; try "kubectl get nodes", or leave --cluster out.`
}

/** Connects to the cluster of the current context, or of another; fails with a sentence on what to do. */
export const connectForCheck = async (choice: CheckedChoice): Promise<Result<CheckedCluster, string>> => {
  const { observe, failed } = createDoubt()
  const connected = await connectCurrent({ ...choice, log: () => undefined, observe })
  if (!connected.ok) return connected
  const cluster = connected.value
  const settled = deadlineIn(settleMs)
  const all = Promise.all([cluster.nodes.settled(settled), cluster.runtimeClasses.settled(settled)])
  const problem = problemOf(cluster, await Promise.race([all.then(() => undefined), failed]))
  if (problem !== undefined) {
    await cluster.close()
    return fail(problem)
  }
  if (cluster.nodes.current() === undefined)
    choice.log('The cluster does not let you list nodes: platforms are not judged.')
  const place = (namespace: string): string => namespace || (choice.namespace ?? 'default')
  return ok({
    cluster,
    inNamespace: sources => ({
      secret: (namespace, name, anew, signal) => sources.secret(place(namespace), name, anew, signal),
      accountSecrets: (namespace, name, anew, signal) => sources.accountSecrets(place(namespace), name, anew, signal),
      findAccount: (namespace, name, signal) => sources.findAccount(place(namespace), name, signal),
      requestToken: sources.requestToken,
    }),
  })
}
