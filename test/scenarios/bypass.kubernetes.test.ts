import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { propertyAt } from '../../src/lib/untrusted.ts'
import type { KubeAnswer, KubeObject } from '../cluster/real/client.ts'
import { auths, wrong as wrongPassword } from '../node/secrets.ts'
import { changeable, fields, type KindName, kinds, namespace, objectOf, podSpec, wrong } from './bypass-rows.ts'
import { good, surroundingsOf } from './scenario.ts'
import { openStage, type Stage } from './stage.ts'

const game = { group: 'games.example.com', version: 'v1', kind: 'Game', plural: 'games' } as const

const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${game.plural}.${game.group}` },
  spec: {
    group: game.group,
    scope: 'Namespaced',
    names: { kind: game.kind, plural: game.plural, singular: 'game' },
    versions: ['v1', 'v1beta1'].map(name => ({
      ...{ name, served: true, storage: name === 'v1' },
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    })),
  },
}

const listed = { kinds: [{ group: game.group, kind: game.kind, templates: ['spec.template'] }] }

let stage: Stage
let strict: Stage
let attempts = 0

beforeAll(async () => {
  // The kinds that the configuration lists are in the chart's rules, by every version.
  const moreRules = [
    {
      operations: ['CREATE', 'UPDATE'],
      apiGroups: [game.group],
      apiVersions: ['*'],
      resources: [game.plural],
      scope: '*',
    },
  ]
  stage = await openStage({ name: 'bypass', configuration: listed, moreRules })
  strict = await openStage({ name: 'bypass-strict', configuration: { owned: 'enforce' } })
  await stage.openNamespace(namespace)
  await strict.openNamespace('bypass-strict-shop')
  const { client } = stage.cluster
  await client.apply(crd)
  const isServed = (object: KubeObject): boolean =>
    JSON.stringify(object['status'] ?? {}).includes('InitialNamesAccepted')
  await client.until(crd.apiVersion, crd.kind, crd.metadata.name, undefined, isServed, 20_000)
  const row = {
    name: 'bad-login',
    image: '',
    action: 'deny',
    codes: [],
    secrets: [auths({ 'closed.shop.test': wrongPassword })],
  } as const
  for (const object of surroundingsOf(row, namespace)) await client.apply(object)
})
afterAll(async () => {
  console.log(`bypass: ${attempts} attempts`)
  await stage.cluster.client.remove(crd)
  await strict.close()
  await stage.close()
})

const made = async (object: KubeObject): Promise<KubeObject> => {
  const { status, body } = await stage.cluster.client.create(object)
  expect({ status, body }).toMatchObject({ status: 201 })
  return body as KubeObject
}

/** Said by us, and of the image. */
const isDenied = ({ status, body }: KubeAnswer, code = 'not-found'): void => {
  attempts += 1
  expect({ status, message: String(propertyAt(body, 'message')) }).toEqual({
    status: 403,
    message: expect.stringMatching(
      new RegExp(
        `^admission webhook "(pods|workloads)\\.pullgate\\.dev" denied the request: image .*\\[${code}\\]`,
        's',
      ),
    ),
  })
}

/** Let in, with a warning at the most. */
const isWarned = ({ status, warnings, body }: KubeAnswer): void => {
  attempts += 1
  expect({ status, body, said: warnings.filter(text => text.includes('[not-found]')).length }).toMatchObject({
    said: 1,
  })
  expect([200, 201]).toContain(status)
}

const pathTo = ({ apiVersion, kind, metadata }: KubeObject): string => {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  return `${group}/namespaces/${metadata.namespace}/${kind.toLowerCase()}s`
}

/** Whatever a controller has written meanwhile. */
const put = (object: KubeObject, subresource = '') => {
  const { resourceVersion: _, ...metadata } = object.metadata
  const path = `${pathTo(object)}/${object.metadata.name}${subresource}`
  return stage.cluster.client.request('PUT', path, { ...object, metadata })
}

const patch = (object: KubeObject, body: object, type: string, more = '') =>
  stage.cluster.client.request('PATCH', `${pathTo(object)}/${object.metadata.name}${more}`, body, `application/${type}`)

const inText = (object: object): string => JSON.stringify(object)

/** Sends text as it stands: what JSON.stringify would never write. */
const posting = async (object: KubeObject, text: string): Promise<string> => {
  const { stdout, stderr } = await stage.kubectl(['create', '--raw', pathTo(object), '-f', '-'], text)
  attempts += 1
  return stdout + stderr
}

const isInCluster = async (kind: KindName, name: string): Promise<boolean> =>
  inText((await stage.cluster.client.get(kinds[kind], kind, name, namespace)) ?? {}).includes(wrong)

const lower = (text: string): string => text.toLowerCase()
const kindNames = Object.keys(kinds) as readonly KindName[]

describe('an image that cannot be pulled is denied', () => {
  test.each(kindNames.flatMap(kind => fields.map(field => [kind, field] as const)))(
    'in a new %s, in %s',
    async (kind, field) => {
      isDenied(
        await stage.cluster.client.create(objectOf(kind, `new-${lower(kind)}-${lower(field)}`, podSpec(wrong, field))),
      )
    },
  )

  test.each(changeable)('where it comes into a %s by PUT', async kind => {
    const name = `put-${lower(kind)}`
    const before = await made(objectOf(kind, name, podSpec('open.shop.test/web:1.4.1')))
    const text = inText(before).replace('open.shop.test/web:1.4.1', wrong)
    isDenied(await put(JSON.parse(text)))
    expect(await isInCluster(kind, name)).toBe(false)
  })

  test.each([
    ['json-patch+json', [{ op: 'replace', path: '/spec/template/spec/containers/1/image', value: wrong }]],
    ['merge-patch+json', { spec: { template: { spec: { containers: [{ name: 'meant', image: wrong }] } } } }],
    ['strategic-merge-patch+json', { spec: { template: { spec: { containers: [{ name: 'meant', image: wrong }] } } } }],
    ['apply-patch+yaml', objectOf('Deployment', 'patch-apply', podSpec(wrong))],
  ])('where it comes by %s', async (type, body) => {
    const name = `patch-${type.split('-')[0]}`
    const object = await made(objectOf('Deployment', name, podSpec('open.shop.test/web:1.4.1')))
    isDenied(await patch(object, body, type, type.startsWith('apply') ? '?fieldManager=someone&force=true' : ''))
    expect(await isInCluster('Deployment', name)).toBe(false)
  })

  test.each(['apply-patch+yaml'])('where an object is made by %s', async type => {
    const object = objectOf('Deployment', 'made-by-apply', podSpec(wrong))
    isDenied(await patch(object, object, type, '?fieldManager=someone&force=true'))
  })

  test('in an ephemeral container, by PATCH and by PUT, behind one that can be pulled', async () => {
    const pod = await made(objectOf('Pod', 'ephemeral', podSpec(good)))
    const adding = (image: string) => ({
      spec: { ephemeralContainers: [{ name: image === good ? 'first' : 'second', image }] },
    })
    const first = await patch(pod, adding(good), 'strategic-merge-patch+json', '/ephemeralcontainers')
    expect(first.status).toBe(200)
    isDenied(await patch(pod, adding(wrong), 'strategic-merge-patch+json', '/ephemeralcontainers'))
    const now = first.body as KubeObject & { readonly spec: { readonly ephemeralContainers: readonly object[] } }
    const ephemeralContainers = [...now.spec.ephemeralContainers, { name: 'third', image: wrong }]
    isDenied(await put({ ...now, spec: { ...now.spec, ephemeralContainers } }, '/ephemeralcontainers'))
  })

  test('in a listed kind, by each of its versions, and beside keys that confuse', async () => {
    const asVersion = (version: string, name: string, spec: string) => {
      const metadata = { name, namespace }
      const object = { apiVersion: `${game.group}/${version}`, kind: game.kind, metadata }
      return posting(object, `${inText(object).slice(0, -1)},"spec":${spec}}`)
    }
    const template = inText({ spec: podSpec(wrong) })
    expect(await asVersion('v1', 'game', `{"template":${template}}`)).toContain('[not-found]')
    expect(await asVersion('v1beta1', 'game-beta', `{"template":${template}}`)).toContain('[not-found]')
    expect(await asVersion('v1', 'game-proto', `{"__proto__":{"template":null},"template":${template}}`)).toContain(
      '[not-found]',
    )
    expect(
      await asVersion('v1', 'game-constructor', `{"constructor":{"prototype":{}},"template":${template}}`),
    ).toContain('[not-found]')
    const goodTemplate = inText({ spec: podSpec(good) })
    expect(await asVersion('v1', 'game-twice', `{"template":${goodTemplate},"template":${template}}`)).toMatch(
      /\[not-found\]|duplicate/,
    )
    // A Game without a place for it has no images.
    expect(await asVersion('v1', 'game-proto-alone', `{"__proto__":{"template":${template}}}`)).toContain('"uid"')
  })

  test.each([
    ['names a key twice, the good one first', 'image-twice', `"image":"${good}","image":"${wrong}"`, true],
    ['names a key twice, the good one last', 'image-first', `"image":"${wrong}","image":"${good}"`, false],
  ])('by what is kept of an object that %s', async (_, name, image, isWrong) => {
    const object = objectOf('Pod', name, podSpec('PLACE'))
    const said = await posting(object, inText(object).replace('"image":"PLACE"', image))
    expect(said.includes('[not-found]')).toBe(isWrong)
    expect(await isInCluster('Pod', name)).toBe(false)
  })

  test('in an object that writes __proto__ where no such field is', async () => {
    const object = objectOf('Pod', 'proto', podSpec(wrong))
    const text = inText(object).replace(
      '"spec":{',
      '"__proto__":{"spec":{"containers":[]}},"spec":{"__proto__":{"containers":[]},',
    )
    expect(await posting(object, text)).toContain('[not-found]')
  })

  test('in an object whose list stands twice', async () => {
    const object = objectOf('Pod', 'list-twice', podSpec(wrong))
    const text = inText(object).replace('"spec":{', `"spec":{"containers":[{"name":"a","image":"${good}"}],`)
    expect(await posting(object, text)).toContain('[not-found]')
  })

  test('in YAML as in JSON', async () => {
    const object = objectOf('Pod', 'yaml', podSpec(wrong))
    const text = `x: &image ${wrong}\napiVersion: v1\nkind: Pod\nmetadata: {name: yaml}\nspec:\n  containers:\n  - {name: app, image: *image}\n`
    // kubectl makes JSON of it.
    const { stderr } = await stage.kubectl(['-n', namespace, 'create', '--validate=false', '-f', '-'], text)
    attempts += 1
    expect(stderr).toContain('[not-found]')
    expect(await isInCluster('Pod', object.metadata.name)).toBe(false)
  })

  const large = 'x'.repeat(2_900_000)
  const entries = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...{
        manager: `m${at}`,
        operation: 'Update',
        apiVersion: 'v1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
      },
      fieldsV1: { 'f:metadata': { 'f:labels': { [`f:${'x'.repeat(50)}${at}`]: {} } } },
    }))
  const deep = (levels: number): unknown => JSON.parse(`${'{"f:a":'.repeat(levels)}{}${'}'.repeat(levels)}`)
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: '00000000-0000-0000-0000-000000000000' }

  test.each<readonly [string, KindName, object, object]>([
    [
      'of 2.9 MiB',
      'Deployment',
      podSpec(wrong, 'containers', {
        hostAliases: [{ ip: '192.0.2.1', hostnames: [] }],
        initContainers: [{ name: 'large', image: good, env: [{ name: 'A', value: large }] }],
      }),
      {},
    ],
    ['with 3,000 managed fields', 'Pod', podSpec(wrong), { managedFields: entries(3000) }],
    [
      'with managed fields 1,000 deep',
      'Pod',
      podSpec(wrong),
      { managedFields: [{ ...entries(1)[0], fieldsV1: deep(1000) }] },
    ],
    [
      'with 500 containers',
      'Pod',
      podSpec(wrong, 'initContainers', {
        containers: Array.from({ length: 500 }, (_, at) => ({ name: `c${at}`, image: good })),
      }),
      {},
    ],
    [
      'that says it is being deleted',
      'Pod',
      podSpec(wrong),
      { deletionTimestamp: '2020-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 },
    ],
    [
      'that says it is being deleted, of a template',
      'Deployment',
      podSpec(wrong),
      { deletionTimestamp: '2020-01-01T00:00:00Z', finalizers: ['example.com/x'] },
    ],
    [
      'that says it is a static pod’s note, and is a template',
      'Deployment',
      podSpec(wrong),
      { annotations: { 'kubernetes.io/config.mirror': 'x' } },
    ],
    ['with a name of the API server’s making', 'Pod', podSpec(wrong), { name: undefined, generateName: 'generated-' }],
    ['with an owner that is not its controller', 'Pod', podSpec(wrong), { ownerReferences: [owner] }],
    [
      'of an unlisted kind’s controller, where it is no pod',
      'Deployment',
      podSpec(wrong),
      { ownerReferences: [{ ...owner, controller: true }] },
    ],
    [
      'with annotations that look like ours',
      'Pod',
      podSpec(wrong),
      {
        annotations: { 'pullgate.dev/mode': 'off', 'pullgate.dev/ignore': 'true' },
        labels: { 'pullgate.dev/mode': 'off' },
      },
    ],
    [
      'with a runtime class, a priority and a gate',
      'Pod',
      podSpec(wrong, 'containers', { schedulingGates: [{ name: 'example.com/x' }] }),
      {},
    ],
    ['that is bound to a node already', 'Pod', podSpec(wrong, 'containers', { nodeName: 'scenarios-nobody' }), {}],
    [
      'with a pull policy of IfNotPresent',
      'Pod',
      { ...podSpec(good), containers: [{ name: 'app', image: wrong, imagePullPolicy: 'IfNotPresent' }] },
      {},
    ],
    ['with a digest that nobody has', 'Pod', podSpec(`open.shop.test/web:1.4.0@sha256:${'1'.repeat(64)}`), {}],
    ['of a CronJob with dots', 'CronJob', podSpec(wrong), { name: 'a.b.c' }],
  ])('in an object %s', async (what, kind, spec, metadata) => {
    const name = `odd-${what
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 40)}x`
    // More than etcd takes, which a dry run does not ask.
    isDenied(await stage.cluster.client.create(objectOf(kind, name, spec, metadata), inText(spec).length > 1_000_000))
  })

  test.each([
    ['with spaces round it', ` ${good} `, 'invalid-reference'],
    ['with a letter that only looks like one', 'open.shop.test/wеb:1.4.0', 'invalid-reference'],
    ['with a character that nobody sees', 'open.shop.test/web\u200b:1.4.0', 'invalid-reference'],
    ['with a line break', 'open.shop.test/web:1.4.0\nopen.shop.test/web:v9', 'invalid-reference'],
    ['with a query', `${good}?x=y`, 'invalid-reference'],
    ['of 5,000 characters', `open.shop.test/${'a'.repeat(5000)}:1`, 'invalid-reference'],
    ['that walks up', 'open.shop.test/a/../web:1.4.0', 'invalid-reference'],
  ])('named %s', async (what, image, code) => {
    const name = `named-${what.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`
    isDenied(await stage.cluster.client.create(objectOf('Deployment', name, podSpec(image))), code)
  })

  const circumstances: readonly (readonly [string, object, string])[] = [
    ['the node selector', { nodeSelector: { 'kubernetes.io/arch': 'arm64' } }, 'no-platform'],
    ['the pull secrets', { imagePullSecrets: [{ name: 'bad-login-pod-0' }] }, 'denied'],
  ]
  test.each(circumstances)('when %s of a Deployment change, and the image does not', async (what, change, code) => {
    const name = `change-${what.split(' ').at(-1)}`
    const image = code === 'denied' ? 'closed.shop.test/web:1' : 'open.shop.test/amd:1'
    const login = objectOf(
      'Deployment',
      name,
      podSpec(image, 'containers', { nodeSelector: {}, imagePullSecrets: [{ name: 'good-login-pod-0' }] }),
    )
    const right = {
      name: 'good-login',
      image: '',
      action: 'pass',
      codes: [],
      secrets: [auths({ 'closed.shop.test': { username: 'robot', password: 'right' } })],
    } as const
    for (const object of surroundingsOf(right, namespace)) await stage.cluster.client.apply(object)
    const before = await made(login)
    isDenied(await patch(before, { spec: { template: { spec: change } } }, 'merge-patch+json'), code)
  })
})

describe('a pod that a controller made', () => {
  const owned = (name: string, within: string, owner: object): KubeObject => {
    const pod = objectOf('Pod', name, podSpec(wrong), {
      ownerReferences: [{ name: 'x', uid: '00000000-0000-0000-0000-000000000000', controller: true, ...owner }],
    })
    return { ...pod, metadata: { ...pod.metadata, namespace: within } }
  }
  const owners = [
    ['of a listed kind', { apiVersion: 'apps/v1', kind: 'ReplicaSet' }],
    ['of a kind that nobody listed', { apiVersion: 'actors.example.com/v1', kind: 'Actor' }],
    ['of no kind at all', { apiVersion: 'v1', kind: 'ConfigMap' }],
  ] as const

  test.each(owners)('%s is warned about, and denied where owned objects are enforced', async (what, owner) => {
    const name = `owned-${what.replaceAll(' ', '-')}`
    isWarned(await stage.cluster.client.create(owned(name, namespace, owner), true))
    isDenied(await strict.cluster.client.create(owned(name, 'bypass-strict-shop', owner)))
  })

  test('is warned about where its image is changed, too', async () => {
    // One of that uid there has to be: the garbage collector deletes what is left of an owner that is gone.
    const owner = await stage.cluster.client.get('v1', 'Namespace', namespace)
    const pod = await made({
      ...objectOf('Pod', 'owned-changed', podSpec('open.shop.test/web:1.4.1'), {
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'Namespace',
            name: namespace,
            uid: propertyAt(owner, 'metadata', 'uid'),
            controller: true,
          },
        ],
      }),
    })
    const change = { spec: { containers: [{ name: 'meant', image: wrong }] } }
    isWarned(await patch(pod, change, 'strategic-merge-patch+json', '?dryRun=All'))
  })
})

describe('what cannot bring an image is let in unasked', () => {
  test('a status, a scale, a binding and a finalizer of an object whose image is gone', async () => {
    const pod = await made(objectOf('Pod', 'status', podSpec(good)))
    const deployment = await made(objectOf('Deployment', 'status', podSpec(good)))
    const before = await stage.serving.reviews()
    const merge = 'merge-patch+json'
    const answers = [
      await patch(pod, { status: { phase: 'Running' } }, merge, '/status'),
      await patch(deployment, { spec: { replicas: 0 } }, merge, '/scale'),
      await patch(deployment, { metadata: { finalizers: ['example.com/wait'] } }, merge),
      await patch(deployment, { metadata: { finalizers: null } }, merge),
    ]
    attempts += answers.length
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await stage.serving.reviews()).toBe(before)
  })

  test('a status that names an image changes none', async () => {
    const pod = await made(objectOf('Pod', 'status-image', podSpec(good)))
    const now = (await stage.cluster.client.get('v1', 'Pod', 'status-image', namespace)) ?? pod
    attempts += 1
    await put(JSON.parse(inText(now).replaceAll(good, wrong)), '/status')
    expect(await isInCluster('Pod', 'status-image')).toBe(false)
  })

  test('an update of an object that is leaving', async () => {
    const deployment = await made(
      objectOf('Deployment', 'leaving', podSpec(good), { finalizers: ['example.com/wait'] }),
    )
    await stage.cluster.client.remove(deployment)
    const before = await stage.serving.reviews()
    attempts += 1
    const leaving = await patch(
      deployment,
      { spec: { template: { spec: { containers: [{ name: 'meant', image: wrong }] } } } },
      'strategic-merge-patch+json',
    )
    expect(leaving.status).toBe(200)
    expect(await stage.serving.reviews()).toBe(before)
    expect(await patch(deployment, { metadata: { finalizers: null } }, 'merge-patch+json')).toMatchObject({
      status: 200,
    })
  })
})
