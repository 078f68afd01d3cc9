import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectAs, type KubeObject } from '../../cluster/real/client.ts'
import type { Cluster } from '../../cluster/real/cluster.ts'
import { home, makeNamespace, registrationName, registrationOf, secretName } from './installation.ts'
import { pod } from './load.ts'
import { inTime, openStage, type Stage } from './stage.ts'

const run = promisify(execFile)

let stage: Stage
let [good, bad] = ['', '']
let cluster: Cluster

const configMap = (name: string, text: string): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } },
  data: { text },
})

const flowControl = 'flowcontrol.apiserver.k8s.io/v1'

const flowOf = (name: string, subject: object): KubeObject => ({
  ...{ apiVersion: flowControl, kind: 'FlowSchema', metadata: { name } },
  spec: {
    ...{ priorityLevelConfiguration: { name: 'narrow' }, matchingPrecedence: 10 },
    rules: [
      {
        subjects: [subject],
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }],
      },
    ],
  },
})

/** Lets the API server do one thing at a time for the webhook and for a crowd, and answer 429 to whoever comes meanwhile. */
const narrowness: readonly KubeObject[] = [
  {
    ...{ apiVersion: flowControl, kind: 'PriorityLevelConfiguration', metadata: { name: 'narrow' } },
    spec: {
      type: 'Limited',
      limited: { nominalConcurrencyShares: 0, borrowingLimitPercent: 0, limitResponse: { type: 'Reject' } },
    },
  },
  flowOf('webhook', { kind: 'ServiceAccount', serviceAccount: { namespace: home, name: 'pullgate' } }),
  flowOf('crowd', { kind: 'User', user: { name: 'crowd' } }),
]

/** Many who ask again and again, whatever they are answered. */
const gather = async (): Promise<{ readonly leave: () => Promise<void> }> => {
  const config = JSON.parse(await readFile(await cluster.userKubeconfig('crowd'), 'utf8'))
  const shown = config.users[0].user as Readonly<Record<string, string>>
  const pem = (name: string): string => Buffer.from(shown[name] ?? '', 'base64').toString()
  const client = connectAs(cluster, { cert: pem('client-certificate-data'), key: pem('client-key-data') })
  let isOver = false
  const one = async (): Promise<void> => {
    while (!isOver) await client.request('GET', '/api/v1/namespaces').catch(() => undefined)
  }
  const all = Promise.all(Array.from({ length: 8 }, one))
  return {
    leave: async () => {
      isOver = true
      await all
      await client.close()
    },
  }
}

