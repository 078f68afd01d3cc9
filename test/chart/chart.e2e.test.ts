import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { neededRights, type RightsOptions } from '../../src/commands/rights.ts'
import { admissionRules, builtInKinds } from '../../src/workload/kinds.ts'
import { goldenDifference } from './golden.ts'
import { helm, objectsIn, objectsOf, type Rendered, render, theOne } from './helm.ts'
import { chart } from './made-files.ts'

const profile = (name: string): string => join(chart, 'profiles', name)

const everything = {
  replicas: 3,
  imagePullSecrets: [{ name: 'mirror' }],
  webhook: {
    failurePolicy: { pods: 'Fail' },
    exemptNamespaces: ['cni'],
    namespaceSelector: { matchLabels: { pullgate: 'on' }, matchExpressions: [{ key: 'team', operator: 'Exists' }] },
    matchConditions: [{ name: 'not-of-ours', expression: "request.userInfo.username != 'deployer'" }],
    extraRules: [{ apiGroups: ['example.com'], apiVersions: ['*'], resources: ['oxen'] }],
    labels: { 'admissions.enforcer/disabled': 'true' },
    annotations: { owner: 'platform' },
  },
  config: {
    mode: 'warn',
    serve: { timeoutSeconds: 3 },
    kinds: [{ group: 'example.com', kind: 'Game', templates: ['spec.template'] }],
  },
  certificates: { clientCa: { configMap: 'front-proxy-ca' } },
  serviceAccount: { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/pull' } },
  rbac: { accountTokens: true },
  initContainers: [{ name: 'programs', image: 'registry.example/programs:1' }],
  extraEnv: [{ name: 'AWS_REGION', value: 'eu-central-1' }],
  extraVolumes: [{ name: 'programs', emptyDir: {} }],
  extraVolumeMounts: [{ name: 'programs', mountPath: '/programs' }],
  proxy: { https: 'http://proxy.example:3128', except: '10.0.0.0/8,.svc' },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ operator: 'Exists' }],
  affinity: { nodeAffinity: {} },
  podAnnotations: { a: 'b' },
  podLabels: { c: 'd' },
  networkPolicy: { egress: [{ ports: [{ port: 443 }] }] },
  audit: { enabled: true, replicas: 2, page: { enabled: true, names: ['audit.example'] } },
  metrics: { serviceMonitor: { enabled: true }, rules: { enabled: true }, dashboard: { enabled: true } },
}

const files = { certificates: { source: 'files', secretName: 'pullgate-tls' } }
const certManager = { certificates: { source: 'cert-manager' } }

