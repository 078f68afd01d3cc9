import { writeFile } from 'node:fs/promises'
import type { CertificatePair } from './certificates.ts'

/** Where an API server is, and the certificate that vouches for it. */
export interface ApiAddress {
  readonly url: string
  readonly ca: string
}

/** Who asks: the holder of a certificate, or of a token. */
export type Asker = CertificatePair | { readonly token: string }

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const userOf = (asker: Asker): object =>
  'token' in asker
    ? { token: asker.token }
    : { 'client-certificate-data': base64(asker.cert), 'client-key-data': base64(asker.key) }

/** Writes a kubeconfig, which only its owner may read. YAML reads JSON. */
export const writeKubeconfig = async (path: string, { url, ca }: ApiAddress, asker: Asker): Promise<void> => {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'real', cluster: { server: url, 'certificate-authority-data': base64(ca) } }],
    users: [{ name: 'asker', user: userOf(asker) }],
    contexts: [{ name: 'real', context: { cluster: 'real', user: 'asker' } }],
    'current-context': 'real',
  }
  await writeFile(path, JSON.stringify(config), { mode: 0o600 })
}
