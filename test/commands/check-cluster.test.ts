import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { singleImage } from '../../src/demo/images.ts'
import { apiServerFor } from '../support/api-server/connect.ts'
import { type FakeApiServer, refuse } from '../support/api-server/server.ts'
import { registryFor } from '../support/lifetime.ts'
import { basicGate } from '../support/token-server.ts'
import { folder, pullgate } from './run-pullgate.ts'

const me = { username: 'me', password: 'secret' }
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const kubeconfig = ({ url, caPem }: FakeApiServer): string =>
  JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: url, 'certificate-authority-data': base64(caPem) } }],
    users: [{ name: 'u', user: { token: 'TOKEN' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  })

const pod = (image: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { imagePullSecrets: [{ name: 'pull' }], containers: [{ image }] },
  })

const node = (architecture: string) => ({
  metadata: { name: architecture, labels: { 'kubernetes.io/arch': architecture } },
  status: { nodeInfo: { architecture, operatingSystem: 'linux', containerRuntimeVersion: 'containerd://2.4.2' } },
})

/** A cluster with one node and a pull secret, a private registry, and a manifest of a pod in a folder. */
const setUp = async () => {
  const [api, registry, at] = await Promise.all([apiServerFor(), registryFor({ intercept: basicGate([me]) }), folder()])
  registry.put('shop/web', '1', singleImage('linux/amd64'))
  api.objects.set('/api/v1/namespaces/shop/secrets/pull', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'pull', namespace: 'shop' },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': base64(JSON.stringify({ auths: { [registry.host]: me } })) },
  })
  await writeFile(join(at, 'kubeconfig'), kubeconfig(api))
  await writeFile(join(at, 'pod.json'), pod(`${registry.host}/shop/web:1`))
  const check = (...args: readonly string[]) =>
    pullgate(['check', 'pod.json', ...args], { folder: at, environment: { KUBECONFIG: join(at, 'kubeconfig') } })
  return { api, check }
}

test('--cluster takes secrets, nodes and modes from the cluster of the kubeconfig', async () => {
  const { api, check } = await setUp()
  api.nodes.put(node('amd64'))
  api.namespaces.put({ metadata: { name: 'shop', labels: {} } })
  expect((await check()).code).toBe(3)
  expect(await check('--cluster', '-n', 'shop')).toMatchObject({ code: 0, stderr: '' })
  const elsewhere = await check('--cluster')
  expect(elsewhere.stdout).toContain('missing-pull-secret')
  api.nodes.put(node('arm64'))
  expect((await check('--cluster', '-n', 'shop')).stdout).toContain('some-platforms')
  api.namespaces.put({ metadata: { name: 'shop', labels: { 'pullgate.dev/mode': 'off' } } })
  expect((await check('--cluster', '-n', 'shop')).stdout).not.toContain('some-platforms')
})

test('what cannot be had of a cluster is said in a sentence, with what to do', async () => {
  const { api, check } = await setUp()
  api.willMeet((request, response) => request.path.endsWith('/nodes') && refuse(response, 403, 'Forbidden'))
  const forbidden = await check('--cluster', '-n', 'shop')
  expect(forbidden).toMatchObject({
    code: 0,
    stderr: 'The cluster does not let you list nodes: platforms are not judged.\n',
  })
  api.willMeet((_, response) => refuse(response, 401, 'Unauthorized'))
  expect(await check('--cluster')).toMatchObject({
    code: 2,
    stderr:
      'The cluster cannot be asked, it does not know you: log in again; try "kubectl get nodes", or leave --cluster out.\n',
  })
  await api.close()
  expect((await check('--cluster')).stderr).toMatch(/^The cluster cannot be asked, it cannot be reached; /)
  expect((await check('--context', 'other')).stderr).toContain('has no context "other"')
})
