import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A certificate that signs itself, and its key, both as PEM. */
export const makeCertificate = async (name: string): Promise<{ readonly cert: string; readonly key: string }> => {
  x509.cryptoProvider.set(webcrypto)
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
  })
  const exported = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { cert: `${made.toString('pem')}\n`, key: `${x509.PemConverter.encode(exported, 'PRIVATE KEY')}\n` }
}
