import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { MachineAccess } from '../../node/machine/machine.ts'
import { accessTo, type ClusterAccess } from './access.ts'
import { readAuthority } from './certificates.ts'

/** What the tests have to be told of the cluster that stands for all of them. */
export interface StandingNotes {
  readonly url: string
  readonly folder: string
  readonly machine: MachineAccess
}

/** The cluster that stands for all tests of the project `kubernetes`, with its node. */
export interface StandingCluster extends ClusterAccess {
  readonly machine: MachineAccess
}

/** Gives access to it. */
export const standingCluster = async (): Promise<StandingCluster> => {
  const { url, folder, machine } = inject('standing')
  const pem = (name: string): Promise<string> => readFile(join(folder, 'pki', name), 'utf8')
  const authority = await readAuthority({ cert: await pem('ca.crt'), key: await pem('ca.key') })
  return { ...(await accessTo({ url, folder, authority })), machine }
}
