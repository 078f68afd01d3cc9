import type { ProviderAnswer } from '../../src/credentials/provider/provider-answer.ts'
import type { ProviderConfig } from '../../src/credentials/provider/provider-config.ts'
import { startGoProgram } from '../oracle/go-program.ts'

/** An answer that says no. */
export interface Refusal {
  readonly error: string
}

/** A name and a password, as the kubelet would send them. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** A secret as it is asked about: its data in base64. */
export interface GivenSecret {
  readonly type: string
  readonly data: Readonly<Record<string, string>>
}

/** What can be asked of the kubelet's own code, and what it answers. */
export interface KeyringOracle {
  /** Reads a docker config, given in base64; the entries come in any order. */
  readonly config: (
    content: string,
    format: string,
  ) => Promise<{ readonly entries: readonly (Login & { readonly place: string })[] } | Refusal>
  readonly glob: (pattern: string, name: string) => Promise<{ readonly matched: boolean }>
  readonly place: (pattern: string, name: string) => Promise<{ readonly matched: boolean }>
  /** The matches in the order in which they are tried; the order within a group is random. */
  readonly keyring: (
    secrets: readonly GivenSecret[],
    name: string,
  ) => Promise<{ readonly groups: readonly (readonly Login[])[] } | Refusal>
  /** Reads and checks a CredentialProviderConfig, given in base64. */
  readonly providers: (content: string) => Promise<{ readonly providers: readonly ProviderConfig[] } | Refusal>
  /** Reads a provider's answer, given in base64; the entries come in any order. */
  readonly answer: (content: string) => Promise<ProviderAnswer | Refusal>
  /** The credentials for an image of *.example.com that come of such an answer: none where it is refused. */
  readonly provide: (content: string, name: string) => Promise<{ readonly groups: readonly [readonly Login[]] }>
  readonly close: () => Promise<void>
}

/** Starts the program that test/keyring-oracle/setup has built. */
export const startKeyringOracle = (): KeyringOracle => {
  const { ask, close } = startGoProgram('keyring-oracle')
  return {
    config: (content, format) => ask({ ask: 'config', content, format }),
    glob: (pattern, name) => ask({ ask: 'glob', pattern, name }),
    place: (pattern, name) => ask({ ask: 'place', pattern, name }),
    keyring: (secrets, name) => ask({ ask: 'keyring', secrets, name }),
    providers: content => ask({ ask: 'providers', content }),
    answer: content => ask({ ask: 'answer', content }),
    provide: (content, name) => ask({ ask: 'provide', content, name }),
    close,
  }
}
