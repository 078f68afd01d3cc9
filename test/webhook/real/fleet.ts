import { setTimeout as wait } from 'node:timers/promises'
import type { ClusterAccess } from '../../cluster/real/access.ts'
import { setEndpoints } from './installation.ts'
import { type Replica, startReplica } from './replica.ts'

/** How a replica ended that was asked to. */
export type Ended = Awaited<ReturnType<Replica['stop']>>

/** The replicas behind the Service, which come and go; the one that has served longest is the first. */
export interface Fleet {
  readonly replicas: () => readonly Replica[]
  /** Starts so many at once, and sends the API server to them. */
  readonly start: (count: number) => Promise<void>
  /** Starts one more. */
  readonly add: (serve?: object) => Promise<void>
  /**
   * Replaces the first one as a Deployment does: another one is ready before it is asked to end, and nobody is sent to it any more
   * as soon as it says that it is not ready. Over before it has ended.
   */
  readonly roll: (serve?: object) => Promise<{ readonly ended: Promise<Ended> }>
  /** Kills the first one; the API server is still sent to it. */
  readonly kill: () => Promise<void>
  /** Freezes the first one; the API server is still sent to it. */
  readonly freeze: () => void
  /** Sends the API server to those that are there. */
  readonly name: () => Promise<void>
  readonly killAll: () => Promise<void>
}

/** Makes a fleet without replicas, on these addresses. */
export const createFleet = (
  cluster: ClusterAccess,
  addresses: readonly string[],
  configuration: (serve?: object) => object,
): Fleet => {
  const [replicas, frozen]: [Replica[], Replica[]] = [[], []]
  const leaving = new Map<Replica, Promise<Ended>>()

  const freeAddress = async (): Promise<string> => {
    const taken = new Set([...replicas, ...frozen, ...leaving.keys()].map(({ address }) => address))
    const free = addresses.find(address => !taken.has(address))
    if (free !== undefined) return free
    await Promise.race(leaving.values())
    return freeAddress()
  }
  const leave = (replica: Replica, signal: 'SIGTERM' | 'SIGKILL'): Promise<Ended> => {
    const ended = replica.stop(signal).finally(() => leaving.delete(replica))
    leaving.set(replica, ended)
    return ended
  }
  const name = (): Promise<void> =>
    setEndpoints(
      cluster,
      replicas.map(({ address }) => address),
    )
  const add = async (serve?: object): Promise<void> => {
    replicas.push(await startReplica(cluster, await freeAddress(), configuration(serve)))
    await name()
  }
  return {
    ...{ replicas: () => replicas, name, add },
    start: async count => {
      const starting = addresses.slice(0, count).map(address => startReplica(cluster, address, configuration()))
      replicas.push(...(await Promise.all(starting)))
      await name()
    },
    roll: async serve => {
      await add(serve)
      const [first] = replicas
      if (first === undefined) throw new Error('there is no replica to replace')
      const ended = leave(first, 'SIGTERM')
      while (await first.isReady().catch(() => false)) await wait(10)
      replicas.shift()
      await name()
      return { ended }
    },
    kill: async () => {
      const first = replicas.shift()
      if (first !== undefined) await leave(first, 'SIGKILL')
    },
    freeze: () => {
      const first = replicas.shift()
      first?.freeze()
      if (first !== undefined) frozen.push(first)
    },
    killAll: async () => {
      const all = [...replicas.splice(0), ...frozen.splice(0), ...leaving.keys()]
      await Promise.all(all.map(each => each.stop('SIGKILL')))
    },
  }
}
