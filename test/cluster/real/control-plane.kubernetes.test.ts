import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closedAfterTest } from '../../support/lifetime.ts'
import type { CertificatePair } from './certificates.ts'
import { connectAs } from './client.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { makeFolder } from './folder.ts'
import { startPart } from './part.ts'

const run = promisify(execFile)
const inTime = (): AbortSignal => AbortSignal.timeout(90_000)
const parts = ['etcd', 'kube-apiserver'] as const

const configMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { colour: 'green' },
})

const isRefused = async (url: string): Promise<boolean> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const refused = await once(socket, 'connect').then(
    () => false,
    () => true,
  )
  socket.destroy()
  return refused
}

const runningWith = async (folder: string): Promise<readonly string[]> => {
  const { stdout } = await run('ps', ['-ww', '-eo', 'args'])
  return stdout.split('\n').filter(line => line.includes(folder))
}

const refusingWebhook = async (
  pair: CertificatePair,
): Promise<{ readonly port: number; close(): Promise<unknown> }> => {
  const server = createServer(pair, async (request, response) => {
    const review = (await json(request)) as { readonly request: { readonly uid: string } }
    const answer = {
      uid: review.request.uid,
      allowed: false,
      status: { message: 'not today' },
      warnings: ['it is "late"'],
    }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { port: (server.address() as AddressInfo).port, close }
}

const configurationOf = (url: string, ca: string) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'refusing' },
  webhooks: [
    {
      name: 'refusing.pullgate.example',
      clientConfig: { url, caBundle: Buffer.from(ca).toString('base64') },
      rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'] }],
      failurePolicy: 'Fail',
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
    },
  ],
})

describe('an API server with an etcd of its own', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ parts }, inTime())
  })
  afterAll(async () => {
    await cluster.close()
    expect(await runningWith(cluster.folder)).toEqual([])
    expect(existsSync(cluster.folder)).toBe(false)
  })

  test('keeps its objects and its port when it is ended rudely and started again', async () => {
    const { client } = cluster
    await client.apply(configMap('kept'))
    await cluster.stopPart('kube-apiserver', 'SIGKILL')
    expect(await isRefused(cluster.url)).toBe(true)
    await cluster.startPart('kube-apiserver', inTime())
    expect(await client.get('v1', 'ConfigMap', 'kept', 'default')).toMatchObject({ data: { colour: 'green' } })
    await client.remove(configMap('kept'))
    expect(await client.get('v1', 'ConfigMap', 'kept', 'default')).toBeUndefined()
  })

  test('knows the holder of a kubeconfig by its token, and lets it do what its roles say', async () => {
    const metadata = { name: 'replica', namespace: 'default' }
    await cluster.client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata })
    const [one, other] = [
      await cluster.accountKubeconfig('default', 'replica'),
      await cluster.accountKubeconfig('default', 'replica'),
    ]
    expect(one.path).not.toBe(other.path)
    const replica = closedAfterTest(connectAs(cluster, { token: one.token }))
    const who = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
    const { body } = await replica.request('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', who)
    expect(body).toMatchObject({ status: { userInfo: { username: 'system:serviceaccount:default:replica' } } })
    expect(await replica.create(configMap('refused'))).toMatchObject({ status: 403 })
  })

  test('knows the holder of a certificate by its name and groups', async () => {
    const path = await cluster.userKubeconfig('ann', ['system:masters'])
    const { stdout } = await run(cluster.kubectl, ['--kubeconfig', path, 'auth', 'whoami', '-o', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({ status: { userInfo: { username: 'ann' } } })
  })

  test('asks a webhook on loopback, whose refusal and warnings come back as it said them', async () => {
    const webhook = closedAfterTest(await refusingWebhook(await cluster.serverCertificate(['127.0.0.1'])))
    await cluster.client.apply(configurationOf(`https://127.0.0.1:${webhook.port}/`, cluster.ca))
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'refused', namespace: 'default' } }
    // The API server reads of a new webhook a moment later.
    await expect
      .poll(() => cluster.client.create(secret, true), { timeout: 20_000 })
      .toMatchObject({
        status: 400,
        body: { message: 'admission webhook "refusing.pullgate.example" denied the request: not today' },
        warnings: ['it is "late"'],
      })
  })
})

const errorOf = async (failing: Promise<unknown>): Promise<string> => {
  const thrown = await failing.then(
    () => new Error('it did not fail'),
    (error: Error) => error,
  )
  return thrown.message
}

describe('a part that does not start', () => {
  test('is named in the error, with the end of its log, and nothing of the cluster goes on', async () => {
    const flags = { 'kube-apiserver': ['--no-such-flag'] }
    const message = await errorOf(startCluster({ parts, flags }, inTime()))
    expect(message).toMatch(/^kube-apiserver ended with code 1\..*unknown flag: --no-such-flag/s)
    const logFile = /\((\S+kube-apiserver\.log)\)/.exec(message)?.[1] ?? ''
    expect(await readFile(logFile, 'utf8')).toContain('--no-such-flag')
    expect(await runningWith(logFile.split('/').at(-2) ?? '')).toEqual([])
  })

  test('is ended when it is not ready in time', async () => {
    const folder = await makeFolder('late')
    closedAfterTest({ close: () => folder.clear(false) })
    const [logFile, words] = [join(folder.logs, 'late.log'), `getting ready in ${folder.path}`]
    const script = `echo ${words}; sleep 300`
    const late = {
      name: 'late',
      path: '/bin/sh',
      args: ['-c', script],
      logFile,
      readyMs: 300,
      isReady: async () => false,
    }
    expect(await errorOf(startPart(late, inTime()))).toMatch(/^late was not ready in 0.3 s\..*getting ready/s)
    expect(await runningWith(words)).toEqual([])
  })

  test('is not waited for any longer when the run is interrupted', async () => {
    const stop = new AbortController()
    const starting = startCluster({ parts: ['etcd'] }, stop.signal)
    stop.abort()
    expect(await errorOf(starting)).toMatch(/^etcd was not waited for any longer\./)
  })
})

describe('a part that ends by itself', () => {
  test('is named when the cluster is closed', async () => {
    const cluster = await startCluster({ parts: ['etcd'] }, inTime())
    const { stdout } = await run('pgrep', ['--full', `data-dir=${cluster.folder}`])
    process.kill(Number(stdout), 'SIGKILL')
    await expect.poll(() => runningWith(cluster.folder)).toEqual([])
    expect(await errorOf(cluster.close())).toMatch(/^the cluster lost parts: etcd was ended by SIGKILL;/)
  })
})
