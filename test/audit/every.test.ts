import { writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folder, pullgate } from '../commands/run-pullgate.ts'
import { apiServerFor } from '../support/api-server/connect.ts'
import { type Meet, refuse } from '../support/api-server/server.ts'
import { registryFor } from '../support/lifetime.ts'
import { type Served, serveAudit } from './served.ts'
import { keepWhatIsWritten, kubeConfig, settle } from './town.ts'

const town = async (namespaces: readonly string[] = ['shop']) => {
  const [api, registry, home] = await Promise.all([apiServerFor(), registryFor({}), folder()])
  await writeFile(join(home, 'kubeconfig'), kubeConfig(api))
  const spec = { template: { spec: { containers: [{ name: 'app', image: `${registry.host}/shop/gone:1` }] } } }
  const deployments = namespaces.map(namespace => ({
    metadata: { name: 'web', namespace, uid: `u-${namespace}` },
    spec,
  }))
  settle(api, { 'apps/v1/Deployment': deployments })
  for (const name of namespaces) api.namespaces.put({ metadata: { name, labels: {} } })
  const keep = keepWhatIsWritten(api)
  /** What is written is kept; before that, others may take an answer upon themselves. */
  const meet = (other: Meet): void =>
    api.willMeet(async (request, response) => (await other(request, response)) || keep(request, response))
  meet(() => false)
  const start = async (...more: readonly string[]): Promise<Served> => {
    const environment = { KUBECONFIG: join(home, 'kubeconfig'), HOME: home }
    const every = ['--every', '1h', '--keep-at', 'default/audit', '--allow-address', '127.0.0.0/8', ...more]
    const served = await serveAudit({ environment, folder: home }, ...every)
    onTestFinished(async () => void (await served.stop()))
    return served
  }
  return { api, meet, start }
}

const patience = { timeout: 10_000 }

interface Told {
  readonly outcome: string
  readonly summary: { readonly deny: number }
  readonly gaps?: readonly string[]
}
const told = async ({ url }: Served): Promise<Told> => (await fetch(`${url}report.json`)).json() as Promise<Told>
const page = async ({ url }: Served): Promise<string> => (await fetch(url)).text()

const leaseOf = (holder: string) => ({
  ...{ metadata: { name: 'audit', namespace: 'default', resourceVersion: '1' } },
  spec: { holderIdentity: holder, renewTime: '2026-01-01T00:00:00.000000Z', leaseDurationSeconds: 15 },
})

// 0.7 of some of these are no whole milliseconds as JavaScript reckons.
it.each(['1s', '3s', '45m', '1h', '6h', '24h'])('an audit begins every %s', async every => {
  const { start } = await town()
  const served = await start('--every', every)
  await expect.poll(() => told(served), patience).toMatchObject({ outcome: 'fail', summary: { deny: 1 } })
})

