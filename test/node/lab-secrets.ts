import type { KubeClient } from '../cluster/real/client.ts'
import { must } from './must.ts'
import type { Case } from './row.ts'
import type { PodSecret } from './secrets.ts'
import { secretText } from './texts.ts'

/** The secrets of a lab, by the cases that have them. */
export interface LabSecrets {
  /** The names of all that were made. */
  readonly held: readonly string[]
  /** Makes secrets of a kind for a case: of its pod, of its account, or of an earlier pod. */
  readonly makeAll: (row: Case, kind: string, secrets?: readonly PodSecret[]) => Promise<void>
  /** How a list of pull secrets names them. */
  readonly listOf: (row: Case, kind: string, secrets?: readonly PodSecret[]) => readonly { readonly name?: string }[]
}

const nameOf = (row: Case, kind: string, at: number): string => `${row.id}-${kind}-${at}`

/** Makes secrets in a namespace. */
export const createLabSecrets = (client: KubeClient, namespace: string): LabSecrets => {
  const held: string[] = []
  const make = async (row: Case, secret: PodSecret, name: string): Promise<void> => {
    if (secret.kind !== 'secret') return
    const { type, key, text } = secret
    const data = { [key]: Buffer.from(secretText(text, row)).toString('base64') }
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, data }
    must(`the secret of ${row.id}`, await client.create(object))
    held.push(name)
  }
  return {
    held,
    makeAll: async (row, kind, secrets = []) => {
      await Promise.all(secrets.map((secret, at) => make(row, secret, nameOf(row, kind, at))))
    },
    listOf: (row, kind, secrets = []) =>
      secrets.map((secret, at) => (secret.kind === 'nameless' ? {} : { name: nameOf(row, kind, at) })),
  }
}
