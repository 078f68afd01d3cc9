import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pathOf } from './built.ts'
import type { Authority, CertificatePair } from './certificates.ts'
import { connectAs, type KubeClient } from './client.ts'
import { writeKubeconfig } from './kubeconfig.ts'

/** What a test is told of a cluster that runs. */
export interface ClusterAccess {
  readonly url: string
  /** The certificate that vouches for the API server, as PEM. */
  readonly ca: string
  /** The path of the admin's kubeconfig. */
  readonly kubeconfig: string
  /** The path of a kubectl of the same version. */
  readonly kubectl: string
  readonly folder: string
  /** Speaks as the admin. */
  readonly client: KubeClient
  /** Writes a kubeconfig with a fresh token of a ServiceAccount that exists: one for each replica. */
  readonly accountKubeconfig: (
    namespace: string,
    name: string,
  ) => Promise<{ readonly path: string; readonly token: string }>
  /** Writes a kubeconfig with a certificate for a user. */
  readonly userKubeconfig: (user: string, groups?: readonly string[]) => Promise<string>
  /** A certificate that the cluster's authority signed, for a server with these DNS names and addresses. */
  readonly serverCertificate: (hosts: readonly string[]) => Promise<CertificatePair>
}

/** What an access is made from. */
export interface AccessSources {
  readonly url: string
  readonly folder: string
  readonly authority: Authority
}

const requestToken = async (client: KubeClient, namespace: string, name: string): Promise<string> => {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`
  const { status, body } = await client.request('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  })
  if (status !== 201) throw new Error(`no token for ${namespace}/${name}: ${status} ${JSON.stringify(body)}`)
  return (body as { readonly status: { readonly token: string } }).status.token
}

/** Makes the access to a cluster, whose API server need not run yet. */
export const accessTo = async ({ url, folder, authority }: AccessSources): Promise<ClusterAccess> => {
  const address = { url, ca: authority.cert }
  const admin = await authority.sign({ name: 'admin', organizations: ['system:masters'] })
  // Several processes may have access to one cluster, and to one folder.
  const newPath = (whose: string): string => join(folder, `${whose}-${randomUUID()}.kubeconfig`)
  const kubeconfig = newPath('admin')
  await writeKubeconfig(kubeconfig, address, admin)
  const client = connectAs(address, admin)
  return {
    ...address,
    kubeconfig,
    kubectl: pathOf('kubectl'),
    folder,
    client,
    accountKubeconfig: async (namespace, name) => {
      const token = await requestToken(client, namespace, name)
      const path = newPath(name)
      await writeKubeconfig(path, address, { token })
      return { path, token }
    },
    userKubeconfig: async (user, groups = []) => {
      const path = newPath('user')
      await writeKubeconfig(path, address, await authority.sign({ name: user, organizations: groups }))
      return path
    },
    serverCertificate: hosts => authority.sign({ name: 'server', hosts }),
  }
}
