import { type Certificate, makeCertificate } from '../../../src/webhook/certificate.ts'

const hourMs = 60 * 60 * 1000
const yearMs = 365 * 24 * hourMs

/** The name under which tests reach a registry on this machine that is verified as one elsewhere is. */
export const publicName = 'registry.example'

/** A good certificate for the names, and the authority that signed it. */
export const goodCertificate = (...names: readonly string[]): Promise<Certificate> =>
  makeCertificate(names, new Date(), hourMs)

/** One that ended half a year ago. */
export const expiredCertificate = (name: string): Promise<Certificate> =>
  makeCertificate([name], new Date(Date.now() - yearMs), yearMs / 2)
