import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** Who may ask for reviews: whoever shows a certificate of this authority with one of these names. */
export interface CallerOptions {
  /** PEM. */
  readonly ca: string
  /** Common names. */
  readonly names: readonly string[]
}

/** Why somebody may not ask; undefined where he may. */
export const callerProblem = (socket: Socket, { names }: CallerOptions): string | undefined => {
  const { authorized, getPeerCertificate } = socket as TLSSocket
  if (!authorized) return 'show a client certificate of the authority that this webhook was told of'
  const name = getPeerCertificate.call(socket).subject?.CN
  return typeof name === 'string' && names.includes(name)
    ? undefined
    : 'this client certificate is of nobody who may ask for reviews'
}
