/** Why there is no way to a cluster. */
export type NoCluster =
  /** Nothing names one: no kubeconfig, and not inside a cluster. */
  | { readonly kind: 'none' }
  /** A context was wanted, and there is no kubeconfig that could have it. */
  | { readonly kind: 'no-kubeconfig'; readonly wanted: string }
  | { readonly kind: 'unreadable'; readonly file: string; readonly code: string }
  | { readonly kind: 'malformed'; readonly file: string }
  | { readonly kind: 'no-context'; readonly wanted: string | undefined; readonly known: readonly string[] }
  /** The context names a cluster or a user that no file has. */
  | { readonly kind: 'incomplete'; readonly context: string; readonly lacks: 'cluster' | 'user' }
  | { readonly kind: 'bad-server'; readonly context: string }

const mostNames = 10

const contextSentence = (wanted: string | undefined, known: readonly string[]): string => {
  const names = known.slice(0, mostNames).join(', ') + (known.length > mostNames ? ', …' : '')
  const there = known.length === 0 ? 'The kubeconfig has no contexts.' : `There are: ${names}.`
  return wanted === undefined
    ? `The kubeconfig names no current context. ${there} Choose one with "kubectl config use-context".`
    : `The kubeconfig has no context "${wanted}". ${there}`
}

/** A sentence for whoever wanted a cluster. */
export const noClusterSentence = (problem: NoCluster): string => {
  switch (problem.kind) {
    case 'none':
      return 'No cluster is known: KUBECONFIG is not set, there is no ~/.kube/config, and this is not a pod with a ServiceAccount token.'
    case 'no-kubeconfig':
      return `There is no context "${problem.wanted}": KUBECONFIG is not set, and there is no ~/.kube/config.`
    case 'unreadable':
      return `The kubeconfig ${problem.file} cannot be read (${problem.code}).`
    case 'malformed':
      return `${problem.file} is not a kubeconfig: check it with "kubectl config view --kubeconfig ${problem.file}".`
    case 'no-context':
      return contextSentence(problem.wanted, problem.known)
    case 'incomplete':
      return `The context "${problem.context}" of the kubeconfig names a ${problem.lacks} that is not in it.`
    case 'bad-server':
      return `The server of the context "${problem.context}" is no https:// address.`
  }
}