describe('the chart', () => {
  it('passes helm lint, and with every profile', async () => {
    const profiles = readdirSync(join(chart, 'profiles'))
    for (const args of [[], ...profiles.map(file => ['-f', profile(file)])]) {
      const { code, stdout, stderr } = await helm(['lint', '--strict', chart, ...args])
      expect({ args, code, stdout, stderr }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('0 chart(s) failed'),
      })
    }
  })

  it.each([
    ['defaults', {}, []],
    ['everything', everything, [profile('ha.yaml')]],
    ['files', files, [profile('audit.yaml')]],
    ['cert-manager', certManager, [profile('warn.yaml')]],
  ])('renders %s as it did', async (name, values, from) => {
    expect(goldenDifference(name, await render(values, from))).toBeUndefined()
  })

  it.each<[string, object, string]>([
    ['a value that there is not', { replicaCount: 3 }, "additional properties 'replicaCount' not allowed"],
    ['a mode that there is not', { config: { mode: 'enforced' } }, "'/config/mode': value must be one of"],
    ['a verdict that there is not', { config: { policy: { 'not-fond': 'deny' } } }, "'not-fond' not allowed"],
    ['a pattern as a number', { config: { ignoreImages: [3] } }, "'/config/ignoreImages/0': got number, want string"],
    ['a timeout above that of Kubernetes', { config: { serve: { timeoutSeconds: 31 } } }, 'maximum: got 31, want 30'],
    ['a digest cut short', { image: { digest: 'sha256:12' } }, "'/image/digest'"],
    ['a policy in the wrong case', { webhook: { failurePolicy: { pods: 'fail' } } }, "'/webhook/failurePolicy/pods'"],
    ['a private key for an authority', { certificates: { ca: '-----BEGIN PRIVATE KEY-----' } }, "'/certificates/ca'"],
    ['files without a Secret', { certificates: { source: 'files' } }, 'needs certificates.secretName'],
    ['a group that was emptied', { config: null }, "missing property 'config'"],
    ['no policy, which would be Fail', { webhook: { failurePolicy: { pods: null } } }, "missing property 'pods'"],
    ['a tag in the repository', { image: { repository: 'r.example:5000/pullgate:1' } }, "'/image/repository'"],
    ['what is no namespace', { webhook: { exemptNamespaces: ['cni-*'] } }, "'/webhook/exemptNamespaces/0'"],
    [
      'an operator that there is not',
      { webhook: { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Equals' }] } } },
      "matchExpressions/0/operator': value must be one of",
    ],
    [
      'a condition without a name',
      { webhook: { matchConditions: [{ expression: 'true' }] } },
      "missing property 'name'",
    ],
    ['replicas in words', { replicas: '3' }, "'/replicas': got string, want integer"],
    ['a mount without a place', { extraVolumeMounts: [{ name: 'a' }] }, "missing property 'mountPath'"],
    ['an issuer without a name', { certificates: { certManager: { issuer: { kind: 'ClusterIssuer' } } } }, "'name'"],
    [
      'the port of the kubelet on the nodes themselves',
      { hostNetwork: true },
      "this port of the nodes is the kubelet's",
    ],
    ['one port for two', { webhook: { port: 8080 } }, 'webhook.port and metrics.port are both 8080'],
    [
      "one port for two of the audit's",
      { audit: { enabled: true, metricsPort: 8081, page: { enabled: true } } },
      'audit.metricsPort and audit.page.port are both 8081',
    ],
    [
      'rights for an account that is everybody’s',
      { serviceAccount: { create: false } },
      'serviceAccount.name is empty',
    ],
    ['a Secret that nothing reads', { certificates: { secretName: 'tls' } }, 'are for certificates.source files'],
    ['an issuer that nobody asks', { certificates: { certManager: { issuer: { name: 'a' } } } }, 'and it is self'],
  ])('refuses %s', async (_, values, said) => {
    await expect(render(values)).rejects.toThrow(said)
  })
})

describe('what is said after the installation', () => {
  const notes = async (values: object): Promise<string> => {
    const argv = ['install', 'pullgate', chart, '--namespace', 'pullgate-system', '--dry-run=client', '-f', '-']
    const { stdout } = await helm(argv, {}, JSON.stringify(values))
    return stdout.slice(stdout.indexOf('\nNOTES:'))
  }

  it('is what to try first, how to go on, and how to get rid of it', async () => {
    const said = await notes({})
    expect(said).toContain('in the mode enforce: what cannot be pulled is rejected')
    expect(said).toContain('helm -n pullgate-system test pullgate')
    expect(said).toContain('--image=registry.k8s.io/pause:no-such-tag --dry-run=server')
    expect(said).toContain('upgrade pullgate CHART --reuse-values --set config.mode=warn')
    expect(said).toContain('kubectl delete validatingwebhookconfiguration pullgate')
    expect(said).not.toMatch(/Fail|replica is|nobody answers|certificates\.ca/)
  })

  it('is more where there is more to know', async () => {
    expect(await notes({ config: { mode: 'audit' }, replicas: 0, test: { enabled: false } })).toMatch(
      /mode audit.*pullgate\.dev\/mode=warn.*config\.mode=enforce.*nobody answers until you scale/s,
    )
    const closed = { failurePolicy: { pods: 'Fail' }, exemptNamespaces: ['cni'] }
    expect(await notes({ ...files, replicas: 1, webhook: closed })).toMatch(
      /Fail for pods: .*but kube-system, kube-node-lease, pullgate-system, cni\..*one replica.*certificates\.ca is empty/s,
    )
  })
})

describe('the configuration', () => {
  it.each([{}, everything.config, { ignoreImages: ['localhost:*/*', '*"#'], serve: { testImage: 'a: b' } }])(
    'stands in the ConfigMap word for word: %j',
    async config => {
      const { data } = theOne(await objectsOf({ config }), 'ConfigMap', 'pullgate')
      const { parse } = await import('yaml')
      expect(parse(data['pullgate.yaml'])).toEqual(config)
    },
  )

  it('gives the webhook its timeout, and the pods time to drain', async () => {
    const objects = await objectsOf({ config: { serve: { timeoutSeconds: 3, drainSeconds: 20 } } })
    expect(webhooksOf(objects).map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([3, 3])
    expect(podOf(objects).terminationGracePeriodSeconds).toBe(35)
    expect(podOf(await objectsOf()).terminationGracePeriodSeconds).toBe(110)
  })

  it('starts pods anew for what is read at their start only', async () => {
    const startedWith = async (config: object): Promise<string> =>
      theOne(await objectsOf({ config }), 'Deployment', 'pullgate').spec.template.metadata.annotations[
        'pullgate.dev/started-with'
      ]
    const before = await startedWith({})
    expect(await startedWith({ mode: 'audit', serve: { timeoutSeconds: 3 } })).toBe(before)
    expect(await startedWith({ serve: { drainSeconds: 20 } })).not.toBe(before)
  })
})

const webhooksOf = (objects: readonly Rendered[]): readonly Rendered[] =>
  theOne(objects, 'ValidatingWebhookConfiguration').webhooks

const podOf = (objects: readonly Rendered[], name = 'pullgate'): Rendered =>
  theOne(objects, 'Deployment', name).spec.template.spec

describe('the registration', () => {
  const rulesOf = (objects: readonly Rendered[]): readonly Rendered[] =>
    webhooksOf(objects).flatMap(({ rules }) => rules)
  const without = ({ apiGroups, apiVersions, resources }: Rendered) => ({ apiGroups, apiVersions, resources })

  it('asks about the kinds that are known, pods by a webhook of their own', async () => {
    const [pods, workloads] = webhooksOf(await objectsOf())
    const known = admissionRules(builtInKinds)
    const ofPods = ['pods', 'pods/ephemeralcontainers']
    expect(pods.rules.map(without)).toEqual([{ ...known[0], resources: ofPods }])
    const others = known.map(rule => ({
      ...rule,
      resources: rule.resources.filter(resource => rule.apiGroups[0] !== '' || !ofPods.includes(resource)),
    }))
    expect(workloads.rules.map(without)).toEqual(others)
    for (const { operations } of [...pods.rules, ...workloads.rules]) expect(operations).toEqual(['CREATE', 'UPDATE'])
  })

  it.each([
    ['Game', 'games'],
    ['Proxy', 'proxies'],
    ['Bus', 'buses'],
  ])('asks about the kind %s of the configuration as %s', async (kind, plural) => {
    const config = { kinds: [{ group: 'example.com', kind, templates: ['spec.template'] }] }
    const rules = rulesOf(await objectsOf({ config })).map(without)
    expect(rules.at(-1)).toEqual({ apiGroups: ['example.com'], apiVersions: ['*'], resources: [plural] })
    expect(rules.length).toBe(rulesOf(await objectsOf()).length + 1)
  })

  it('asks about every update where a kind of the configuration has its template outside of spec', async () => {
    const conditionsWith = async (template: string) => {
      const config = { kinds: [{ kind: 'Game', templates: [template] }] }
      return webhooksOf(await objectsOf({ config })).map(({ matchConditions }) =>
        matchConditions.map(({ name }: Rendered) => name),
      )
    }
    expect((await conditionsWith('spec.template'))[1]).toContain('differs-in-its-spec')
    expect((await conditionsWith('special.template'))[1]).not.toContain('differs-in-its-spec')
    expect((await conditionsWith('special.template'))[0]).toContain('differs-in-its-spec')
  })

  it('lets through what it cannot ask about, unless told otherwise', async () => {
    const policies = async (values: object) => webhooksOf(await objectsOf(values)).map(hook => hook.failurePolicy)
    expect(await policies({})).toEqual(['Ignore', 'Ignore'])
    expect(await policies(everything)).toEqual(['Fail', 'Ignore'])
  })

  it('leaves alone kube-system, its own namespace, and those that are off', async () => {
    const [{ namespaceSelector }] = webhooksOf(await objectsOf({ webhook: { exemptNamespaces: ['cni'] } }))
    expect(namespaceSelector.matchExpressions).toEqual([
      {
        key: 'kubernetes.io/metadata.name',
        operator: 'NotIn',
        values: ['kube-system', 'kube-node-lease', 'pullgate-system', 'cni'],
      },
      { key: 'pullgate.dev/mode', operator: 'NotIn', values: ['off'] },
    ])
  })

  it('says who the authority is only where an operator says so', async () => {
    const ca = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'
    const bundles = async (values: object) =>
      webhooksOf(await objectsOf(values)).map(({ clientConfig }) => clientConfig.caBundle)
    for (const values of [{}, files, certManager]) expect(await bundles(values)).toEqual([undefined, undefined])
    const given = await bundles({ certificates: { ...files.certificates, ca } })
    expect(given.map(bundle => Buffer.from(bundle, 'base64').toString())).toEqual([ca, ca])
  })
})

describe('permissions', () => {
  const rulesOf = (objects: readonly Rendered[], kind: string, of = 'pullgate'): readonly string[] =>
    theOne(objects, kind, of).rules.flatMap(({ apiGroups, resources, resourceNames = [''], verbs }: Rendered) =>
      resources.flatMap((resource: string) =>
        resourceNames.map((name: string) => `${verbs.join(',')} ${resource}.${apiGroups[0]}${name && ` ${name}`}`),
      ),
    )
  const always = [
    'get secrets.',
    'get serviceaccounts.',
    'list,watch nodes.',
    'get,list,watch namespaces.',
    'create,patch events.',
    'list,watch runtimeclasses.node.k8s.io',
  ]
  const own = 'get,patch validatingwebhookconfigurations.admissionregistration.k8s.io pullgate'

  it('are these and no more', async () => {
    const objects = await objectsOf()
    expect(rulesOf(objects, 'ClusterRole')).toEqual([...always, own])
    expect(rulesOf(objects, 'Role')).toEqual(['get,patch secrets. pullgate-ca'])
  })

  it('are fewer with certificates from elsewhere', async () => {
    const objects = await objectsOf(files)
    expect(rulesOf(objects, 'ClusterRole')).toEqual(always)
    expect(objects.filter(({ kind }) => kind === 'Role')).toEqual([])
  })

  it('are fewer where pull secrets are not to be read, and more for providers that ask for tokens', async () => {
    expect(rulesOf(await objectsOf({ rbac: { pullSecrets: false } }), 'ClusterRole')).toEqual([...always.slice(1), own])
    const unread = await objectsOf({ rbac: { pullSecrets: false } })
    for (const { args } of [podOf(unread).containers[0], theOne(unread, 'Pod').spec.containers[0]])
      expect(args).toContain('--no-pull-secrets')
    expect(rulesOf(await objectsOf({ rbac: { accountTokens: true } }), 'ClusterRole')).toContain(
      'create serviceaccounts/token.',
    )
  })
})

describe('the rights that the chart grants', () => {
  const deed = (verb: string, group: string, resource: string, of = '', name = '') =>
    `${verb} ${resource}.${group} in ${of === '' ? 'every namespace' : of} ${name}`.trim()

  const granted = (objects: readonly Rendered[]): readonly string[] =>
    ['ClusterRole', 'Role'].flatMap(kind =>
      objects
        .filter(object => object.kind === kind)
        .flatMap(({ metadata: { namespace }, rules }) =>
          rules.flatMap(({ apiGroups, resources, resourceNames = [''], verbs }: Rendered) =>
            verbs.flatMap((verb: string) =>
              resources.flatMap((resource: string) =>
                resourceNames.map((name: string) => deed(verb, apiGroups[0], resource, namespace, name)),
              ),
            ),
          ),
        ),
    )

  const needed = (options: Partial<RightsOptions>): readonly string[] =>
    neededRights({
      ...{ events: true, readsPullSecrets: true, showsTokens: false, authority: undefined },
      ...options,
    }).map(({ deed: { verb, group, resource, subresource, namespace, name } }) =>
      deed(verb, group, subresource === undefined ? resource : `${resource}/${subresource}`, namespace, name),
    )

  const authority = { secret: { namespace: 'pullgate-system', name: 'pullgate-ca' }, registration: 'pullgate' }

  it.each<[string, object, Partial<RightsOptions>]>([
    ['by default', {}, { authority }],
    ['with certificates from elsewhere', files, {}],
    ['without pull secrets', { rbac: { pullSecrets: false } }, { authority, readsPullSecrets: false }],
    ['with tokens for providers', { rbac: { accountTokens: true } }, { authority, showsTokens: true }],
  ])('are those that the webhook uses and asks for, neither more nor fewer: %s', async (_, values, options) => {
    expect(granted(await objectsOf(values)).toSorted()).toEqual(needed(options).toSorted())
  })
})

describe('the audit', () => {
  it('is there only where it is asked for', async () => {
    const named = (objects: readonly Rendered[]) => objects.filter(({ metadata }) => metadata.name.endsWith('-audit'))
    expect(named(await objectsOf())).toEqual([])
    expect(
      named(await objectsOf({ audit: { enabled: true } }))
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'Deployment',
      'NetworkPolicy',
      'Role',
      'RoleBinding',
      'Service',
      'ServiceAccount',
    ])
  })

  it('has an account of its own, which may list what carries pods, and write reports', async () => {
    const objects = await objectsOf({ audit: { enabled: true } })
    const { rules } = theOne(objects, 'ClusterRole', 'pullgate-audit')
    const listing = rules.filter(({ verbs }: Rendered) => verbs.join() === 'list')
    const known = admissionRules(builtInKinds)
    expect(listing.map(({ apiGroups }: Rendered) => apiGroups)).toEqual(known.map(({ apiGroups }) => apiGroups))
    expect(listing[0].resources).toEqual(['pods', 'replicationcontrollers'])
    const writing = rules.filter(({ verbs }: Rendered) => verbs.includes('delete'))
    expect(writing.flatMap(({ apiGroups }: Rendered) => apiGroups)).toEqual(['wgpolicyk8s.io', 'openreports.io'])
    expect(podOf(objects, 'pullgate-audit').serviceAccountName).toBe('pullgate-audit')
  })
})

describe('the pods', () => {
  it('are such as the restricted standard lets pass', async () => {
    const pod = podOf(await objectsOf())
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })

  it.each<[unknown, string]>([
    ['384Mi', '--max-old-space-size=128'],
    ['1.5Gi', '--max-old-space-size=512'],
    ['1200M', '--max-old-space-size=381'],
    [402_653_184, '--max-old-space-size=128'],
    ['100Mi', '--max-old-space-size=64'],
    ['what?', '--max-old-space-size=128'],
    [null, '--max-old-space-size=128'],
  ])('have a heap that fits the memory limit %s', async (memory, heap) => {
    const { env } = podOf(await objectsOf({ resources: { limits: { memory } } })).containers[0]
    const options = env.find(({ name }: Rendered) => name === 'NODE_OPTIONS').value
    expect(options).toBe(`${heap} --max-semi-space-size=4`)
  })

  it('have the heap that was asked for, and one where no limits are set', async () => {
    const heapWith = async (values: object): Promise<string> =>
      podOf(await objectsOf(values)).containers[0].env.find(({ name }: Rendered) => name === 'NODE_OPTIONS').value
    expect(await heapWith({ nodeOptions: '--max-old-space-size=99' })).toBe('--max-old-space-size=99')
    for (const resources of [null, { limits: null }])
      expect(await heapWith({ resources })).toContain('--max-old-space-size=128')
    const audit = podOf(await objectsOf({ audit: { enabled: true } }), 'pullgate-audit')
    expect(JSON.stringify(audit.containers[0].env)).toContain('--max-old-space-size=256')
  })

  it('on the nodes’ own network make room for one another', async () => {
    const objects = await objectsOf({ hostNetwork: true, webhook: { port: 9443 } })
    expect(theOne(objects, 'Deployment').spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 1 })
    expect(podOf(objects)).toMatchObject({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' })
  })

  it('are called what a Service may be called, whatever the release is', async () => {
    const { stdout } = await helm(['template', 'shop.v1', chart, '--namespace', 'pullgate-system'])
    expect(theOne(objectsIn(stdout), 'Service').metadata.name).toBe('shop-v1-pullgate')
  })

  it('are never fewer than were asked for while they are renewed', async () => {
    const objects = await objectsOf()
    expect(theOne(objects, 'Deployment').spec.strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 })
    expect(theOne(objects, 'PodDisruptionBudget').spec).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    })
  })

  it('have their programs, authorities and proxy from the values', async () => {
    const pod = podOf(await objectsOf(everything))
    const { env, volumeMounts, args } = pod.containers[0]
    const variables = Object.fromEntries(env.map(({ name, value }: Rendered) => [name, value]))
    expect(variables).toMatchObject({
      HTTPS_PROXY: 'http://proxy.example:3128',
      NO_PROXY: '10.0.0.0/8,.svc',
      AWS_REGION: 'eu-central-1',
    })
    expect(variables).not.toHaveProperty('HTTP_PROXY')
    expect(volumeMounts.map(({ mountPath }: Rendered) => mountPath)).toEqual([
      '/etc/pullgate-config',
      '/programs',
      '/etc/pullgate-client-ca',
    ])
    expect(args).toContain('--client-ca-file=/etc/pullgate-client-ca/ca.crt')
  })
})