const kubectl = async (...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> => {
  try {
    const { stdout, stderr } = await run(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args])
    return { code: 0, text: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as {
      readonly code: number
      readonly stdout: string
      readonly stderr: string
    }
    return { code, text: stdout + stderr }
  }
}

beforeAll(async () => {
  stage = await openStage(['192.0.2.16', '192.0.2.17'], 2)
  ;({ good, bad, cluster } = stage)
  for (const [name, mode] of [
    ['watched', 'audit'],
    ['warned', 'warn'],
    ['left', 'off'],
  ] as const)
    await makeNamespace(cluster, name, mode)
})

afterAll(() => stage?.close())

describe('two replicas that begin at once', () => {
  test('share one authority, which the API server trusts', async () => {
    const secret = await cluster.client.get('v1', 'Secret', secretName, home)
    const data = secret?.['data'] as Readonly<Record<string, string>>
    expect(Object.keys(data).sort()).toEqual(['ca.crt', 'ca.key'])
    const registration = await cluster.client.get(
      'admissionregistration.k8s.io/v1',
      'ValidatingWebhookConfiguration',
      registrationName,
    )
    expect(registration).toMatchObject({ webhooks: [{ clientConfig: { caBundle: data['ca.crt'] } }] })
  })

  test('have every right that they need, and say so', async () => {
    for (const replica of stage.fleet.replicas()) {
      await expect.poll(replica.log, { timeout: 20_000 }).toContain('self-test:')
      expect(replica.log()).toMatch(/self-test: all \d+ trials went well/)
      expect(await replica.isReady()).toBe(true)
    }
  })
})

describe('kubectl apply', () => {
  const file = async (namespace: string, image: string): Promise<string> => {
    const path = join(cluster.folder, 'pod.json')
    await writeFile(path, JSON.stringify(pod('web', namespace, image)))
    return path
  }

  test('of a wrong tag ends with 1 and says what is wrong, and what may be meant', async () => {
    const path = await file('shop', bad)
    const { code, text } = await kubectl('apply', '-f', path)
    expect(code).toBe(1)
    expect(text.trim()).toBe(
      `Error from server (Forbidden): error when creating "${path}": admission webhook "pods.pullgate.dev" denied the request: image "${bad}" not found (spec.containers[0].image): ${stage.registry.host} has no tag "1.40" in shop/web; did you mean 1.4.0? [not-found]`,
    )
  })

  test('of a good image goes through without a word', async () => {
    expect(await kubectl('apply', '-f', await file('shop', good))).toEqual({ code: 0, text: 'pod/web created\n' })
    await cluster.client.remove(pod('web', 'shop', good))
  })

  test('in a namespace that only warns shows a warning, and the object gets an Event', async () => {
    const { code, text } = await kubectl('apply', '-f', await file('warned', bad))
    expect(code).toBe(0)
    expect(text).toContain(`Warning: image "${bad}" not found`)
    const event = () => cluster.client.list('v1', 'Event', 'warned')
    await expect.poll(event, { timeout: 10_000 }).toMatchObject([
      {
        reason: 'ImageNotPullable',
        involvedObject: { kind: 'Pod', name: 'web' },
        message: expect.stringContaining('[not-found]'),
      },
    ])
  })

  test('in a namespace that is only watched says nothing, and the object gets an Event', async () => {
    expect(await kubectl('apply', '--dry-run=server', '-f', await file('watched', bad))).toMatchObject({ code: 0 })
    expect(await kubectl('apply', '-f', await file('watched', bad))).toEqual({ code: 0, text: 'pod/web created\n' })
    const events = () => cluster.client.list('v1', 'Event', 'watched')
    await expect.poll(events, { timeout: 10_000 }).toHaveLength(1)
  })

  test('in a namespace that is left alone, and in kube-system, says nothing', async () => {
    expect(await kubectl('apply', '-f', await file('left', bad))).toEqual({ code: 0, text: 'pod/web created\n' })
    await makeNamespace(cluster, 'kube-system')
    expect(await kubectl('apply', '-f', await file('kube-system', bad))).toEqual({ code: 0, text: 'pod/web created\n' })
  })

  test('holds in a namespace that was made a moment ago', async () => {
    await makeNamespace(cluster, 'new', 'off')
    expect(await cluster.client.create(pod('web', 'new', bad), true)).toMatchObject({ status: 201, warnings: [] })
    await makeNamespace(cluster, 'newer')
    expect(await cluster.client.create(pod('web', 'newer', bad), true)).toMatchObject({ status: 403 })
  })

  test.each([['--dry-run=server'], ['--server-side']])('with %s is answered alike', async flag => {
    const { code, text } = await kubectl('apply', flag, '-f', await file('shop', bad))
    expect([code, text]).toEqual([1, expect.stringContaining('did you mean 1.4.0? [not-found]')])
  })
})

describe('what is followed of the cluster', () => {
  const answersInShop = async (image: string): Promise<number> =>
    (await cluster.client.create(pod('followed', 'shop', image), true)).status
  const mode = (value?: string): Promise<void> => makeNamespace(cluster, 'shop', value)

  test('is followed on when the API server has forgotten the version that was known last', async () => {
    const known = await cluster.client.get('v1', 'Namespace', 'shop')
    // Others write meanwhile, and a watch that begins anew knows nothing of before.
    for (let count = 0; count < 5; count++) await cluster.client.apply(configMap('noise', `${count}`))
    await cluster.stopPart('kube-apiserver', 'SIGKILL')
    await cluster.startPart('kube-apiserver', inTime())
    const since = `/api/v1/namespaces?watch=true&timeoutSeconds=5&resourceVersion=${known?.metadata.resourceVersion}`
    expect(JSON.stringify((await cluster.client.request('GET', since)).body)).toMatch(/"code\\?":410/)
    await mode('off')
    await expect.poll(() => answersInShop(bad), { timeout: 60_000 }).toBe(201)
    await mode()
    await expect.poll(() => answersInShop(bad), { timeout: 60_000 }).toBe(403)
  })

  test('is followed on when the API server was too busy for us', async () => {
    const rejected = async (): Promise<number> => {
      const { body } = await cluster.client.request('GET', '/metrics')
      const series = /^apiserver_flowcontrol_rejected_requests_total\{flow_schema="webhook".* (\d+)$/gm
      return [...String(body).matchAll(series)].reduce((sum, [, count]) => sum + Number(count), 0)
    }
    for (const object of narrowness) await cluster.client.apply(object)
    // What is open goes on, so that it is cut: the watches begin anew among the crowd.
    await cluster.stopPart('kube-apiserver', 'SIGKILL')
    await cluster.startPart('kube-apiserver', inTime())
    const crowd = await gather()
    try {
      await expect.poll(rejected, { timeout: 60_000 }).toBeGreaterThan(0)
      expect(await answersInShop(good)).toBe(201)
    } finally {
      await crowd.leave()
      for (const object of narrowness.toReversed()) await cluster.client.remove(object)
    }
    await mode('off')
    await expect.poll(() => answersInShop(bad), { timeout: 60_000 }).toBe(201)
    await mode()
    await expect.poll(() => answersInShop(bad), { timeout: 60_000 }).toBe(403)
  })
})

describe('the API server', () => {
  test('finds the webhook again after it was killed and started anew', async () => {
    await cluster.stopPart('kube-apiserver', 'SIGKILL')
    await cluster.startPart('kube-apiserver', inTime())
    await expect
      .poll(() => cluster.client.create(pod('again', 'shop', bad), true), { timeout: 30_000 })
      .toMatchObject({ status: 403 })
  })

  test('is given the authority again where somebody took it away', async () => {
    await cluster.client.remove(registrationOf('Ignore'))
    await cluster.client.apply(registrationOf('Ignore'))
    await expect
      .poll(() => cluster.client.create(pod('again', 'shop', bad), true), { timeout: 30_000 })
      .toMatchObject({ status: 403 })
  })

  test('lets objects in where nobody answers and it ignores that, and else does not, but never stops our own namespace', async () => {
    await stage.fleet.killAll()
    expect(await cluster.client.create(pod('a', 'shop', bad), true)).toMatchObject({ status: 201 })
    await cluster.client.apply(registrationOf('Fail'))
    await expect
      .poll(() => cluster.client.create(pod('b', 'shop', good), true), { timeout: 20_000 })
      .toMatchObject({ status: 500 })
    expect(await cluster.client.create(pod('c', home, good), true)).toMatchObject({ status: 201 })
    expect(await cluster.client.create(pod('d', 'kube-system', good), true)).toMatchObject({ status: 201 })
    await stage.fleet.start(2)
    await expect
      .poll(() => cluster.client.create(pod('e', 'shop', good), true), { timeout: 30_000 })
      .toMatchObject({ status: 201 })
  })
})
