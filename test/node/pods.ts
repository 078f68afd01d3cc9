import type { KubeObject } from '../cluster/real/client.ts'
import type { Case } from './row.ts'

type Json = Readonly<Record<string, unknown>>

/** What pods of a run have in common. */
export interface PodTerms {
  readonly namespace: string
  /** The node that they are for. */
  readonly node: string
  /** Images that are there and run: one that ends at once, and one that waits. */
  readonly base: { readonly ending: string; readonly waiting: string }
}

/** A pod, and where in it the image of the case is. */
export interface CasePod {
  readonly pod: KubeObject
  /** An ephemeral container is added to a pod that runs. */
  readonly ephemeral: Json | undefined
}

// A container that ends is not started again; what it wrote when it failed stands in its status.
const common: Json = { terminationMessagePolicy: 'FallbackToLogsOnError' }

const containerOf = (row: Case, image: string): Json => ({
  ...common,
  name: 'c',
  image,
  ...(row.policy === undefined ? {} : { imagePullPolicy: row.policy }),
  ...row.container,
})

const partsOf = (row: Case, image: string, { base }: PodTerms): Json => {
  const own = containerOf(row, image)
  const other = { ...common, name: 'other', image: base.ending, imagePullPolicy: 'IfNotPresent' }
  const volume = {
    name: 'v',
    image: { reference: image, ...(row.policy === undefined ? {} : { pullPolicy: row.policy }) },
  }
  const mounting = { ...other, name: 'c' }
  switch (row.role ?? 'container') {
    case 'container':
      return { containers: [own] }
    case 'second container':
      return { containers: [other, own] }
    case 'init':
      return { initContainers: [own], containers: [other] }
    case 'sidecar':
      return { initContainers: [{ ...own, restartPolicy: 'Always' }], containers: [other] }
    case 'ephemeral':
      return { containers: [{ ...other, image: base.waiting }] }
    case 'volume':
      return { containers: [{ ...mounting, volumeMounts: [{ name: 'v', mountPath: '/v' }] }], volumes: [volume] }
    case 'unmounted volume':
      return { containers: [mounting], volumes: [volume] }
  }
}

/** The pod of a case. `secrets`: the names in its list; `account`: its ServiceAccount, if that is not the default one. */
export const podOf = (
  row: Case,
  {
    image,
    secrets,
    account,
  }: { readonly image: string; readonly secrets: readonly Json[]; readonly account: string | undefined },
  terms: PodTerms,
): CasePod => ({
  pod: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: row.id, namespace: terms.namespace },
    spec: {
      ...partsOf(row, image, terms),
      nodeSelector: { 'kubernetes.io/hostname': terms.node },
      tolerations: [{ key: 'pullgate.dev/corpus', operator: 'Exists' }],
      hostNetwork: true,
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      ...(secrets.length === 0 ? {} : { imagePullSecrets: secrets }),
      ...(account === undefined ? {} : { serviceAccountName: account }),
      ...row.pod,
    },
  },
  ephemeral: row.role === 'ephemeral' ? containerOf(row, image) : undefined,
})
