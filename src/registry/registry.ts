import { createAskPlaces } from './ask-places.ts'
import { type AuthorizerOptions, createAuthorizer } from './auth/authorize.ts'
import { createDialogue, type Dialogue } from './dialogue.ts'
import { createExchange, type ExchangeOptions } from './exchange.ts'
import type { FindPlaces } from './hosts/place.ts'
import { createInquire } from './inquiry.ts'
import { type Observe, observed } from './observe.ts'
import { createGate, type GateOptions } from './origin/gate.ts'
import { followingRedirects } from './redirect.ts'

/** Options of the registry floor. */
export interface RegistryOptions
  extends Omit<ExchangeOptions, 'stalled'>,
    Omit<AuthorizerOptions, 'send'>,
    GateOptions {
  readonly findPlaces: FindPlaces
  readonly observe: Observe
}

/** The registry floor put together, and the function that closes its connections. */
export interface Registry {
  readonly dialogue: Dialogue
  readonly close: () => Promise<void>
}

/** Puts the registry floor together, from the connections up to the questions. */
export const createRegistry = (options: RegistryOptions): Registry => {
  const gate = createGate(options)
  const mostConnections = Math.max(options.connectionsPerHost, ...(options.connectionsByHost?.values() ?? []))
  const exchange = createExchange({ ...options, connectionsPerHost: mostConnections, stalled: gate.stalled })
  const send = followingRedirects(gate.guarding(observed(exchange.send, options.observe, options.nowMs)))
  const authorize = createAuthorizer({ ...options, send })
  const inquire = createInquire({ ...options, authorize })
  return {
    dialogue: createDialogue({ inquire, askPlaces: createAskPlaces(options.findPlaces) }),
    close: exchange.close,
  }
}
