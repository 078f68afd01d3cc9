import type { Credential } from '../../registry/auth/credential.ts'
import { createKeyring } from '../keyring.ts'
import type { CredentialNote } from '../note.ts'
import { createProvider, type ProviderOptions } from './provider.ts'
import type { ProviderConfig } from './provider-config.ts'
import type { Puller } from './puller.ts'

/** The credentials that the providers give for an image, in the order in which a node tries them, and which providers gave no answer. */
export interface Provided {
  readonly credentials: readonly Credential[]
  readonly notes: readonly CredentialNote[]
}

/** Asks the providers for an image by its name without tag and digest. */
export type AskProviders = (name: string, puller: Puller, signal: AbortSignal) => Promise<Provided>

/** Makes the node's credential providers: all that are meant for an image are asked, and their entries are one keyring. */
export const createProviders = (configs: readonly ProviderConfig[], options: ProviderOptions): AskProviders => {
  const providers = configs.map(config => ({ name: config.name, provide: createProvider(config, options) }))
  return async (name, puller, signal) => {
    const answers = await Promise.all(
      providers.map(async provider => ({ ...provider, answer: await provider.provide(name, puller, signal) })),
    )
    const entries = answers.flatMap(({ answer }) => (answer.ok ? answer.value : []))
    const silent = answers.filter(({ answer }) => !answer.ok)
    return {
      credentials: createKeyring(entries).lookup(name),
      notes: silent.map(provider => ({ kind: 'unreadable', source: 'provider', name: provider.name })),
    }
  }
}
