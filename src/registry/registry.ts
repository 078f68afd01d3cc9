import { createAskPlaces } from './ask-places.ts'
import { type AuthorizerOptions, createAuthorizer } from './auth/authorize.ts'
import { createAuthorizerAsCrio } from './auth/authorize-as-crio.ts'
import { createGreet } from './auth/greeting.ts'
import { createDialogue, type Dialogue } from './dialogue.ts'
import { createExchange, type ExchangeOptions } from './exchange.ts'
import type { AskedBy } from './hosts/hosts.ts'
import type { FindPlaces, Place } from './hosts/place.ts'
import { createInquire } from './inquiry.ts'
import { createInquireAsCrio } from './inquiry-as-crio.ts'
import type { Inquire } from './inquiry-request.ts'
import { type Observe, observed } from './observe.ts'
import { createGate, type GateOptions } from './origin/gate.ts'
import { followingRedirects } from './redirect.ts'

/** Options of the registry floor. */
export interface RegistryOptions
  extends Omit<ExchangeOptions, 'stalled'>,
    Omit<AuthorizerOptions, 'send'>,
    GateOptions {
  readonly findPlaces: FindPlaces
  /** How nodes with other runtimes find places; they ask where those of the first kind get nothing. */
  readonly findOtherwise?: () => readonly FindPlaces[]
  readonly observe: Observe
  /** Whether a host, as URLs name it, is asked by HEAD alone; none is unless given. */
  readonly isSpared?: (host: string) => boolean
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
  const askedBy: Readonly<Record<AskedBy, Inquire>> = {
    containerd: createInquire({ ...options, authorize: createAuthorizer({ ...options, send }) }),
    'cri-o': createInquireAsCrio({
      ...options,
      greet: createGreet({ ...options, send }),
      authorize: createAuthorizerAsCrio({ ...options, send }),
    }),
  }
  const inquire: Inquire = (inquiry, signal) => askedBy[inquiry.place.host.askedBy](inquiry, signal)
  const { isSpared } = options
  const sparing = isSpared && {
    isSpared: ({ host }: Place): boolean => host.bases.some(base => isSpared(new URL(base).host)),
  }
  const askPlaces = createAskPlaces(options.findPlaces, options.findOtherwise)
  return {
    dialogue: createDialogue({ inquire, askPlaces, ...sparing }),
    close: exchange.close,
  }
}
