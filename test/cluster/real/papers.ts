import { generateKeyPairSync } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authority, type Holder, makeAuthority } from './certificates.ts'
import { writeKubeconfig } from './kubeconfig.ts'

/** The names in the API server's certificate. */
const apiServerHosts = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  '127.0.0.1',
  '10.96.0.1',
]

/** Writes a certificate and its key. */
const writePair = async (
  base: string,
  { cert, key }: { readonly cert: string; readonly key: string },
): Promise<void> => {
  await writeFile(`${base}.crt`, cert)
  await writeFile(`${base}.key`, key, { mode: 0o600 })
}

const writeAccountKeys = async (pki: string): Promise<void> => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await writeFile(join(pki, 'service-accounts.pub'), publicKey.export({ type: 'spki', format: 'pem' }))
  await writeFile(join(pki, 'service-accounts.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
  })
}

const followers = ['kube-controller-manager', 'kube-scheduler'] as const

/** Writes the certificates, keys and kubeconfigs of a control plane into its folder. */
export const writePapers = async (folder: string, url: string): Promise<Authority> => {
  const pki = join(folder, 'pki')
  await mkdir(pki, { mode: 0o700 })
  const authority = await makeAuthority('real-cluster')
  await writePair(join(pki, 'ca'), authority)
  await writeAccountKeys(pki)
  const issue = async (file: string, holder: Holder): Promise<void> =>
    writePair(join(pki, file), await authority.sign(holder))
  await issue('kube-apiserver', { name: 'kube-apiserver', hosts: apiServerHosts })
  await issue('kubelet-client', { name: 'kube-apiserver', organizations: ['system:masters'] })
  for (const part of followers) {
    const path = join(folder, `${part}.kubeconfig`)
    await writeKubeconfig(path, { url, ca: authority.cert }, await authority.sign({ name: `system:${part}` }))
  }
  return authority
}
