import { makeAuthority, signServer } from './authority.ts'

/** A server's key and certificate, and the authority that a client must trust. All PEM. */
export interface Certificate {
  readonly key: string
  readonly cert: string
  readonly ca: string
}

/** Makes an authority and a certificate for the given DNS names and addresses; both live as long as was said. */
export const makeCertificate = async (names: readonly string[], now: Date, lifeMs: number): Promise<Certificate> => {
  const authority = await makeAuthority(now, lifeMs)
  return { ...(await signServer(authority, names, now, lifeMs)), ca: authority.cert }
}
