import type { PodSources, ReadObject } from '../credentials/pod-secrets.ts'
import { fail, ok } from '../lib/result.ts'
import type { Holding, Named } from './manifest/holdings.ts'

type Of<K extends Holding['kind']> = Extract<Holding, { readonly kind: K }>

const key = (namespace: string, name: string): string => `${namespace}/${name}`

/**
 * Finds what is called so: in the namespace itself, else where one of both leaves the namespace to whoever applies it.
 * Of two of the same name the last one counts, as though they were applied one after another.
 */
const createFind = <T extends Named>(all: readonly T[]): ((namespace: string, name: string) => T | undefined) => {
  const exact = new Map(all.map(each => [key(each.namespace, each.name), each]))
  const byName = new Map(all.map(each => [each.name, each]))
  return (namespace, name) =>
    exact.get(key(namespace, name)) ?? (namespace === '' ? byName.get(name) : exact.get(key('', name)))
}

const isOf =
  <K extends Holding['kind']>(kind: K) =>
  (holding: Holding): holding is Of<K> =>
    holding.kind === kind

const nowhere: PodSources = {
  secret: async () => fail('unreadable'),
  accountSecrets: async () => fail('unreadable'),
}

/**
 * Where the secrets of manifests' pods come from: from the manifests beside them, then from the cluster, where one is known.
 * What is in neither may be in a cluster that we know nothing of, so that it is never said to be missing.
 */
export const manifestSources = (holdings: readonly Holding[], cluster: PodSources = nowhere): PodSources => {
  const secrets = createFind(holdings.filter(isOf('secret')))
  const elsewhere = createFind(holdings.filter(isOf('elsewhere')))
  const accounts = createFind(holdings.filter(isOf('account')))

  const secret: PodSources['secret'] = async (namespace, name, anew, signal) => {
    const held = secrets(namespace, name)
    if (held !== undefined) return ok(held.secret)
    const found = await cluster.secret(namespace, name, anew, signal)
    // Its content is made by a controller, which may not have seen it yet.
    return !found.ok && elsewhere(namespace, name) !== undefined ? fail('unreadable') : found
  }
  const accountSecrets: ReadObject<readonly string[]> = async (namespace, name, anew, signal) => {
    const held = accounts(namespace, name)
    return held === undefined ? cluster.accountSecrets(namespace, name, anew, signal) : ok(held.imagePullSecrets)
  }
  return { secret, accountSecrets }
}
