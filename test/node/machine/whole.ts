import { type Cluster, startCluster } from '../../cluster/real/cluster.ts'
import { type NameServer, startNameServer } from '../../cluster/real/no-such-name.ts'
import { type Machine, startMachine } from './machine.ts'
import { type Registries, type RegistryAddresses, startRegistries } from './registries.ts'

/** A cluster with a node, its registries, and a name server that knows nobody. */
export interface Whole {
  readonly cluster: Cluster
  readonly machine: Machine
  readonly registries: Registries
  readonly close: () => Promise<void>
}

/** Where a whole cluster listens. */
export interface WholeOptions {
  readonly apiPort?: number
  readonly addresses: RegistryAddresses
  /** As references name the registries. */
  readonly names: { readonly open: string; readonly private: string }
}

/** Starts all of it; what has started is ended again where something does not. */
export const startWhole = async ({ apiPort, addresses, names }: WholeOptions, signal: AbortSignal): Promise<Whole> => {
  const started: { close: () => Promise<void> }[] = []
  const close = async (): Promise<void> => {
    for (const each of started.splice(0).toReversed()) await each.close()
  }
  const kept = async <T extends { close: () => Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const one = await starting
    started.push(one)
    return one
  }
  const start = async (): Promise<Omit<Whole, 'close'>> => {
    await kept<NameServer>(startNameServer())
    const registries = await kept(startRegistries(addresses, names, signal))
    const cluster = await kept(startCluster(apiPort === undefined ? {} : { port: apiPort }, signal))
    const machine = await kept(startMachine({ cluster, registries }, signal))
    return { cluster, machine, registries }
  }
  const running = await start().catch(async error => {
    await close()
    throw error
  })
  return { ...running, close }
}
