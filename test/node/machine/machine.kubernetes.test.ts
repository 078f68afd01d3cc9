import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basicAuthorization } from '../../../src/registry/auth/credential.ts'
import { podOf, progressOf } from '../../cluster/real/pods.ts'
import { type StandingCluster, standingCluster } from '../../cluster/real/standing-cluster.ts'
import { push } from '../../registries/push.ts'
import { boxImage } from './box-image.ts'
import { member } from './registries.ts'

const run = promisify(execFile)
const namespace = 'machine-test'

describe('the node that stands for all tests', () => {
  let cluster: StandingCluster
  const kubectl = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await run(cluster.kubectl, [
      '--kubeconfig',
      cluster.kubeconfig,
      '--namespace',
      namespace,
      ...args,
    ])
    return stdout
  }
  const untilWaiting = (name: string) =>
    cluster.client.until('v1', 'Pod', name, namespace, pod => progressOf(pod).waitsFor.includes('Pull'), 60_000)
  const untilRunning = (name: string) =>
    cluster.client.until('v1', 'Pod', name, namespace, pod => progressOf(pod).phase === 'Running', 60_000)

  beforeAll(async () => {
    cluster = await standingCluster()
    await cluster.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    await cluster.client.until('v1', 'ServiceAccount', 'default', namespace, () => true, 30_000)
  })
  afterAll(async () => {
    await cluster.client.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    await cluster.client.close()
  })

  test('is ready, and says what it runs', async () => {
    expect(await kubectl('get', 'nodes', '--no-headers', '-o', 'wide')).toMatch(/^node-a +Ready .*containerd:\/\/2\./)
  })

  test('runs a good image', async () => {
    const { open } = cluster.machine.registries
    await push({ url: `http://${open}`, repository: 'machine/good', tag: '1' }, boxImage('good'))
    await cluster.client.apply(podOf(namespace, 'good', `${open}/machine/good:1`))
    await untilRunning('good')
    expect(await kubectl('logs', 'good')).toBe('box runs on linux/amd64 []\n')
  })

  test('tells of an image that is not there, and of one that it has no credentials for', async () => {
    const { open, private: closed } = cluster.machine.registries
    const authorization = basicAuthorization(member)
    await push({ url: `http://${closed}`, repository: 'machine/secret', tag: '1', authorization }, boxImage('secret'))
    await cluster.client.apply(podOf(namespace, 'absent', `${open}/machine/absent:1`))
    await cluster.client.apply(podOf(namespace, 'refused', `${closed}/machine/secret:1`))
    const absent = progressOf(await untilWaiting('absent'))
    expect(absent.message).toContain('not found')
    const refused = progressOf(await untilWaiting('refused'))
    expect(refused.message).toMatch(/401 Unauthorized|no basic auth credentials/)
  })

  test('tells of a registry whose name nobody knows', async () => {
    await cluster.client.apply(podOf(namespace, 'unknown', 'nobody.test/web:1'))
    expect(progressOf(await untilWaiting('unknown')).message).toContain('no such host')
  })
})
