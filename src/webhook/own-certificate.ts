import type { ApiFailure } from '../cluster/api-failure.ts'
import type { KeptSecret, SecretContent } from '../cluster/kept-secret.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import {
  type Authorities,
  goodUntilMs,
  isDue,
  promoted,
  readAuthorities,
  tidied,
  trustedOf,
  writtenAuthorities,
} from './authorities.ts'
import { makeAuthority, signServer } from './authority.ts'
import type { Certificate } from './certificate.ts'
import type { Publication } from './publication.ts'

/** Keeps a certificate of our own good: the authority is shared by all replicas, the certificate is this replica's alone. */
export interface OwnCertificate {
  /** Looks once after everything; a new certificate is handed on. Undefined where somebody else was quicker: look again. */
  readonly round: (signal: AbortSignal) => Promise<Result<Certificate, KeepingFailure> | undefined>
}

/** What could not be done, and why. */
export interface KeepingFailure {
  readonly what: 'read-secret' | 'write-secret' | 'publish'
  readonly failure: ApiFailure
}

/** How long things last. */
export interface Lives {
  readonly authorityMs: number
  readonly serverMs: number
  /** For so long an authority must have been seen in the registration before anybody signs with it: each API server reads it with a delay. */
  readonly seenMs: number
}

/** Options of keeping. */
export interface OwnCertificateOptions {
  readonly secret: KeptSecret
  readonly publication: Publication
  /** DNS names and addresses that clients call the webhook by. */
  readonly names: readonly string[]
  readonly lives: Lives
  readonly wallClock: () => Date
  /** Told of each new certificate. */
  readonly use: (certificate: Certificate) => void
}

/** Makes the keeper. Order of a change: an authority is published, is seen for a while, and is used only then. */
export const createOwnCertificate = (options: OwnCertificateOptions): OwnCertificate => {
  const { secret, publication, names, lives, wallClock, use } = options
  let current: Certificate | undefined

  const isSeen = (cert: string): boolean => publication.seenForMs(cert) >= lives.seenMs
  const newAuthority = () => makeAuthority(wallClock(), lives.authorityMs)

  /** What the Secret is to say; the very same where it is well. */
  const wanted = async (found: Authorities | undefined): Promise<Authorities> => {
    const nowMs = wallClock().getTime()
    if (found === undefined) return { signing: await newAuthority(), next: undefined, previous: [] }
    if (found.next !== undefined) return isSeen(found.next.cert) ? promoted(found) : found
    if (isDue(found.signing.cert, nowMs)) return { ...found, next: await newAuthority() }
    return tidied(found, lives.serverMs, nowMs)
  }

  const settled = async (
    content: SecretContent,
    signal: AbortSignal,
  ): Promise<Result<Authorities, KeepingFailure> | undefined> => {
    const found = readAuthorities(content.texts)
    const next = await wanted(found)
    if (next === found) return ok(next)
    const written = await secret.write(content, writtenAuthorities(next), signal)
    if (written.ok) return ok(next)
    return written.error.kind === 'conflict' ? undefined : fail({ what: 'write-secret', failure: written.error })
  }

  /** One that is due is of more use than one of an authority that nobody has yet. */
  const isGood = ({ ca, cert }: Certificate, { signing }: Authorities): boolean => {
    const nowMs = wallClock().getTime()
    return ca === signing.cert ? !isDue(cert, nowMs) : !isSeen(signing.cert) && nowMs < goodUntilMs(cert)
  }

  const signed = async ({ signing }: Authorities): Promise<Certificate> => {
    current = { ...(await signServer(signing, names, wallClock(), lives.serverMs)), ca: signing.cert }
    use(current)
    return current
  }

  return {
    round: async signal => {
      const content = await secret.read(signal)
      if (!content.ok) return fail({ what: 'read-secret', failure: content.error })
      const authorities = await settled(content.value, signal)
      if (authorities === undefined || !authorities.ok) return authorities
      const own = current === undefined ? [] : [current.ca]
      const trusted = [...new Set([...trustedOf(authorities.value), ...own])]
      const published = await publication.publish(trusted, signal)
      // A certificate is better than none: the registration may be made later, and by others.
      const certificate =
        current !== undefined && isGood(current, authorities.value) ? current : await signed(authorities.value)
      return published.ok ? ok(certificate) : fail({ what: 'publish', failure: published.error })
    },
  }
}
