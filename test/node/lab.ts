import { setTimeout as wait } from 'node:timers/promises'
import { asText, propertyAt } from '../../src/lib/untrusted.ts'
import type { KubeClient, KubeObject } from '../cluster/real/client.ts'
import { createLabSecrets } from './lab-secrets.ts'
import type { MachineAccess } from './machine/machine.ts'
import { must } from './must.ts'
import type { Asker, Ours } from './ours.ts'
import { type CasePod, type PodTerms, podOf } from './pods.ts'
import type { Case } from './row.ts'
import type { PodSecret } from './secrets.ts'
import { type Ended, endOf } from './settle.ts'
import { filledIn, type Surroundings } from './texts.ts'

/** Where cases are tried out. */
export interface Lab {
  /** Makes the secrets of a case, and the account that has them. */
  readonly prepare: (row: Case) => Promise<void>
  /** Makes one pod that names all secrets, so that the node may read them before the first pull. */
  readonly hold: () => Promise<void>
  readonly ask: (row: Case, around: Surroundings) => Promise<Ours>
  readonly run: (row: Case, around: Surroundings) => Promise<Ended>
  /** Has the node get an image before the case: by an earlier pod with these secrets. */
  readonly pullBefore: (row: Case, image: string, secrets: readonly PodSecret[]) => Promise<void>
  /** The events of the pods, by the pods' names. */
  readonly events: () => Promise<ReadonlyMap<string, readonly string[]>>
}

/** What a lab is made of. */
export interface LabOptions {
  readonly client: KubeClient
  readonly machine: MachineAccess
  readonly asker: Asker
  readonly namespace: string
  readonly base: PodTerms['base']
  /** Told of what takes long. */
  readonly log: (text: string) => void
}

const lookEveryMs = 150
const quickMs = 180_000
const slowMs = 300_000

/** Opens a lab in a namespace of its own. */
export const openLab = async ({ client, machine, asker, namespace, base, log }: LabOptions): Promise<Lab> => {
  const terms: PodTerms = { namespace, node: machine.name, base }
  must('the namespace', await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }))
  await client.until('v1', 'ServiceAccount', 'default', namespace, () => true, 30_000)

  const { held, makeAll, listOf } = createLabSecrets(client, namespace)

  const casePod = (row: Case, image: string, secrets = listOf(row, 'pod', row.secrets)): CasePod =>
    podOf(row, { image, secrets, account: row.account && row.id }, terms)

  const textOf = (row: Case, around: Surroundings): string => filledIn(row.image ?? '$:1', around, row)

  const podPath = (name: string): string => `/api/v1/namespaces/${namespace}/pods/${name}`

  const until = async (row: Case, name: string): Promise<Ended> => {
    const patienceMs = row.isSlow === true ? slowMs : quickMs
    const began = performance.now()
    for (;;) {
      const { body } = await client.request('GET', podPath(name))
      const found = endOf(body, row.role === 'sidecar')
      if (found !== undefined) return found
      if (performance.now() - began > patienceMs)
        return { end: 'unknown end', words: `not settled: ${JSON.stringify(propertyAt(body, 'status'))}` }
      await wait(lookEveryMs)
    }
  }

  const addEphemeral = async (
    name: string,
    container: Readonly<Record<string, unknown>>,
    isTry: boolean,
  ): Promise<unknown> => {
    const path = `${podPath(name)}/ephemeralcontainers${isTry ? '?dryRun=All' : ''}`
    const patch = { spec: { ephemeralContainers: [container] } }
    return must(
      'an ephemeral container',
      await client.request('PATCH', path, patch, 'application/strategic-merge-patch+json'),
    )
  }

  const start = async (pod: KubeObject): Promise<void> => void must(pod.metadata.name, await client.create(pod))

  const end = (name: string): Promise<void> =>
    client.remove({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } }, 1)

  const secretEvents = async (name: string): Promise<readonly string[]> => {
    const events = await client.list('v1', 'Event', namespace, `fieldSelector=involvedObject.name%3D${name}`)
    return events.flatMap(event =>
      event['reason'] === 'FailedToRetrieveImagePullSecret' ? [asText(event['message']) ?? ''] : [],
    )
  }

  /** The node may have missed a secret that is there: then what it did counts for nothing. */
  const missedSecret = async (row: Case): Promise<boolean> => {
    const all = [...(row.secrets ?? []), ...(row.account ?? [])]
    if (!all.some(({ kind }) => kind === 'secret')) return false
    const messages = (await secretEvents(row.id)).join(' ')
    return held.some(name => name.startsWith(`${row.id}-`) && messages.includes(name))
  }

  const runOnce = async (row: Case, image: string): Promise<Ended> => {
    const { pod, ephemeral } = casePod(row, image)
    const name = row.id
    if (row.role !== 'ephemeral') await start(pod)
    else await addEphemeral(name, ephemeral ?? {}, false)
    const settled = await until(row, name)
    await end(name)
    return settled
  }

  return {
    prepare: async row => {
      await makeAll(row, 'pod', row.secrets)
      await makeAll(row, 'account', row.account)
      if (Array.isArray(row.held?.by)) await makeAll(row, 'earlier', row.held.by as readonly PodSecret[])
      if (row.account === undefined) return
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: row.id, namespace } }
      must('an account', await client.create({ ...account, imagePullSecrets: listOf(row, 'account', row.account) }))
    },
    hold: async () => {
      const container = { name: 'c', image: 'open.test/never/held:1', imagePullPolicy: 'Never' }
      const { pod } = podOf(
        { id: 'holder', name: '', expect: { codes: [], end: 'runs' }, container },
        { image: '', secrets: held.map(name => ({ name })), account: undefined },
        terms,
      )
      await start(pod)
      await until({ id: 'holder', name: '', expect: { codes: [], end: 'runs' } }, 'holder')
    },
    ask: async (row, around) => {
      const { pod, ephemeral } = casePod(row, textOf(row, around))
      if (ephemeral === undefined) return asker.ask(must(row.id, await client.create(pod, true)), namespace)
      await start(pod)
      await client.until(
        'v1',
        'Pod',
        row.id,
        namespace,
        each => propertyAt(each, 'status', 'phase') === 'Running',
        quickMs,
      )
      return asker.ask(await addEphemeral(row.id, ephemeral, true), namespace)
    },
    run: async (row, around) => {
      const image = textOf(row, around)
      const first = await runOnce(row, image)
      if (!(await missedSecret(row))) return first
      log(`${row.id}: the node missed a secret; once more`)
      return runOnce(row, image)
    },
    pullBefore: async (row, image, secrets) => {
      const { policy: _, secrets: __, ...others } = row
      const earlier: Case = { ...others, id: `${row.id}-earlier` }
      const { pod } = podOf(earlier, { image, secrets: listOf(row, 'earlier', secrets), account: undefined }, terms)
      await start(pod)
      const settled = await until(earlier, earlier.id)
      await end(earlier.id)
      if (settled.end !== 'runs') throw new Error(`${row.id}: the earlier pod did not run: ${settled.words}`)
    },
    events: async () => {
      const all = await client.list('v1', 'Event', namespace)
      const byPod = new Map<string, string[]>()
      for (const event of all) {
        const name = asText(propertyAt(event, 'involvedObject', 'name')) ?? ''
        const line = `${asText(event['reason']) ?? ''}: ${asText(event['message']) ?? ''}`
        byPod.set(name, [...(byPod.get(name) ?? []), line])
      }
      return byPod
    },
  }
}
