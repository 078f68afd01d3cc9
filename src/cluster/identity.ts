import type { Agent } from 'node:https'
import type { Result } from '../lib/result.ts'

/** How a connection to the API server is made. */
export interface ConnectionTerms {
  /** PEM; undefined: those that Node trusts. */
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  /** The name in the server's certificate, where that is not the host's. */
  readonly serverName: string | undefined
  /** False where a kubeconfig says `insecure-skip-tls-verify`. */
  readonly verify: boolean
  /** Makes connections through the kubeconfig's `proxy-url`. */
  readonly through: Agent | undefined
}

/** With what we come before the API server. */
export interface Presented {
  readonly headers: Readonly<Record<string, string>>
  readonly terms: ConnectionTerms
}

/** Who we are. What is shown changes: tokens and certificates are renewed where they are kept. */
export interface Identity {
  /** As it was read a moment ago; `anew`, after the API server did not know it. */
  readonly present: (anew: boolean) => Promise<Result<Presented, 'no-credentials'>>
}

/** Where the API server is, and who we are there. */
export interface ClusterAccess {
  /** Without a slash at its end; it may have a path. */
  readonly server: string
  readonly identity: Identity
  /** The namespace that is meant where none is named. */
  readonly namespace: string
}
