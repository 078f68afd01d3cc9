import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defineOperators } from '../audit/real/definitions.ts'
import { type Cluster, startCluster } from '../cluster/real/cluster.ts'
import { injectAuthorities, issue, mountSecret } from './cert-manager.ts'
import { runContainer } from './container.ts'
import { goldenFile } from './golden.ts'
import { type Ended, helm, objectsIn, type Rendered, theOne } from './helm.ts'
import { chart } from './made-files.ts'

const namespace = 'pullgate-system'
const address = '192.0.2.19'

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ parts: ['etcd', 'kube-apiserver'] }, AbortSignal.timeout(60_000))
  await defineOperators(cluster.client)
  for (const name of [namespace, 'shop']) {
    await cluster.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    const metadata = { name: 'default', namespace: name }
    await cluster.client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata })
  }
})

afterAll(async () => {
  await cluster?.close()
})

const kubectl = (args: readonly string[], input: string): Promise<Ended> =>
  new Promise(resolve => {
    const argv = ['--kubeconfig', cluster.kubeconfig, ...args]
    const child = execFile(cluster.kubectl, argv, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
    child.stdin?.end(input)
  })

describe('what the chart renders for operators', () => {
  const isTheirs = ({ apiVersion }: Rendered): boolean => /cert-manager|monitoring/.test(apiVersion)
  const asYaml = (objects: readonly Rendered[]): string => objects.map(object => JSON.stringify(object)).join('\n---\n')
  const strictly = ['apply', '--validate=strict', '--dry-run=server', '-f', '-']

  it.each([
    ['cert-manager', ['Certificate', 'Certificate', 'Issuer', 'Issuer']],
    ['everything', ['PrometheusRule', 'ServiceMonitor']],
  ])('is, with the values "%s", what their definitions know, field for field', async (name, kinds) => {
    const objects = objectsIn(readFileSync(goldenFile(name), 'utf8')).filter(isTheirs)
    expect(objects.map(({ kind }) => kind).toSorted()).toEqual(kinds)
    const { code, stdout, stderr } = await kubectl(strictly, asYaml(objects))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.match(/created/g)).toHaveLength(kinds.length)
    // And a field that they do not know is refused, so that this can fail.
    const [first, ...rest] = objects
    const mistyped = [{ ...first, spec: { ...first.spec, isCa: true } }, ...rest]
    expect(await kubectl(strictly, asYaml(mistyped))).toMatchObject({ stderr: expect.stringContaining('isCa') })
  })

  it('has a neighbour in certs/cert-manager.yaml that they know as well', async () => {
    const text = readFileSync(join(import.meta.dirname, '../../certs/cert-manager.yaml'), 'utf8')
    expect(await kubectl(strictly, text)).toMatchObject({ code: 0, stderr: '' })
  })
})

/** The serial number of the certificate that is shown, to who trusts this authority. */
const shownSerial = async (port: number): Promise<string> => {
  const socket = connect({ host: address, port, ca: cluster.ca, servername: `pullgate.${namespace}.svc` })
  await once(socket, 'secureConnect')
  const { serialNumber } = socket.getPeerCertificate()
  socket.destroy()
  return serialNumber
}

describe('certificates.source: cert-manager', () => {
  const values = JSON.stringify({
    certificates: { source: 'cert-manager' },
    webhook: { port: 10_446, failurePolicy: { pods: 'Fail' } },
    metrics: { port: 10_447 },
    config: { serve: { drainSeconds: 0 } },
  })
  const release = async (...args: readonly string[]): Promise<void> => {
    const argv = [...args, 'pullgate', chart, '--namespace', namespace, '-f', '-']
    const { code, stderr } = await helm(argv, { KUBECONFIG: cluster.kubeconfig }, values)
    expect({ code, stderr }).toMatchObject({ code: 0 })
  }
  const mount = async (): Promise<void> => {
    await issue(cluster, namespace, 'pullgate')
    await mountSecret(cluster, namespace, 'pullgate-certificate', join(cluster.folder, 'certificate'))
  }
  const pod = (image: string) => ({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' } },
    spec: { containers: [{ name: 'web', image }] },
  })
  const answerTo = async (image: string): Promise<string> => {
    const { status, body } = await cluster.client.create(pod(image), true)
    return `${status} ${(body as { readonly message?: string }).message ?? ''}`
  }

  it('serves with the certificate that cert-manager writes, and is trusted for the authority that it injects', async () => {
    await release('install')
    await mount()
    const port = 10_446
    await cluster.client.apply({
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
      metadata: { name: 'replica', namespace, labels: { 'kubernetes.io/service-name': 'pullgate' } },
      ports: [{ name: 'https', port, protocol: 'TCP' }],
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
    })
    const replica = await runContainer(cluster, namespace, {
      '$(POD_IP)': address,
      '/etc/pullgate-certificate': join(cluster.folder, 'certificate'),
    })
    // Before the injector was there, nobody is trusted.
    await expect.poll(() => answerTo('web:1'), { timeout: 20_000 }).toMatch(/^500 .*certificate signed by unknown/)
    expect(await injectAuthorities(cluster)).toBe(1)
    const denied = /^403 .*\[invalid-reference\]/s
    await expect.poll(() => answerTo('Not A Name'), { timeout: 20_000 }).toMatch(denied)

    // It may write neither Secrets nor the registration, and does not try.
    expect(replica.log()).not.toContain('WRONG')
    await expect.poll(replica.log, { timeout: 20_000 }).toMatch(/self-test: all \d+ trials went well/)

    // Renewed: the new certificate is shown, and there is an answer all the while.
    const before = await shownSerial(port)
    await mount()
    await expect
      .poll(
        async () => {
          expect(await answerTo('Not A Name')).toMatch(denied)
          return shownSerial(port)
        },
        { timeout: 60_000, interval: 500 },
      )
      .not.toBe(before)

    for (const serverSide of ['true', 'false']) {
      await release('upgrade', `--server-side=${serverSide}`)
      expect(await answerTo('Not A Name')).toMatch(denied)
    }
    const registration = await cluster.client.get(
      'admissionregistration.k8s.io/v1',
      'ValidatingWebhookConfiguration',
      'pullgate',
    )
    expect(theOne([registration], 'ValidatingWebhookConfiguration').webhooks[0].clientConfig.caBundle).toBe(
      Buffer.from(cluster.ca).toString('base64'),
    )
    await replica.end()
  })
})
