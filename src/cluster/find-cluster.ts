import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fail, ok, type Result } from '../lib/result.ts'
import type { ClusterAccess } from './identity.ts'
import { inCluster, serviceAccountDirectory } from './in-cluster.ts'
import type { NoCluster } from './no-cluster.ts'

/** Where to look for a cluster. */
export interface FindClusterOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly homeDirectory: string
  /** A context of the kubeconfig; undefined: the current one. */
  readonly context: string | undefined
  /** Other than where the kubelet mounts it in tests. */
  readonly serviceAccountDirectory?: string
  readonly nowMs: () => number
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

/** The kubeconfig's files; none where nothing names them and there is none at home. */
const kubeConfigFiles = async ({ environment, homeDirectory }: FindClusterOptions): Promise<readonly string[]> => {
  const named = (environment['KUBECONFIG'] ?? '').split(delimiter).filter(file => file !== '')
  if (named.length > 0) return named
  const atHome = join(homeDirectory, '.kube', 'config')
  return (await exists(atHome)) ? [atHome] : []
}

/** Finds the cluster as kubectl does: KUBECONFIG, then ~/.kube/config, then the pod's own ServiceAccount. */
export const findCluster = async (options: FindClusterOptions): Promise<Result<ClusterAccess, NoCluster>> => {
  const { environment, context, nowMs } = options
  const files = await kubeConfigFiles(options)
  if (files.length > 0) {
    const { fromKubeConfig } = await import('./kube-config.ts')
    return fromKubeConfig({ files, context, nowMs })
  }
  if (context !== undefined) return fail({ kind: 'no-kubeconfig', wanted: context })
  const directory = options.serviceAccountDirectory ?? serviceAccountDirectory
  const access = await inCluster({ environment, directory, nowMs })
  return access === undefined ? fail({ kind: 'none' }) : ok(access)
}
