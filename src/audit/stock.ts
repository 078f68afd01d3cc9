import type { ApiFailure } from '../cluster/api-failure.ts'
import type { ApiServer } from '../cluster/api-server.ts'
import { listPatiently, type PatientOptions } from '../cluster/list-patiently.ts'
import { isNamespaceName } from '../cluster/object-name.ts'
import { isPassing, patiently } from '../cluster/patiently.ts'
import { type ServedKind, servedKinds } from '../cluster/served-kinds.ts'
import { endingIn } from '../lib/deadline.ts'
import { ok, type Result } from '../lib/result.ts'
import { asText, propertyAt } from '../lib/untrusted.ts'
import type { Kind } from '../workload/kinds.ts'
import { type Forbidden, forbiddenIn, forbiddenSentences } from './gaps.ts'
import { createInventory, type Owned } from './inventory.ts'

/** What of a cluster is looked at. */
export interface Scope {
  readonly namespaces: readonly string[] | 'all'
  /** Of labels, as kubectl's `--selector` takes it. */
  readonly selector: string | undefined
}

/** How a cluster is read. */
export interface StockOptions extends Omit<PatientOptions, 'path' | 'api'> {
  readonly api: Pick<ApiServer, 'get'>
  readonly kinds: readonly Kind[]
  /** API groups that could not be listed again and again: they are asked once, and nobody waits for them. */
  readonly troubled: ReadonlySet<string>
}

/** What there is, and sentences about what could not be seen. */
export interface Stock {
  readonly owners: readonly Owned[]
  readonly gaps: readonly string[]
  /** Those that concern one namespace. */
  readonly gapsIn: (namespace: string) => readonly string[]
  /** Whether something is missing that may be there at the next try. */
  readonly isBroken: boolean
  /** The API groups in which it is missing. */
  readonly troubled: ReadonlySet<string>
}

// Its pods are somebody else's, and while nobody makes any nothing is pulled for it.
const isLive = ({ kind }: ServedKind): boolean => !(kind.group === '' && kind.kind === 'PodTemplate')

const isLink = ({ group, kind }: Kind): boolean =>
  (group === 'apps' && kind === 'ReplicaSet') || (group === 'batch' && kind === 'Job')

const namespaceOf = (object: unknown): string => asText(propertyAt(object, 'metadata', 'namespace')) ?? ''

/** Lists the workloads and the pods that a cluster has, in pages; what may not be listed keeps nobody from the rest. */
export const takeStock = async (
  { kinds, troubled, ...options }: StockOptions,
  { namespaces, selector }: Scope,
  signal: AbortSignal,
): Promise<Result<Stock, ApiFailure>> => {
  const failing = new Set<string>(troubled)
  // A group that has failed once keeps nobody waiting again.
  const triesIn = (group: string): number | undefined => (failing.has(group) ? 1 : undefined)
  const groupIn = (path: string): string => /^\/apis\/([^/]+)/.exec(path)?.[1] ?? ''
  const get: ApiServer['get'] = (path, over) =>
    patiently(
      { ...options, mostTries: triesIn(groupIn(path)) },
      () => options.api.get(path, endingIn(options.pageMs, over)),
      over,
    )
  const served = await servedKinds({ get }, kinds, signal)
  if (!served.ok) return served
  const { untold } = served.value
  const inventory = createInventory(kinds)
  const forbidden: Forbidden[] = untold.map(each => ({ ...each, namespace: undefined }))
  const giveUp = (kind: Kind, namespace: string | undefined, failure: ApiFailure): void => {
    forbidden.push({ kind, namespace, failure })
    if (isPassing(failure)) failing.add(kind.group)
  }

  const list = (path: string, { kind }: ServedKind): ReturnType<typeof listPatiently> => {
    // A chain of owners is whole only if all its links are there.
    const chosen = { ...options, path, selector: isLink(kind) ? undefined : selector, mostTries: triesIn(kind.group) }
    return listPatiently(chosen, object => inventory.take(object, kind, namespaceOf(object)), signal)
  }
  const listIn = async (namespace: string, each: ServedKind): Promise<void> => {
    const listed = await list(`${each.base}/namespaces/${namespace}/${each.kind.resource}`, each)
    if (!listed.ok) giveUp(each.kind, namespace, listed.error)
  }
  const everyNamespace = namesOf(options, signal)
  const listEverywhere = async (each: ServedKind): Promise<void> => {
    const listed = await list(`${each.base}/${each.kind.resource}`, each)
    if (listed.ok) return
    const names = listed.error.kind === 'forbidden' && each.kind.namespaced ? await everyNamespace() : undefined
    if (!names?.ok) return giveUp(each.kind, undefined, listed.error)
    for (const namespace of names.value) await listIn(namespace, each)
  }
  for (const each of served.value.served.filter(isLive)) {
    if (signal.aborted) break
    if (namespaces === 'all') await listEverywhere(each)
    else if (each.kind.namespaced) for (const namespace of namespaces) await listIn(namespace, each)
  }
  const broken = forbidden.filter(({ failure }) => isPassing(failure))
  return ok({
    owners: inventory.owners(),
    gaps: forbiddenSentences(forbidden),
    gapsIn: namespace => forbiddenIn(forbidden, namespace),
    isBroken: signal.aborted || broken.length > 0,
    troubled: new Set(broken.map(({ kind }) => kind.group)),
  })
}

/** The names of the namespaces; listed once, and only when it is needed. */
const namesOf = (options: Omit<StockOptions, 'kinds' | 'troubled'>, signal: AbortSignal) => {
  let asked: Promise<Result<readonly string[], ApiFailure>> | undefined
  const ask = async (): Promise<Result<readonly string[], ApiFailure>> => {
    const names = new Set<string>()
    const take = (object: unknown): void => void names.add(asText(propertyAt(object, 'metadata', 'name')) ?? '')
    const listed = await listPatiently({ ...options, path: '/api/v1/namespaces' }, take, signal)
    return listed.ok ? ok([...names].filter(isNamespaceName)) : listed
  }
  return () => {
    asked ??= ask()
    return asked
  }
}
