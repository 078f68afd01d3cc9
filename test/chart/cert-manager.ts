import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster } from '../cluster/real/cluster.ts'
import type { Rendered } from './helm.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const registrations = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations'
const annotation = 'cert-manager.io/inject-ca-from'

/**
 * Signs what a Certificate asks for, and writes it into its Secret, as cert-manager does with an Issuer of the kind `ca`: the chain, the
 * key, and the authority (cert-manager pkg/controller/certificates/issuing/internal/secret.go).
 */
export const issue = async (cluster: Cluster, namespace: string, name: string): Promise<void> => {
  const certificate: Rendered = await cluster.client.get('cert-manager.io/v1', 'Certificate', name, namespace)
  const { secretName, dnsNames } = certificate.spec
  const { cert, key } = await cluster.serverCertificate(dnsNames)
  const data = { 'tls.crt': base64(cert), 'tls.key': base64(key), 'ca.crt': base64(cluster.ca) }
  const metadata = { name: secretName, namespace, annotations: { 'cert-manager.io/certificate-name': name } }
  await cluster.client.apply({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', data })
}

/**
 * Writes the authority into every registration that names a Certificate, as cert-manager's cainjector does: from the Secret of the
 * Certificate, into every webhook, by an update of the whole object (cert-manager pkg/controller/cainjector/injectors.go).
 */
export const injectAuthorities = async ({ client }: Cluster): Promise<number> => {
  const { items } = (await client.request('GET', registrations)).body as { readonly items: readonly Rendered[] }
  const annotated = items.filter(({ metadata }) => metadata.annotations?.[annotation] !== undefined)
  for (const registration of annotated) {
    const [namespace, name] = registration.metadata.annotations[annotation].split('/')
    const certificate: Rendered = await client.get('cert-manager.io/v1', 'Certificate', name, namespace)
    const secret: Rendered = await client.get('v1', 'Secret', certificate.spec.secretName, namespace)
    for (const { clientConfig } of registration.webhooks) clientConfig.caBundle = secret.data['ca.crt']
    const { status } = await client.request('PUT', `${registrations}/${registration.metadata.name}`, registration)
    if (status !== 200) throw new Error(`${registration.metadata.name} could not be written: ${status}`)
  }
  return annotated.length
}

/**
 * Shows a Secret in a folder as the kubelet does: in a folder of its own behind a link, so that all files change at once
 * (kubernetes pkg/volume/util/atomic_writer.go).
 */
export const mountSecret = async ({ client }: Cluster, namespace: string, name: string, at: string): Promise<void> => {
  const { data, metadata }: Rendered = await client.get('v1', 'Secret', name, namespace)
  const version = `..${metadata.resourceVersion}`
  await mkdir(join(at, version), { recursive: true })
  for (const [file, text] of Object.entries<string>(data)) {
    await writeFile(join(at, version, file), Buffer.from(text, 'base64'))
    await symlink(join('..data', file), join(at, file)).catch(() => {})
  }
  await symlink(version, join(at, '..data_tmp'))
  await rename(join(at, '..data_tmp'), join(at, '..data'))
}
