import { Agent } from 'node:https'
import type { ConnectionTerms } from './identity.ts'

/** Connections to the API server that are kept. */
export interface Connections {
  /** Made anew when the terms changed: a renewed certificate counts from the next request on. */
  readonly agentFor: (terms: ConnectionTerms) => Agent
  /** Gives up what is under way. */
  readonly close: () => void
}

// Lookups, and two or three watches that keep one each.
const mostSockets = 32
// Half the 60 s after which load balancers forget a silent connection, so that a watch survives there.
const keepAliveMs = 30_000

const keyOf = ({ ca, cert, key, serverName, verify }: ConnectionTerms): string =>
  JSON.stringify([ca, cert, key, serverName, verify])

/** An agent of our own takes no proxy from the environment, whatever NODE_USE_ENV_PROXY says. */
const opened = ({ ca, cert, key, serverName, verify }: ConnectionTerms): Agent =>
  new Agent({
    keepAlive: true,
    keepAliveMsecs: keepAliveMs,
    maxSockets: mostSockets,
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  })

/** Lets what is under way end, and keeps nothing after it. */
const retire = (agent: Agent): void => {
  agent.maxFreeSockets = 0
  for (const socket of Object.values(agent.freeSockets).flatMap(sockets => sockets ?? [])) socket.destroy()
}

/** Makes connections. */
export const createConnections = (): Connections => {
  const agents = new Set<Agent>()
  let last: { readonly key: string; readonly agent: Agent } | undefined
  const renewed = (terms: ConnectionTerms, key: string): Agent => {
    if (last !== undefined) retire(last.agent)
    for (const old of agents) if (Object.keys(old.sockets).length === 0) agents.delete(old)
    const agent = terms.through ?? opened(terms)
    last = { key, agent }
    agents.add(agent)
    return agent
  }
  return {
    agentFor: terms => {
      const key = keyOf(terms)
      return last?.key === key ? last.agent : renewed(terms, key)
    },
    close: () => {
      for (const agent of agents) agent.destroy()
    },
  }
}
