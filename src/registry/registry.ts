import { type AuthorizerOptions, createAuthorizer } from './auth/authorize.ts'
import { createDialogue, type Dialogue } from './dialogue.ts'
import { createExchange, type ExchangeOptions } from './exchange.ts'
import { createInquire } from './inquiry.ts'
import { followingRedirects } from './redirect.ts'

/** Options of the registry floor. */
export type RegistryOptions = ExchangeOptions & Omit<AuthorizerOptions, 'send'>

/** The registry floor put together, and the function that closes its connections. */
export const createRegistry = (
  options: RegistryOptions,
): { readonly dialogue: Dialogue; readonly close: () => Promise<void> } => {
  const { send, close } = createExchange(options)
  const authorize = createAuthorizer({ ...options, send: followingRedirects(send) })
  return { dialogue: createDialogue(createInquire(authorize)), close }
}
