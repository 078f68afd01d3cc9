import type { TestProject } from 'vitest/node'
import { isInNamespace, nameHost } from '../../node/machine/names.ts'
import { startWhole } from '../../node/machine/whole.ts'
import type { StandingNotes } from './standing-cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    standing: StandingNotes
  }
}

const addresses = {
  open: { address: '192.0.2.11', port: 5000 },
  private: { address: '192.0.2.12', port: 5001 },
} as const

const seconds = (sinceMs: number): string => ((performance.now() - sinceMs) / 1000).toFixed(1)

const settingUpMs = 180_000

/** Starts the one cluster of all tests of the project `kubernetes`, and tells them where it is. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  if (!isInNamespace()) throw new Error('these tests run inside test/cluster/real/in-namespace: npm run kubernetes')
  const began = performance.now()
  await nameHost('registry.test', addresses.open.address)
  await nameHost('private.test', addresses.private.address)
  const names = { open: 'registry.test:5000', private: 'private.test:5001' }
  const whole = await startWhole({ addresses, names }, AbortSignal.timeout(settingUpMs))
  console.log(`a whole cluster was ready in ${seconds(began)} s`)
  const { cluster, machine } = whole
  const { name, certsD, registries, containerdSocket, logs } = machine
  project.provide('standing', {
    url: cluster.url,
    folder: cluster.folder,
    machine: { name, certsD, registries, containerdSocket, logs },
  })
  return whole.close
}
