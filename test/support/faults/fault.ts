import type { CredentialNote } from '../../../src/credentials/note.ts'
import type { Credential } from '../../../src/registry/auth/credential.ts'
import type { ProbeFailure } from '../../../src/registry/failure.ts'
import type { RegistryOptions } from '../../../src/registry/registry.ts'
import type { Code } from '../../../src/verdict/codes.ts'
import type { Asked } from './ask.ts'
import type { Lab } from './lab.ts'

/** What is asked, and in what surroundings. */
export interface Scene {
  readonly image: string
  readonly credential?: Credential
  /** What was seen on the way to the credentials. */
  readonly notes?: readonly CredentialNote[]
  /** Of the nodes, as they name it themselves. */
  readonly runtime?: string
  /** How the registry floor is put together otherwise than usual. */
  readonly settings?: Partial<RegistryOptions>
  /** How long there is; five seconds unless the fault is one that eats it up. */
  readonly deadlineMs?: number
  /** Happens before the question that counts, which it may ask too. */
  readonly before?: (ask: () => Promise<Asked>) => Promise<void>
  /** What else is true when the question is answered. */
  readonly afterwards?: () => void
}

/** What must come of it. */
export interface Expectation {
  /** None: the image is thought good. */
  readonly codes: readonly Code[]
  /** The reason why there are no facts; undefined where there are. */
  readonly failure?: Partial<ProbeFailure>
  /** How many requests reach the servers; two numbers: at least and at most. */
  readonly requests: number | readonly [least: number, most: number]
  /** Bytes that the servers get rid of at the most, what the system holds on the way included. */
  readonly mostBytes?: number
}

/** A fault of a registry, or of what lies between, and what must come of it. */
export interface Fault {
  readonly id: string
  readonly name: string
  readonly given: (lab: Lab) => Promise<Scene>
  readonly expect: Expectation
}
