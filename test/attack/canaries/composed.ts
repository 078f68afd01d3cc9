import { createAskPlaces } from '../../../src/registry/ask-places.ts'
import { type Authorizer, createAuthorizer } from '../../../src/registry/auth/authorize.ts'
import { createDialogue, type Dialogue } from '../../../src/registry/dialogue.ts'
import { createExchange } from '../../../src/registry/exchange.ts'
import { createInquire } from '../../../src/registry/inquiry.ts'
import { observed } from '../../../src/registry/observe.ts'
import { createGate } from '../../../src/registry/origin/gate.ts'
import { followingRedirects } from '../../../src/registry/redirect.ts'
import type { Registry, RegistryOptions } from '../../../src/registry/registry.ts'
import type { Send } from '../../../src/registry/send.ts'

/** The pieces that can be replaced; each gets what ours would have been. */
export interface Pieces {
  /** Nearest to the wire: sees each request, redirected ones too. */
  readonly wire?: (send: Send, options: RegistryOptions) => Send
  /** Follows redirects. */
  readonly follow?: (send: Send) => Send
  /** Nearest to those who ask: sees each question, and each fetch of a token. */
  readonly desk?: (send: Send) => Send
  readonly authorizer?: (authorize: Authorizer) => Authorizer
  readonly options?: (options: RegistryOptions) => RegistryOptions
  readonly dialogue?: (dialogue: Dialogue) => Dialogue
}

const same = <T>(piece: T): T => piece

/** Puts the floor together as createRegistry does, with these pieces in it. */
export const composed =
  (pieces: Pieces) =>
  (given: RegistryOptions): Registry => {
    const { wire = same, follow = followingRedirects, desk = same, authorizer = same, dialogue = same } = pieces
    const options = pieces.options?.(given) ?? given
    const gate = createGate(options)
    const exchange = createExchange({ ...options, stalled: gate.stalled })
    const watched = observed(gate.guarding(exchange.send), options.observe, options.nowMs)
    const send = desk(follow(wire(watched, options)))
    const authorize = authorizer(createAuthorizer({ ...options, send }))
    const inquire = createInquire({ ...options, authorize })
    const made = createDialogue({ inquire, askPlaces: createAskPlaces(options.findPlaces) })
    return { dialogue: dialogue(made), close: exchange.close }
  }
