import type { ClusterAccess } from '../../cluster/real/access.ts'
import type { KubeObject } from '../../cluster/real/client.ts'

/** Where everything of the webhook is. */
export const home = 'pullgate'
/** The name by which the API server calls it. */
export const serverName = `pullgate.${home}.svc`
/** Its registration, and the Secret with its authority. */
export const [registrationName, secretName] = ['pullgate', 'pullgate-ca']
/** The port of every replica. */
export const port = 8443

const core = (resources: readonly string[], verbs: readonly string[]) => ({ apiGroups: [''], resources, verbs })

const roleRef = (kind: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name: 'pullgate' })
const subjects = [{ kind: 'ServiceAccount', name: 'pullgate', namespace: home }]
const rbac = 'rbac.authorization.k8s.io/v1'

const rights: readonly KubeObject[] = [
  {
    ...{ apiVersion: rbac, kind: 'ClusterRole', metadata: { name: 'pullgate' } },
    rules: [
      core(['secrets', 'serviceaccounts'], ['get']),
      core(['nodes'], ['list', 'watch']),
      core(['namespaces'], ['get', 'list', 'watch']),
      core(['events'], ['create', 'patch']),
      { apiGroups: ['node.k8s.io'], resources: ['runtimeclasses'], verbs: ['list', 'watch'] },
      {
        apiGroups: ['admissionregistration.k8s.io'],
        resources: ['validatingwebhookconfigurations'],
        resourceNames: [registrationName],
        verbs: ['get', 'patch'],
      },
    ],
  },
  {
    ...{ apiVersion: rbac, kind: 'Role', metadata: { name: 'pullgate', namespace: home } },
    rules: [{ ...core(['secrets'], ['get', 'patch']), resourceNames: [secretName] }],
  },
  {
    ...{ apiVersion: rbac, kind: 'ClusterRoleBinding', metadata: { name: 'pullgate' } },
    ...{ roleRef: roleRef('ClusterRole'), subjects },
  },
  {
    ...{ apiVersion: rbac, kind: 'RoleBinding', metadata: { name: 'pullgate', namespace: home } },
    ...{ roleRef: roleRef('Role'), subjects },
  },
]

const named = (kind: string, name: string, more: object = {}): KubeObject => ({
  ...{ apiVersion: 'v1', kind, metadata: { name, ...(kind === 'Namespace' ? {} : { namespace: home }) } },
  ...more,
})

/** A namespace in which pods can be made, with a mode of its own or without. */
export const makeNamespace = async ({ client }: ClusterAccess, name: string, mode?: string): Promise<void> => {
  const labels = mode === undefined ? {} : { 'pullgate.dev/mode': mode }
  await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
  // Without a controller manager nobody else makes it.
  await client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } })
}

/** The registration, as an operator makes it: without a bundle. */
export const registrationOf = (failurePolicy: 'Ignore' | 'Fail'): KubeObject => ({
  ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
  metadata: { name: registrationName },
  webhooks: [
    {
      name: 'pods.pullgate.dev',
      clientConfig: { service: { name: 'pullgate', namespace: home, path: '/validate', port: 443 } },
      rules: [
        {
          operations: ['CREATE', 'UPDATE'],
          apiGroups: [''],
          apiVersions: ['v1'],
          resources: ['pods', 'pods/ephemeralcontainers'],
        },
        { operations: ['CREATE', 'UPDATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] },
      ],
      namespaceSelector: {
        matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [home, 'kube-system'] }],
      },
      ...{ failurePolicy, sideEffects: 'None', admissionReviewVersions: ['v1'], timeoutSeconds: 10 },
    },
  ],
})

/** Makes everything but the replicas. */
export const install = async (cluster: ClusterAccess): Promise<void> => {
  const { client } = cluster
  await makeNamespace(cluster, home)
  const ports = [{ name: 'https', port: 443, targetPort: port, protocol: 'TCP' }]
  const secret = named('Secret', secretName, { type: 'Opaque' })
  for (const object of [
    named('ServiceAccount', 'pullgate'),
    ...rights,
    secret,
    named('Service', 'pullgate', { spec: { ports } }),
  ])
    await client.apply(object)
  await client.apply(registrationOf('Ignore'))
}

/** Sends the API server to these addresses. */
export const setEndpoints = async ({ client }: ClusterAccess, addresses: readonly string[]): Promise<void> => {
  await client.apply({
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
    metadata: { name: 'pullgate', namespace: home, labels: { 'kubernetes.io/service-name': 'pullgate' } },
    endpoints: addresses.map(address => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  })
}
