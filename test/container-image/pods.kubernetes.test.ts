import { execFile } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { version } from '../../src/commands/version.ts'
import { helm } from '../chart/helm.ts'
import { chart } from '../chart/made-files.ts'
import { type StandingCluster, standingCluster } from '../cluster/real/standing-cluster.ts'
import { boxImage } from '../node/machine/box-image.ts'
import { push } from '../registries/push.ts'
import { imageLayout } from './built.ts'
import { readLayout } from './layout.ts'
import { oneNodeValues } from './one-node.ts'

const namespace = 'pullgate-pods'
const shop = 'pullgate-pods-shop'

let cluster: StandingCluster

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const kubectl = (...args: readonly string[]): Promise<Ended> =>
  new Promise(resolve => {
    execFile(cluster.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })

const values = (config: object): object => ({
  fullnameOverride: 'pullgate-pods',
  ...oneNodeValues(cluster),
  webhook: { port: 10444, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': shop } } },
  metrics: { port: 10445 },
  config: {
    registries: { certsDir: ['/etc/certs.d'] },
    serve: { drainSeconds: 1, testImage: `${cluster.machine.registries.open}/shop/web:1.4.0` },
    ...config,
  },
})

const withValues = async (config: object, ...args: readonly string[]): Promise<void> => {
  const environment = { KUBECONFIG: cluster.kubeconfig }
  const all = [...args, '--namespace', namespace, '--wait', '--timeout', '90s', '-f', '-']
  const { code, stderr } = await helm(all, environment, JSON.stringify(values(config)))
  if (code === 0) return
  const { stdout: pods } = await kubectl('-n', namespace, 'describe', 'pods')
  const { stdout: logs } = await kubectl('-n', namespace, 'logs', 'deployment/pullgate-pods')
  throw new Error(`${stderr}\n${pods}\n${logs}`)
}

const applied = async (tag: string): Promise<Ended> => {
  const image = `--image=${cluster.machine.registries.open}/shop/web:${tag}`
  return kubectl('-n', shop, 'create', 'deployment', 'web', image, '--dry-run=server')
}

beforeAll(async () => {
  cluster = await standingCluster()
  const { open } = cluster.machine.registries
  await push({ url: `http://${open}`, repository: 'pullgate/pullgate', tag: version }, await readLayout(imageLayout()))
  await push({ url: `http://${open}`, repository: 'shop/web', tag: '1.4.0' }, boxImage('pullgate-pods'))
  for (const name of [namespace, shop])
    await cluster.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  const data = { 'hosts.toml': `server = "http://${open}"\n` }
  await cluster.client.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'certs-d', namespace }, data })
  await withValues({}, 'install', 'pullgate', chart)
})

afterAll(async () => {
  await helm(['uninstall', 'pullgate', '--namespace', namespace], { KUBECONFIG: cluster.kubeconfig })
  for (const name of [namespace, shop])
    await cluster.client.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
})

describe('the image of the Dockerfile, installed by the chart on a real node', () => {
  it('rejects what cannot be pulled, as soon as it is ready, within a second', async () => {
    // Of three, for the machine may be busy with other tests.
    const tookMs: number[] = []
    for (let tries = 0; tries < 3; tries++) {
      const began = performance.now()
      await applied(`1.4${tries}`)
      tookMs.push(performance.now() - began)
    }
    expect(Math.min(...tookMs)).toBeLessThan(1000)
    const { code, stderr } = await applied('1.40')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        'admission webhook "workloads.pullgate.dev" denied the request: image "registry.test:5000/shop/web:1.40" not found',
      ),
    })
    expect(stderr).toContain('did you mean 1.4.0?')
  })

  it('lets through what can be pulled', async () => {
    expect(await applied('1.4.0')).toMatchObject({ code: 0, stderr: '' })
  })

  it('passes helm test', async () => {
    const environment = { KUBECONFIG: cluster.kubeconfig }
    const tested = await helm(['test', 'pullgate', '--namespace', namespace, '--timeout', '60s'], environment)
    expect(tested).toMatchObject({ code: 0, stdout: expect.stringMatching(/Phase:\s+Succeeded/) })
  })

  it('takes up another configuration without being started anew', async () => {
    const podsOf = async () =>
      (await cluster.client.list('v1', 'Pod', namespace, 'labelSelector=app.kubernetes.io%2Fcomponent%3Dwebhook')).map(
        ({ metadata, ...rest }) => [
          metadata.uid,
          (rest['status'] as { containerStatuses: { restartCount: number }[] }).containerStatuses[0]?.restartCount,
        ],
      )
    const before = await podsOf()
    expect(before).toEqual([[expect.any(String), 0]])
    await withValues({ mode: 'warn' }, 'upgrade', 'pullgate', chart)
    // The kubelet writes a ConfigMap into a pod within a round of its own, and Pullgate looks every few seconds.
    const until = performance.now() + 60_000
    let answer = await applied('1.40')
    while (answer.code !== 0 && performance.now() < until) answer = await applied('1.40')
    expect(answer).toMatchObject({ code: 0, stderr: expect.stringContaining('Warning: ') })
    expect(await podsOf()).toEqual(before)
  })

  it.each([
    ['Ignore', { code: 0, stderr: '' }],
    ['Fail', { code: 1, stderr: expect.stringContaining('failed calling webhook "workloads.pullgate.dev"') }],
  ])('is gone, and comes back from nothing, under the failure policy %s', async (policy, unanswered) => {
    const failurePolicy = { pods: policy, workloads: policy }
    await withValues(
      {},
      'upgrade',
      'pullgate',
      chart,
      '--set-json',
      `webhook.failurePolicy=${JSON.stringify(failurePolicy)}`,
    )
    const scale = (replicas: number) =>
      kubectl('-n', namespace, 'scale', 'deployment/pullgate-pods', `--replicas=${replicas}`)
    await scale(0)
    const gone = await kubectl(
      '-n',
      namespace,
      'wait',
      '--for=delete',
      'pod',
      '-l',
      'app.kubernetes.io/component=webhook',
      '--timeout=30s',
    )
    expect(gone).toMatchObject({ code: 0 })
    expect(await applied('1.40')).toMatchObject(unanswered)
    await scale(1)
    const back = await kubectl('-n', namespace, 'rollout', 'status', 'deployment/pullgate-pods', '--timeout=60s')
    expect(back).toMatchObject({ code: 0 })
    const until = performance.now() + 20_000
    let answer = await applied('1.40')
    while (!answer.stderr.includes('[not-found]') && performance.now() < until) answer = await applied('1.40')
    expect(answer.stderr).toContain('[not-found]')
  })

  it('leaves nothing in the way when it is uninstalled, and ends without an error', async () => {
    const [pod] = await cluster.client.list('v1', 'Pod', namespace)
    const environment = { KUBECONFIG: cluster.kubeconfig }
    expect(await helm(['uninstall', 'pullgate', '--namespace', namespace, '--wait'], environment)).toMatchObject({
      code: 0,
    })
    expect(await applied('1.40')).toMatchObject({ code: 0, stderr: '' })
    const gone = await kubectl('-n', namespace, 'wait', '--for=delete', `pod/${pod?.metadata.name}`, '--timeout=30s')
    expect(gone).toMatchObject({ code: 0 })
  })
})
