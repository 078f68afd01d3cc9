import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { KubeClient, KubeObject } from '../../cluster/real/client.ts'

const folder = join(import.meta.dirname, '../../../.cache/audit')

const reports = [
  'wgpolicyk8s.io_policyreports.yaml',
  'openreports.io_reports.yaml',
  'openreports.io_clusterreports.yaml',
]

const definition = (file: string): KubeObject => {
  const made = existsSync(folder) ? readdirSync(folder) : []
  const path = made.map(version => join(folder, version, file)).findLast(each => existsSync(each))
  if (path === undefined) throw new Error(`test/audit/real/setup has not fetched ${file}: run it first`)
  return parse(readFileSync(path, 'utf8'))
}

const monitoring = ['servicemonitors', 'prometheusrules'].map(name => `monitoring.coreos.com_${name}.yaml`)
const certManager = ['certificates', 'issuers'].map(name => `cert-manager.io_${name}.yaml`)

/** Brings the real definitions of the reports' kinds into a cluster, and waits until it serves them. */
export const defineReports = (client: KubeClient): Promise<void> => define(client, reports)

/** Brings those of cert-manager and of the Prometheus operator. */
export const defineOperators = (client: KubeClient): Promise<void> => define(client, [...certManager, ...monitoring])

const define = async (client: KubeClient, files: readonly string[]): Promise<void> => {
  for (const file of files) {
    const { apiVersion, kind, metadata } = await client.apply(definition(file))
    const isServed = ({ status }: KubeObject): boolean => isEstablished(status)
    await client.until(apiVersion, kind, metadata.name, undefined, isServed, 30_000)
  }
}

const isEstablished = (status: unknown): boolean => {
  const conditions = (status as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] })
    ?.conditions
  return conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True') ?? false
}
