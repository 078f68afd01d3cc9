import type { HeldKeys } from '../keychain.ts'
import { createKeyring } from '../keyring.ts'
import type { CredentialNote } from '../note.ts'
import { createProvider, type ProviderOptions } from './provider.ts'
import type { ProviderConfig } from './provider-config.ts'
import type { ProviderProblem } from './provider-problem.ts'

const noteOf = (name: string, problem: ProviderProblem): CredentialNote => ({
  kind: 'unreadable',
  source: 'provider',
  name,
  problem,
})

/** Makes the node's credential providers: all that are meant for an image are asked, and their entries are one keyring. */
export const createProviders = (configs: readonly ProviderConfig[], options: ProviderOptions): HeldKeys => {
  const providers = configs.map(config => ({ name: config.name, provide: createProvider(config, options) }))
  return async (name, puller, signal) => {
    const answers = await Promise.all(
      providers.map(async provider => ({ ...provider, answer: await provider.provide(name, puller, signal) })),
    )
    const entries = answers.flatMap(({ answer }) => (answer.ok ? answer.value : []))
    const notes = answers.flatMap(({ name: provider, answer }) => (answer.ok ? [] : [noteOf(provider, answer.error)]))
    return { credentials: createKeyring(entries).lookup(name), notes }
  }
}
