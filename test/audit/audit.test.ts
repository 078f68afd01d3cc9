import { readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { multiArchImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry } from '../../src/demo/registry.ts'
import { folder, pullgate } from '../commands/run-pullgate.ts'
import { apiServerFor } from '../support/api-server/connect.ts'
import { type FakeApiServer, refuse } from '../support/api-server/server.ts'
import { registryFor } from '../support/lifetime.ts'
import { kubeConfig, settle } from './town.ts'

interface Town {
  readonly api: FakeApiServer
  readonly registry: EmbeddedRegistry
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
}

const node = (architecture: string) => ({
  ...{ apiVersion: 'v1', kind: 'Node', spec: {} },
  metadata: { name: architecture, labels: { 'kubernetes.io/arch': architecture, 'kubernetes.io/os': 'linux' } },
  status: { nodeInfo: { architecture, operatingSystem: 'linux', containerRuntimeVersion: 'containerd://2.4.2' } },
})

const town = async (options: Parameters<typeof registryFor>[0] = {}): Promise<Town> => {
  const [api, registry, home] = await Promise.all([apiServerFor(), registryFor(options), folder()])
  registry.put('shop/web', '1', multiArchImage(['linux/amd64', 'linux/arm64']))
  api.nodes.put(node('amd64'))
  api.namespaces.put({ metadata: { name: 'shop', labels: {} } })
  await writeFile(join(home, 'kubeconfig'), kubeConfig(api))
  return { api, registry, folder: home, environment: { KUBECONFIG: join(home, 'kubeconfig'), HOME: home } }
}

const deployment = (name: string, image: string) => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}` },
  spec: { template: { spec: { containers: [{ name: 'app', image }] } } },
})
const podOf = (owner: string, image: string, digest: string, number = 1) => ({
  metadata: {
    ...{ name: `${owner}-${number}`, namespace: 'shop', uid: `uid-${owner}-${number}` },
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'Deployment', name: owner, uid: `uid-${owner}`, controller: true },
    ],
  },
  spec: { containers: [{ name: 'app', image, imagePullPolicy: 'Always' }], nodeName: 'amd64' },
  status: { phase: 'Running', containerStatuses: [{ name: 'app', imageID: `r.test/x@${digest}` }] },
})
const old = `sha256:${'b'.repeat(64)}`

describe('pullgate audit', () => {
  it('says of live workloads what could not be pulled again, one finding for all pods of an owner', async () => {
    const { api, registry, ...home } = await town()
    const [web, gone] = [`${registry.host}/shop/web:1`, `${registry.host}/shop/gone:1`]
    const pods = Array.from({ length: 20 }, (_, number) => podOf('gone', gone, old, number))
    settle(api, { 'apps/v1/Deployment': [deployment('web', web), deployment('gone', gone)], 'v1/Pod': pods })
    const { code, stdout } = await pullgate(['audit', '-o', 'json'], home)
    const report = JSON.parse(stdout)
    expect(code).toBe(1)
    expect(report.findings).toMatchObject([
      {
        ...{ code: 'not-found', action: 'deny', image: gone, path: 'spec.template.spec.containers[0].image' },
        object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'gone' },
      },
    ])
    expect(report.summary).toMatchObject({ objects: 2, images: 2, deny: 1 })
  })

  it('notes a tag that has moved since it was pulled, which is no failure', async () => {
    const { api, registry, ...home } = await town()
    const web = `${registry.host}/shop/web:1`
    settle(api, { 'apps/v1/Deployment': [deployment('web', web)], 'v1/Pod': [podOf('web', web, old)] })
    const { code, stdout } = await pullgate(['audit'], home)
    expect(code).toBe(0)
    expect(stdout).toContain('moved-tag')
    expect(stdout).toContain('runs')
  })

  it('foretells what would break on nodes of another architecture', async () => {
    const { api, registry, ...home } = await town()
    registry.put('shop/old', '1', multiArchImage(['linux/amd64']))
    settle(api, { 'apps/v1/Deployment': [deployment('old', `${registry.host}/shop/old:1`)] })
    expect((await pullgate(['audit'], home)).code).toBe(0)
    const { code, stdout } = await pullgate(['audit', '--platform', 'linux/arm64'], home)
    expect(code).toBe(1)
    expect(stdout).toContain('no-platform')
  })

  it('asks for an image once, however many workloads use it', async () => {
    const { api, registry, ...home } = await town()
    const many = Array.from({ length: 300 }, (_, number) => deployment(`web-${number}`, `${registry.host}/shop/web:1`))
    settle(api, { 'apps/v1/Deployment': many })
    const before = registry.requests.length
    expect((await pullgate(['audit'], home)).code).toBe(0)
    expect(registry.requests.length - before).toBeLessThan(8)
  })

  it('asks once for an image that is not there, however many workloads want it', async () => {
    const { api, registry, ...home } = await town()
    const many = Array.from({ length: 100 }, (_, number) => deployment(`no-${number}`, `${registry.host}/shop/no:1`))
    settle(api, { 'apps/v1/Deployment': many })
    const { code, stdout } = await pullgate(['audit', '-o', 'json'], home)
    expect(code).toBe(1)
    expect(JSON.parse(stdout).summary.deny).toBe(100)
    const asked = registry.requests.map(({ method, path }) => `${method} ${path.split('/').slice(-2).join('/')}`)
    expect(asked.length).toBeLessThan(8)
  })

  it('asks a registry that counts pulls by HEAD alone, and says what it could not know', async () => {
    const counted = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '76;w=21600' }
    const intercept = (_: IncomingMessage, response: ServerResponse): boolean => {
      for (const [name, value] of Object.entries(counted)) response.setHeader(name, value)
      return false
    }
    const { api, registry, ...home } = await town({ intercept })
    const image = (name: string): string => `${registry.host}/shop/${name}:1`
    const runs = multiArchImage(['linux/amd64'])
    registry.put('shop/runs', '1', runs)
    const names = ['runs', 'web', 'gone']
    settle(api, {
      'apps/v1/Deployment': names.map(name => deployment(name, image(name))),
      'v1/Pod': [podOf('runs', image('runs'), runs.top.digest)],
    })
    const found = async (...more: readonly string[]) => {
      const { stdout } = await pullgate(['audit', '-o', 'json', ...more], home)
      const { findings } = JSON.parse(stdout) as { findings: { code: string; object: { name: string } }[] }
      return findings.map(({ code, object }) => `${object.name}: ${code}`)
    }
    expect(await found()).toEqual(['gone: not-found', 'web: rate-limited'])
    // What runs on the nodes that there are proves nothing of others.
    expect(await found('--platform', 'linux/arm64')).toContain('runs: rate-limited')
    expect(registry.requests.filter(({ method, path }) => method === 'GET' && path !== '/v2/')).toEqual([])
  })

  it('marks what is new since an earlier report', async () => {
    const { api, registry, ...home } = await town()
    const image = (name: string): string => `${registry.host}/shop/${name}:1`
    settle(api, { 'apps/v1/Deployment': [deployment('a', image('a'))] })
    await pullgate(['audit', '-o', 'json=before.json'], home)
    settle(api, { 'apps/v1/Deployment': [deployment('a', image('a')), deployment('b', image('b'))] })
    const { stdout } = await pullgate(['audit', '--compare', 'before.json', '-o', 'json'], home)
    const report = JSON.parse(stdout)
    expect(
      report.findings.map((finding: { object: { name: string }; new: boolean }) => [finding.object.name, finding.new]),
    ).toEqual([
      ['a', false],
      ['b', true],
    ])
    expect(await readFile(join(home.folder, 'before.json'), 'utf8')).toContain('"version": 1')
  })

  it('does what it may, says what it may not, and ends with 3', async () => {
    const { api, registry, ...home } = await town()
    settle(api, { 'apps/v1/Deployment': [deployment('web', `${registry.host}/shop/web:1`)] })
    api.willMeet(({ path }, response) => path.endsWith('/pods') && refuse(response, 403, 'Forbidden'))
    const { code, stdout } = await pullgate(['audit'], home)
    expect(code).toBe(3)
    expect(stdout).toContain('the verb list on pods')
  })

  it('writes what it has when it is interrupted, says that it is not whole, and ends with 130', async () => {
    const stopping = Promise.withResolvers<void>()
    const intercept = async ({ url }: IncomingMessage): Promise<boolean> => {
      if (!url?.includes('/slow/')) return false
      stopping.resolve()
      return true
    }
    const { api, registry, ...home } = await town({ intercept })
    const images = ['web', 'slow'].map(name => deployment(name, `${registry.host}/shop/${name}:1`))
    settle(api, { 'apps/v1/Deployment': images })
    const onStop = (stop: () => void): void => void stopping.promise.then(stop)
    const { code, stdout } = await pullgate(['audit'], { ...home, onStop })
    expect(code).toBe(130)
    expect(stdout).toMatch(/Interrupted: [01] of 2 workloads are in this report/)
  })

  it('says in a sentence that there is no cluster', async () => {
    const { code, stderr } = await pullgate(['audit'], { environment: { HOME: '/nonexistent' } })
    expect(code).toBe(2)
    expect(stderr.trim().split('\n').length).toBe(1)
  })
})
