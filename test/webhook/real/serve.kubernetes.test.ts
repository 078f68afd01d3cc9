import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { multiArchImage } from '../../../src/demo/images.ts'
import { type EmbeddedRegistry, startRegistry } from '../../../src/demo/registry.ts'
import { type Cluster, startCluster } from '../../cluster/real/cluster.ts'
import {
  home,
  install,
  makeNamespace,
  registrationName,
  registrationOf,
  secretName,
  setEndpoints,
} from './installation.ts'
import { apiServerCounter, flood, pod } from './load.ts'
import { type Replica, startReplica } from './replica.ts'
import { startRotating } from './rotating.ts'

const addresses = ['192.0.2.16', '192.0.2.17'] as const
const inTime = (): AbortSignal => AbortSignal.timeout(90_000)
const failOpen = 'apiserver_admission_webhook_fail_open_count'
const run = promisify(execFile)

let cluster: Cluster
let registry: EmbeddedRegistry
let replicas: Replica[] = []
let [good, bad] = ['', '']

const configuration = (serve: object = {}) => ({
  platforms: ['linux/amd64'],
  registries: { allowAddresses: ['127.0.0.1'] },
  serve: { testImage: good, drainSeconds: 12, ...serve },
})

/** Replaces a replica as a Deployment does: the new one is ready before the old one is told to end, and endpoints follow. */
const roll = async (
  index: number,
  serve: object = {},
): Promise<{ readonly code: number | null; readonly tookMs: number }> => {
  const before = replicas[index]
  const others = replicas.filter(each => each !== before).map(({ address }) => address)
  const free =
    ['192.0.2.16', '192.0.2.17', '192.0.2.18'].find(each => !replicas.some(({ address }) => address === each)) ?? ''
  const next = await startReplica(cluster, free, configuration(serve))
  await setEndpoints(cluster, [...others, next.address])
  replicas[index] = next
  return (await before?.stop()) ?? { code: null, tookMs: 0 }
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
  registry = await startRegistry()
  registry.put('shop/web', '1.4.0', multiArchImage(['linux/amd64']))
  ;[good, bad] = [`${registry.host}/shop/web:1.4.0`, `${registry.host}/shop/web:1.40`]
  cluster = await startCluster({ parts: ['etcd', 'kube-apiserver'] }, inTime())
  await install(cluster)
  for (const [name, mode] of [['shop'], ['watched', 'audit'], ['warned', 'warn'], ['left', 'off']] as const)
    await makeNamespace(cluster, name, mode)
  // Both find the Secret empty, and each wants to be the one who fills it.
  replicas = await Promise.all(addresses.map(address => startReplica(cluster, address, configuration())))
  await setEndpoints(cluster, addresses)
  // The API server reads registration and endpoints with a delay.
  const denied = async (): Promise<void> => {
    expect(await cluster.client.create(pod('first', 'shop', bad), true)).toMatchObject({ status: 403 })
  }
  await vi.waitFor(denied, { timeout: 20_000, interval: 200 })
})

afterAll(async () => {
  await Promise.all(replicas.map(each => each.stop('SIGKILL')))
  await cluster?.close()
  await registry?.close()
})

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
    for (const replica of replicas) {
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
      `Error from server (Forbidden): error when creating "${path}": admission webhook "pods.pullgate.dev" denied the request: image "${bad}" not found (spec.containers[0].image): ${registry.host} has no tag "1.40" in shop/web; did you mean 1.4.0? [not-found]`,
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

describe('while replicas come and go, under load, nothing fails and nothing passes unasked', () => {
  const load = () => {
    const flooding = flood(cluster, { namespace: 'shop', good, bad: `${registry.host}/Shop/web:1`, perSecond: 30 })
    onTestFinished(async () => void (await flooding.end()))
    return flooding
  }

  test('when each of them is replaced, and replaced again', async () => {
    const before = await apiServerCounter(cluster, failOpen)
    const { end } = load()
    const codes: (number | null)[] = []
    for (let round = 0; round < 4; round++) codes.push((await roll(round % 2)).code)
    const { asked, odd } = await end()
    expect(odd).toEqual([])
    expect(asked).toBeGreaterThan(50)
    expect(codes.every(code => code === 0)).toBe(true)
    expect(await apiServerCounter(cluster, failOpen)).toBe(before)
  }, 300_000)

  test('when one is asked to end by the default, it leaves as soon as nobody is connected any more', async () => {
    const { end } = load()
    const { code, tookMs } = await roll(0, { drainSeconds: 95 }).then(() => roll(0))
    expect((await end()).odd).toEqual([])
    expect(code).toBe(0)
    expect(tookMs).toBeLessThan(95_000)
  }, 300_000)

  test('when authorities and certificates change, again and again', async () => {
    const before = await apiServerCounter(cluster, failOpen)
    const lives = { authorityMs: 3_600_000, serverMs: 60_000, seenMs: 3000, everyMs: 500 }
    const rotating = await startRotating(cluster, '192.0.2.19', lives)
    onTestFinished(rotating.close)
    await setEndpoints(cluster, ['192.0.2.19'])
    const { end } = load()
    for (let round = 0; round < 10; round++) await rotating.renew()
    const { asked, odd } = await end()
    await setEndpoints(
      cluster,
      replicas.map(({ address }) => address),
    )
    expect(odd).toEqual([])
    expect(asked).toBeGreaterThan(50)
    expect(await apiServerCounter(cluster, failOpen)).toBe(before)
  }, 300_000)
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
    await Promise.all(replicas.map(each => each.stop('SIGKILL')))
    expect(await cluster.client.create(pod('a', 'shop', bad), true)).toMatchObject({ status: 201 })
    await cluster.client.apply(registrationOf('Fail'))
    await expect
      .poll(() => cluster.client.create(pod('b', 'shop', good), true), { timeout: 20_000 })
      .toMatchObject({ status: 500 })
    expect(await cluster.client.create(pod('c', home, good), true)).toMatchObject({ status: 201 })
    expect(await cluster.client.create(pod('d', 'kube-system', good), true)).toMatchObject({ status: 201 })
    replicas = await Promise.all(addresses.map(address => startReplica(cluster, address, configuration())))
    await setEndpoints(cluster, addresses)
    await expect
      .poll(() => cluster.client.create(pod('e', 'shop', good), true), { timeout: 30_000 })
      .toMatchObject({ status: 201 })
  })
})
