import type { Result } from '../lib/result.ts'
import type { ProbeFailure, Step } from './failure.ts'
import type { HostTls } from './hosts/hosts.ts'

/** How hosts are connected to: containerd has one client for a registry and for the token server that it names. */
export interface ClientTerms {
  readonly tls: HostTls
  /** Undefined: a connection may take for ever. */
  readonly dialTimeoutMs: number | undefined
}

/** The headers of a request, by their lower-case names. */
export type Headers = Readonly<Record<string, string | readonly string[]>>

/** Takes a piece of a body; false: it was enough. */
export type Take = (chunk: Uint8Array) => Promise<boolean>

/** One request, to a registry or to the token server that it named. */
export interface Request {
  readonly method: 'HEAD' | 'GET' | 'POST'
  /** Whole: a token server's address comes from a challenge. */
  readonly url: string
  readonly client: ClientTerms
  /** Who named this address: undefined for the registry itself, else the URL of the answer that led here. */
  readonly namedBy: string | undefined
  /** What failures call the other side: the registry's name, or the host in the realm. */
  readonly host: string
  readonly headers: Headers
  readonly body: string | undefined
  readonly step: Step
  /** A longer body is refused as too large. */
  readonly mostBytes: number
  /** Takes a good answer's body piece by piece, which is then empty in the reply. */
  readonly take: Take | undefined
}

/** One answer, read whole. */
export interface Reply {
  readonly status: number
  /** The value of a header, by its lower-case name; the last where it came several times. */
  readonly header: (name: string) => string | undefined
  /** Every value of a header, by its lower-case name: a challenge stands on a line of its own. */
  readonly lines: (name: string) => readonly string[]
  readonly body: Uint8Array
}

/**
 * Sends a request and never rejects. An `authorization` leaves the origin of the URL under no circumstances, and at step
 * `token` no redirect leaves it: a form with a password must not travel.
 */
export type Send = (request: Request, signal: AbortSignal) => Promise<Result<Reply, ProbeFailure>>
