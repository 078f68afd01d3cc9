// The container that @peculiar/x509 is built on wants this first.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** An authority that signs the certificates of servers. Both PEM. */
export interface Authority {
  readonly cert: string
  readonly key: string
}

/** From when and until when something is good. */
export interface Validity {
  readonly notBefore: Date
  readonly notAfter: Date
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
/** For so long before it is made a certificate is good: a clock may be behind ours by this much. */
export const backdatedMs = 60 * 60 * 1000

/** Good for so long, and from a little before now, for clocks that are behind. */
export const validFor = (now: Date, lifeMs: number): Validity => ({
  notBefore: new Date(now.getTime() - backdatedMs),
  notAfter: new Date(now.getTime() + lifeMs),
})

const pem = (label: string, der: ArrayBuffer): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})(?!$)/g, '$1\n')}\n-----END ${label}-----\n`

const derOf = (text: string): Buffer => Buffer.from(text.replace(/-----[^-]+-----|\s/g, ''), 'base64')

const serialNumber = (): string => Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

const privatePem = async (key: webcrypto.CryptoKey): Promise<string> =>
  pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', key))

/** Makes an authority. */
export const makeAuthority = async (now: Date, lifeMs: number): Promise<Authority> => {
  x509.cryptoProvider.set(webcrypto)
  const keys = await newKeys()
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    ...validFor(now, lifeMs),
    serialNumber: serialNumber(),
    name: 'CN=pullgate',
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: `${cert.toString('pem')}\n`, key: await privatePem(keys.privateKey) }
}

/** Makes a server's key and certificate for these DNS names and addresses, signed by an authority; never good for longer than it. */
export const signServer = async (
  authority: Authority,
  names: readonly string[],
  now: Date,
  lifeMs: number,
): Promise<Authority> => {
  x509.cryptoProvider.set(webcrypto)
  const keys = await newKeys()
  const issuer = new x509.X509Certificate(authority.cert)
  const signingKey = await webcrypto.subtle.importKey('pkcs8', derOf(authority.key), algorithm, false, ['sign'])
  const { notBefore, notAfter } = validFor(now, lifeMs)
  const leaf = await x509.X509CertificateGenerator.create({
    notBefore,
    notAfter: notAfter < issuer.notAfter ? notAfter : issuer.notAfter,
    serialNumber: serialNumber(),
    subject: 'CN=pullgate webhook',
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map(name => ({ type: /^[\d.]+$|:/.test(name) ? 'ip' : 'dns', value: name })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  })
  return { cert: `${leaf.toString('pem')}\n`, key: await privatePem(keys.privateKey) }
}
