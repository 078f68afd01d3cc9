import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = new URL('.', import.meta.url)
const cache = new URL('../../../.cache/cluster/', here)

const sources = (): string => {
  const hash = createHash('sha256')
  for (const name of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(new URL(name, here)))
  return hash.digest('hex').slice(0, 16)
}

/** A program of Kubernetes, or etcd. */
export type KubernetesProgram =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubelet'
  | 'kubectl'

// What the folder holds that KUBEBUILDER_ASSETS names, by the custom of kubebuilder's envtest.
const assets: ReadonlySet<KubernetesProgram> = new Set(['etcd', 'kube-apiserver'])

/** Where a program is: in the folder that KUBEBUILDER_ASSETS names, or where test/cluster/real/setup puts it. */
export const pathOf = (program: KubernetesProgram): string => {
  const folder = assets.has(program) ? process.env['KUBEBUILDER_ASSETS'] : undefined
  const path = folder ? join(folder, program) : fileURLToPath(new URL(`${sources()}/${program}`, cache))
  if (existsSync(path)) return path
  throw new Error(
    `${program} is not at ${path}: ${folder ? 'KUBEBUILDER_ASSETS names that folder' : 'run test/cluster/real/setup first'}`,
  )
}
