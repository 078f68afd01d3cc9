import type { ServerResponse } from 'node:http'
import { type FakeApiServer, type Meet, refuse } from '../support/api-server/server.ts'
import type { ApiObject } from '../support/api-server/store.ts'

const bases: Readonly<Record<string, string>> = {
  v1: '/api/v1',
  'apps/v1': '/apis/apps/v1',
  'batch/v1': '/apis/batch/v1',
}

const resources: Readonly<Record<string, readonly (readonly [kind: string, name: string])[]>> = {
  v1: [['Pod', 'pods']],
  'apps/v1': [
    ['Deployment', 'deployments'],
    ['ReplicaSet', 'replicasets'],
    ['DaemonSet', 'daemonsets'],
    ['StatefulSet', 'statefulsets'],
  ],
  'batch/v1': [
    ['Job', 'jobs'],
    ['CronJob', 'cronjobs'],
  ],
}

const listOf = (items: readonly object[]): ApiObject =>
  ({ kind: 'List', metadata: { resourceVersion: '7' }, items }) as unknown as ApiObject

/** Has an API server serve Kubernetes' own kinds, with these objects by `apiVersion/Kind`. */
export const settle = (api: FakeApiServer, objects: Readonly<Record<string, readonly object[]>>): void => {
  const groups = ['apps', 'batch'].map(name => ({
    name,
    versions: [{ groupVersion: `${name}/v1`, version: 'v1' }],
    preferredVersion: { groupVersion: `${name}/v1`, version: 'v1' },
  }))
  api.objects.set('/apis', { kind: 'APIGroupList', groups } as unknown as ApiObject)
  for (const [version, rows] of Object.entries(resources)) {
    const base = bases[version] ?? ''
    const served = rows.map(([kind, name]) => ({ name, kind, namespaced: true, verbs: ['get', 'list'] }))
    api.objects.set(base, { kind: 'APIResourceList', resources: served } as unknown as ApiObject)
    for (const [kind, name] of rows) api.objects.set(`${base}/${name}`, listOf(objects[`${version}/${kind}`] ?? []))
  }
}

/** A kubeconfig that leads to an API server. */
export const kubeConfig = ({ url, caPem }: FakeApiServer): string =>
  JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'here' },
    clusters: [
      { name: 'c', cluster: { server: url, 'certificate-authority-data': Buffer.from(caPem).toString('base64') } },
    ],
    users: [{ name: 'u', user: { token: 'TOKEN' } }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
  })

const answer = (response: ServerResponse, code: number, body: object): true => {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  return true
}

/** Has an API server keep what is written to it: objects that are made, put in another's place, and removed. */
export const keepWhatIsWritten =
  ({ objects }: FakeApiServer): Meet =>
  ({ method, path, body }, response) => {
    if (method === 'GET') return false
    const object = JSON.parse(body)
    const at = method === 'POST' ? `${path}/${object.metadata.name}` : path
    if (method === 'DELETE') return objects.delete(at) ? answer(response, 200, {}) : false
    if (method === 'POST' && objects.has(at)) return refuse(response, 409, 'AlreadyExists')
    objects.set(at, object)
    return answer(response, method === 'POST' ? 201 : 200, object)
  }
