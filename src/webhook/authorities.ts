import { createPrivateKey, X509Certificate } from 'node:crypto'
import { type Authority, backdatedMs } from './authority.ts'

/** The authorities that replicas share: one that signs, perhaps one that is to follow it, and those that went before. */
export interface Authorities {
  readonly signing: Authority
  /** To be trusted everywhere before anybody signs with it. */
  readonly next: Authority | undefined
  /** Certificates (PEM) of those that some replica may still be serving with. */
  readonly previous: readonly string[]
}

/** The texts of a Secret. */
export type Texts = ReadonlyMap<string, string>

const certificatePattern = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----/g
// More at once nobody needs, and each costs every handshake of the API server.
const mostCertificates = 32

const parsed = (text: string): X509Certificate | undefined => {
  try {
    return new X509Certificate(text)
  } catch {
    return undefined
  }
}

/** The certificates of a bundle, one by one, each written in the same way; what is none is left out. */
export const certificatesIn = (bundle: string): readonly string[] => {
  const texts = (bundle.match(certificatePattern) ?? []).slice(0, mostCertificates)
  return [...new Set(texts.flatMap(text => parsed(text)?.toString() ?? []))]
}

/** Until when a certificate is good; in the past where it is none. */
export const goodUntilMs = (cert: string): number => parsed(cert)?.validToDate.getTime() ?? Number.NEGATIVE_INFINITY

/** Since when a certificate is good. */
export const goodFromMs = (cert: string): number => parsed(cert)?.validFromDate.getTime() ?? Number.POSITIVE_INFINITY

/** Whether of the life of a certificate no more than a third is left: it is time for another one. */
export const isDue = (cert: string, nowMs: number): boolean => {
  const [from, until] = [goodFromMs(cert), goodUntilMs(cert)]
  return !(nowMs < until - (until - from) / 3)
}

const authorityAt = (texts: Texts, name: string): Authority | undefined => {
  const [cert] = certificatesIn(texts.get(`${name}.crt`) ?? '')
  const key = texts.get(`${name}.key`) ?? ''
  if (cert === undefined || !belongsTo(key, cert)) return undefined
  return { cert, key }
}

/** Whether a private key (PEM) is that of a certificate. */
export const belongsTo = (key: string, cert: string): boolean => {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

/** Reads what the Secret holds; undefined where no authority in it can sign, as in an empty one. */
export const readAuthorities = (texts: Texts): Authorities | undefined => {
  const signing = authorityAt(texts, 'ca')
  if (signing === undefined) return undefined
  const next = authorityAt(texts, 'next')
  return { signing, next, previous: certificatesIn(texts.get('previous.crt') ?? '') }
}

/** What the Secret is to hold. */
export const writtenAuthorities = ({ signing, next, previous }: Authorities): Texts =>
  new Map([
    ['ca.crt', signing.cert],
    ['ca.key', signing.key],
    ...(next === undefined
      ? []
      : ([
          ['next.crt', next.cert],
          ['next.key', next.key],
        ] as const)),
    ...(previous.length === 0 ? [] : ([['previous.crt', previous.join('')]] as const)),
  ])

/** The certificates that clients must trust. */
export const trustedOf = ({ signing, next, previous }: Authorities): readonly string[] => [
  ...new Set([signing.cert, ...(next === undefined ? [] : [next.cert]), ...previous]),
]

/** The next authority takes its place, and the one before stays trusted while replicas may serve with it. */
export const promoted = ({ signing, next, previous }: Authorities): Authorities => ({
  signing: next ?? signing,
  next: undefined,
  previous: next === undefined ? previous : [signing.cert, ...previous],
})

/** Without those that no replica can be serving with any more: the one that signs now has done so for longer than they live. */
export const tidied = (authorities: Authorities, serverLifeMs: number, nowMs: number): Authorities => {
  const { signing, previous } = authorities
  // A certificate is dated back, so that this waits for so much longer.
  const isLongAgo = nowMs > goodFromMs(signing.cert) + backdatedMs + 2 * serverLifeMs
  const kept = isLongAgo ? [] : previous.filter(cert => nowMs < goodUntilMs(cert))
  return kept.length === previous.length ? authorities : { ...authorities, previous: kept }
}
