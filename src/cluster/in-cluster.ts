import { join } from 'node:path'
import { fail, ok, type Result } from '../lib/result.ts'
import { readSmallFile } from '../lib/small-file.ts'
import type { ClusterAccess, Presented } from './identity.ts'
import { createIdentity } from './presenting.ts'

/** Where the kubelet mounts a pod's token and the cluster's authority. */
export const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount'

/** What tells a pod where its API server is. */
export interface InClusterOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly directory: string
  readonly nowMs: () => number
}

const textOf = async (file: string): Promise<string | undefined> => {
  const read = await readSmallFile(file)
  return read.ok ? read.value.toString('utf8').trim() : undefined
}

const present = async (directory: string): Promise<Result<Presented, 'no-credentials'>> => {
  const [token, ca] = await Promise.all([textOf(join(directory, 'token')), textOf(join(directory, 'ca.crt'))])
  if (token === undefined || token === '' || ca === undefined) return fail('no-credentials')
  const terms = { ca, cert: undefined, key: undefined, serverName: undefined, verify: true, through: undefined }
  return ok({ headers: { authorization: `Bearer ${token}` }, terms })
}

/**
 * The way to the API server from within a pod; undefined where this is none. The client library is not asked: loading it costs a
 * pod 80 MB of memory, for two variables and two files.
 */
export const inCluster = async (options: InClusterOptions): Promise<ClusterAccess | undefined> => {
  const { environment, directory, nowMs } = options
  const [host, port] = [environment['KUBERNETES_SERVICE_HOST'], environment['KUBERNETES_SERVICE_PORT']]
  if (!host || !port || (await textOf(join(directory, 'token'))) === undefined) return undefined
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    identity: createIdentity(nowMs, () => present(directory)),
    namespace: (await textOf(join(directory, 'namespace'))) || 'default',
  }
}
