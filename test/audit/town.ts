import type { FakeApiServer } from '../support/api-server/server.ts'
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