describe('the page of an audit that goes on and on', () => {
  it('never says that all is well before anything was looked at', async () => {
    const { meet, start } = await town()
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    meet(async ({ path }) => {
      if (path !== '/apis/apps/v1/deployments') return false
      asked.resolve()
      await answer.promise
      return false
    })
    const served = await start()
    await asked.promise
    expect(await told(served)).toMatchObject({
      outcome: 'unknown',
      gaps: [expect.stringContaining('Nothing was looked at yet')],
    })
    expect(await page(served)).not.toContain('All is well')
    answer.resolve()
    await expect.poll(() => told(served), patience).toMatchObject({ outcome: 'fail', summary: { deny: 1 } })
    expect((await told(served)).gaps).toBeUndefined()
  })

  it('says on a replica that stands by who works', async () => {
    const { api, start } = await town()
    api.objects.set('/apis/coordination.k8s.io/v1/namespaces/default/leases/audit', leaseOf('audit-7') as never)
    const served = await start()
    await expect
      .poll(() => told(served))
      .toMatchObject({ outcome: 'unknown', gaps: [expect.stringContaining('audit-7 holds the Lease default/audit')] })
    expect(await page(served)).not.toContain('All is well')
    const { stderr } = await served.stop()
    expect(stderr).toContain('This replica stands by: audit-7')
  })

  it('tells after a restart what was found before, and where it stands', async () => {
    const { start, api } = await town()
    const first = await start()
    await expect.poll(() => told(first), patience).toMatchObject({ summary: { deny: 1 } })
    await expect.poll(() => api.objects.has('/api/v1/namespaces/default/configmaps/audit'), patience).toBe(true)
    await first.stop()
    const second = await start()
    await expect
      .poll(() => told(second))
      .toMatchObject({
        outcome: 'unknown',
        gaps: [expect.stringMatching(/^0 of 1 namespace .* 1 not-found: see .*kubectl get policyreports/)],
      })
  })

  it.each(['stands by', 'has just begun'])(
    'shows on a replica that %s what the reports in the cluster tell',
    async state => {
      const { start, api } = await town()
      const version = 'wgpolicyk8s.io/v1alpha2'
      const groups = api.objects.get('/apis') as unknown as { readonly groups: object[] }
      groups.groups.push({ name: 'wgpolicyk8s.io', versions: [{ groupVersion: version, version: 'v1alpha2' }] })
      const first = await start()
      await expect
        .poll(() => api.objects.has(`/apis/${version}/namespaces/shop/policyreports/pullgate`), patience)
        .toBe(true)
      await first.stop()
      if (state === 'stands by')
        api.objects.set('/apis/coordination.k8s.io/v1/namespaces/default/leases/audit', leaseOf('audit-7') as never)
      const second = await start()
      await expect
        .poll(() => told(second), patience)
        .toMatchObject({
          outcome: 'fail',
          summary: { deny: 1, objects: 1 },
          gaps: [
            expect.stringContaining(state === 'stands by' ? 'stands by' : '0 of 1 namespace'),
            'The findings of 1 namespace stand here as the reports in the cluster tell them; what is well there is not counted.',
          ],
        })
      expect(await page(second)).toContain('shop/gone:1')
    },
  )

  it('shows what could not be looked at, as the page of one audit does', async () => {
    const { meet, start } = await town()
    meet(({ path }, response) => path.endsWith('/statefulsets') && refuse(response, 403, 'Forbidden'))
    const served = await start()
    await expect
      .poll(() => told(served))
      .toMatchObject({
        summary: { deny: 1 },
        gaps: [expect.stringContaining('the verb list on statefulsets.apps')],
      })
    expect(await page(served)).toContain('Not looked at')
  })
})

describe('what would not be heeded', () => {
  it.each([
    [['--every', '1h', '-o', 'json'], '--output'],
    [['--every', '1h', '--compare', 'x.json'], '--compare'],
    [['--every', '1h', '--unknown', 'fail'], '--unknown'],
    [['--every', '1h', '--fail-on', 'deny'], '--fail-on'],
    [['--keep-at', 'a/b'], '--keep-at'],
    [['--metrics-port', '8080'], '--metrics-port'],
    [['--page-name', 'page.example'], '--page-name'],
  ])('is refused: %j', async (flags, named) => {
    const { code, stderr } = await pullgate(['audit', ...flags], { environment: { HOME: '/nonexistent' } })
    expect(code).toBe(2)
    expect(stderr).toMatch(new RegExp(`^error: ${named} is for .*--(every|serve)`))
  })
})

it('a page is written once for all who look, until something else is known', async () => {
  const { start } = await town()
  const served = await start()
  await expect.poll(() => told(served), patience).toMatchObject({ summary: { deny: 1 } })
  // It tells to the millisecond when it was written.
  const distinct = async (): Promise<number> =>
    new Set([await page(served), await page(served), await page(served)]).size
  await expect.poll(distinct, patience).toBe(1)
})

it('the API server is asked once a round what it has, however many namespaces there are', async () => {
  const { api, start } = await town(Array.from({ length: 20 }, (_, index) => `shop-${index}`))
  const served = await start()
  await expect.poll(() => told(served), patience).toMatchObject({ summary: { deny: 20 } })
  // For the kinds of workloads, for those of reports, and for the page once a minute.
  expect(api.requests.filter(({ path }) => path === '/apis').length).toBeLessThan(4)
  const isWritten = ({ method, path }: { method: string; path: string }): boolean =>
    method !== 'GET' && path.includes('/configmaps')
  expect(api.requests.filter(isWritten).length).toBeLessThan(4)
})

it('metrics and page are served by IPv4 and by IPv6', async () => {
  const { start } = await town()
  const served = await start('--serve', ':::0')
  const { port } = new URL(served.url)
  const families = Object.values(networkInterfaces()).flatMap(all => (all ?? []).map(({ address }) => address))
  for (const host of ['127.0.0.1', ...(families.includes('::1') ? ['[::1]'] : [])])
    expect((await fetch(`http://${host}:${port}/healthz`)).status).toBe(200)
})
