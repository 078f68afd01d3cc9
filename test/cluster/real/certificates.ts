import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

/** A certificate and its key, as PEM. */
export interface CertificatePair {
  readonly cert: string
  readonly key: string
}

/** Whom a certificate is for. */
export interface Holder {
  readonly name: string
  readonly organizations?: readonly string[]
  /** DNS names and addresses, where it serves. */
  readonly hosts?: readonly string[]
}

/** Signs certificates, for clients and servers alike. */
export interface Authority extends CertificatePair {
  readonly sign: (holder: Holder) => Promise<CertificatePair>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const dayMs = 24 * 60 * 60 * 1000

const pemOf = async (key: webcrypto.CryptoKey): Promise<string> =>
  `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`

// A day back, for clocks; a serial number is positive, so the first bit is 0.
const frame = (): { serialNumber: string; notBefore: Date; notAfter: Date } => ({
  serialNumber: `01${randomBytes(8).toString('hex')}`,
  notBefore: new Date(Date.now() - dayMs),
  notAfter: new Date(Date.now() + 30 * dayMs),
})

const makeKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

const subjectOf = ({ name, organizations = [] }: Holder): x509.Name =>
  new x509.Name([...organizations.map(organization => ({ O: [organization] })), { CN: [name] }])

const namesOf = (hosts: readonly string[]): readonly x509.Extension[] =>
  hosts.length === 0
    ? []
    : [new x509.SubjectAlternativeNameExtension(hosts.map(value => ({ type: isIP(value) ? 'ip' : 'dns', value })))]

const signerOf =
  (own: x509.X509Certificate, signingKey: webcrypto.CryptoKey): Authority['sign'] =>
  async holder => {
    const theirs = await makeKeys()
    const { serverAuth, clientAuth } = x509.ExtendedKeyUsage
    const made = await x509.X509CertificateGenerator.create({
      ...frame(),
      subject: subjectOf(holder).toJSON(),
      issuer: own.subject,
      publicKey: theirs.publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([clientAuth, serverAuth]),
        await x509.AuthorityKeyIdentifierExtension.create(own),
        ...namesOf(holder.hosts ?? []),
      ],
    })
    return { cert: `${made.toString('pem')}\n`, key: await pemOf(theirs.privateKey) }
  }

/** The authority whose certificate and key these are. */
export const readAuthority = async ({ cert, key }: CertificatePair): Promise<Authority> => {
  x509.cryptoProvider.set(webcrypto)
  const own = new x509.X509Certificate(cert)
  const bytes = x509.PemConverter.decodeFirst(key)
  const privateKey = await webcrypto.subtle.importKey('pkcs8', bytes, algorithm, true, ['sign'])
  return { cert, key, sign: signerOf(own, privateKey) }
}

/** Makes an authority that signs itself. */
export const makeAuthority = async (name: string): Promise<Authority> => {
  x509.cryptoProvider.set(webcrypto)
  const uses = x509.KeyUsageFlags
  const keys = await makeKeys()
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    ...frame(),
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(uses.keyCertSign | uses.cRLSign | uses.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const key = await pemOf(keys.privateKey)
  return { cert: `${own.toString('pem')}\n`, key, sign: signerOf(own, keys.privateKey) }
}
