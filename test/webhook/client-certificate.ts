import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** An authority of clients, and the certificate and key (PEM) of one of them. */
export interface ClientCertificate {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** Makes a certificate like the one that an API server shows to its webhooks. */
export const makeClientCertificate = async (name: string): Promise<ClientCertificate> => {
  x509.cryptoProvider.set(webcrypto)
  const [authority, client] = await Promise.all(
    [1, 2].map(() => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])),
  )
  if (authority === undefined || client === undefined) throw new Error('no keys were made')
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=clients',
    keys: authority,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  })
  const leaf = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: ca.subject,
    publicKey: client.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
    extensions: [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
  })
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', client.privateKey)).toString('base64')
  return {
    ca: ca.toString('pem'),
    cert: leaf.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  }
}
