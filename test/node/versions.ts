import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { asText, propertyAt } from '../../src/lib/untrusted.ts'
import type { KubeClient } from '../cluster/real/client.ts'
import { debianFolder } from './machine/built.ts'
import type { Versions } from './report.ts'

const run = promisify(execFile)

const firstLine = async (program: string, pattern: RegExp): Promise<string> => {
  const { stdout } = await run(join(debianFolder(), program), ['--version'])
  return pattern.exec(stdout)?.[0] ?? 'unknown'
}

/** What a node says that it is. */
export const nodeInfoOf = async (
  client: KubeClient,
  node: string,
  field: 'kubeletVersion' | 'containerRuntimeVersion',
): Promise<string> => asText(propertyAt(await client.get('v1', 'Node', node), 'status', 'nodeInfo', field)) ?? 'unknown'

/** The versions of everything that has a part in a run. */
export const versionsOf = async (client: KubeClient, node: string): Promise<Versions> => ({
  'kubelet and control plane': await nodeInfoOf(client, node, 'kubeletVersion'),
  'container runtime': await nodeInfoOf(client, node, 'containerRuntimeVersion'),
  runc: await firstLine('runc', /\d+(?:\.\d+)+/),
  'docker-registry': await firstLine('docker-registry', /v?\d+(?:\.\d+)+/),
})
