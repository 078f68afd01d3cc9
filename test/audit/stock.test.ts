import { describe, expect, it } from 'vitest'
import { takeStock } from '../../src/audit/stock.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { builtInKinds } from '../../src/workload/kinds.ts'
import { accessTo, apiServerFor, clientOf } from '../support/api-server/connect.ts'
import { type FakeApiServer, refuse } from '../support/api-server/server.ts'
import { settle } from './town.ts'

const everywhere = { namespaces: 'all', selector: undefined } as const

const deployment = (namespace: string, name: string, image = 'app:1') => ({
  metadata: { name, namespace, uid: `${namespace}-${name}` },
  spec: { template: { spec: { containers: [{ name: 'app', image }] } } },
})

const setUp = async () => {
  const server = await apiServerFor()
  const waits: number[] = []
  const options = {
    ...{ api: clientOf(accessTo(server)), kinds: builtInKinds, pageSize: 500, pageMs: 5000, random: () => 0.5 },
    troubled: new Set<string>(),
    wait: async (ms: number) => void waits.push(ms),
  }
  return { server, waits, options }
}
const namesIn = (stock: Awaited<ReturnType<typeof takeStock>>): readonly string[] =>
  stock.ok ? stock.value.owners.map(({ object }) => `${object.namespace}/${object.name}`) : [stock.error.kind]
const asked = ({ requests }: FakeApiServer): readonly string[] => requests.map(({ path }) => path)

describe('the stock of a cluster', () => {
  it('is listed in pages, and only of the kinds that the cluster has', async () => {
    const { server, options } = await setUp()
    settle(server, { 'apps/v1/Deployment': [deployment('a', 'web'), deployment('b', 'web')] })
    expect(namesIn(await takeStock(options, everywhere, deadlineIn(5000)))).toEqual(['a/web', 'b/web'])
    expect(asked(server)).toContain('/apis/apps/v1/deployments')
    expect(asked(server).some(path => path.includes('argoproj'))).toBe(false)
    expect(server.requests.find(({ path }) => path.endsWith('/pods'))?.query.get('limit')).toBe('500')
  })

  it('is of the namespaces that are asked for', async () => {
    const { server, options } = await setUp()
    settle(server, {})
    server.objects.set('/apis/apps/v1/namespaces/a/deployments', {
      ...{ kind: 'List', metadata: { resourceVersion: '7' } },
      items: [deployment('a', 'web')],
    } as never)
    const stock = await takeStock(options, { ...everywhere, namespaces: ['a'] }, deadlineIn(5000))
    expect(namesIn(stock)).toEqual(['a/web'])
    expect(asked(server)).not.toContain('/apis/apps/v1/deployments')
  })

  it('gives the selector to every list but those that only link owners', async () => {
    const { server, options } = await setUp()
    settle(server, {})
    await takeStock(options, { ...everywhere, selector: 'app=web' }, deadlineIn(5000))
    const selectors = server.requests.map(({ path, query }) => [path.split('/').at(-1), query.get('labelSelector')])
    expect(selectors).toContainEqual(['deployments', 'app=web'])
    expect(selectors).toContainEqual(['pods', 'app=web'])
    expect(selectors).toContainEqual(['replicasets', null])
  })

  it('leaves out what may not be listed, does the rest, and names the rule that is missing', async () => {
    const { server, options } = await setUp()
    settle(server, { 'apps/v1/StatefulSet': [deployment('a', 'db')] })
    server.namespaces.put({ metadata: { name: 'a' } })
    server.willMeet(({ path }, response) => path.includes('deployments') && refuse(response, 403, 'Forbidden'))
    const stock = await takeStock(options, everywhere, deadlineIn(5000))
    expect(namesIn(stock)).toEqual(['a/db'])
    expect(stock.ok && stock.value.gaps).toEqual([
      'deployments.apps in namespace a could not be listed: the API server forbids it; give this account the verb list on deployments.apps.',
    ])
  })

  it('does half of the namespaces where the other half is forbidden', async () => {
    const { server, options } = await setUp()
    settle(server, {})
    for (const name of ['a', 'b']) server.namespaces.put({ metadata: { name } })
    server.objects.set('/api/v1/namespaces/b/pods', {
      ...{ kind: 'List', metadata: { resourceVersion: '7' } },
      items: [
        { metadata: { name: 'x', namespace: 'b', uid: 'x' }, spec: { containers: [{ name: 'x', image: 'x:1' }] } },
      ],
    } as never)
    server.willMeet(
      ({ path }, response) =>
        /^\/api\/v1\/(?:pods|namespaces\/a\/pods)$/.test(path) && refuse(response, 403, 'Forbidden'),
    )
    const stock = await takeStock(options, everywhere, deadlineIn(5000))
    expect(namesIn(stock)).toEqual(['b/x'])
    expect(stock.ok && stock.value.gaps.join()).toMatch(
      /^pods in namespace a could not be listed: .* the verb list on pods\.$/,
    )
  })

  it('waits as long as a busy API server asks, and begins again where a list has expired', async () => {
    const { server, options, waits } = await setUp()
    settle(server, { 'apps/v1/Deployment': [deployment('a', 'web')] })
    const troubles = [429, 410]
    server.willMeet(({ path }, response) => {
      const code = path.endsWith('/deployments') ? troubles.shift() : undefined
      return code !== undefined && refuse(response, code, 'X', code === 429 ? { 'retry-after': '7' } : {})
    })
    expect(namesIn(await takeStock(options, everywhere, deadlineIn(5000)))).toEqual(['a/web'])
    expect(waits[0]).toBe(7000)
    expect(waits.length).toBe(2)
  })

  it('gives up a kind that cannot be listed after a few tries, names the gap, and does the rest', async () => {
    const { server, options, waits } = await setUp()
    settle(server, { 'apps/v1/Deployment': [deployment('a', 'web')] })
    server.willMeet(({ path }, response) => path.includes('/batch/v1/') && refuse(response, 503, 'ServiceUnavailable'))
    const stock = await takeStock(options, everywhere, deadlineIn(5000))
    expect(namesIn(stock)).toEqual(['a/web'])
    expect(stock.ok && [stock.value.isBroken, [...stock.value.troubled]]).toEqual([true, ['batch']])
    expect(stock.ok && stock.value.gaps.join()).toContain(
      'jobs.batch in the cluster could not be listed: the API server failed (status 503); try again.',
    )
    // Six tries of the first kind, and one of the other of that group.
    expect(waits.length).toBe(5)
    waits.length = 0
    await takeStock({ ...options, troubled: new Set(['batch']) }, everywhere, deadlineIn(5000))
    expect(waits).toEqual([])
  })

  it('names the kinds of an API that does not say what it has', async () => {
    const { server, options } = await setUp()
    settle(server, { 'apps/v1/Deployment': [deployment('a', 'web')] })
    server.willMeet(({ path }, response) => path === '/apis/batch/v1' && refuse(response, 503, 'ServiceUnavailable'))
    const stock = await takeStock(options, everywhere, deadlineIn(5000))
    expect(namesIn(stock)).toEqual(['a/web'])
    expect(stock.ok && [stock.value.isBroken, stock.value.gaps.join()]).toEqual([
      true,
      expect.stringContaining('cronjobs.batch in the cluster could not be listed'),
    ])
  })

  it('tells of a namespace what of it was not looked at, and names no other', async () => {
    const { server, options } = await setUp()
    settle(server, {})
    server.willMeet(({ path }, response) => path.includes('deployments') && refuse(response, 403, 'Forbidden'))
    const stock = await takeStock(options, { ...everywhere, namespaces: ['a', 'b'] }, deadlineIn(5000))
    const gaps = stock.ok ? stock.value.gapsIn('b').join() : ''
    expect(gaps).toContain('deployments.apps in namespace b could not be listed: the API server forbids it')
    expect(gaps).not.toContain('namespace a')
    expect(stock.ok && stock.value.gapsIn('c')).toEqual([])
  })

  it('fails where the API server says nothing at all', async () => {
    const { server, options } = await setUp()
    server.willMeet((_, response) => refuse(response, 403, 'Forbidden'))
    expect(namesIn(await takeStock(options, everywhere, deadlineIn(5000)))).toEqual(['forbidden'])
  })

  it('passes over objects that are no objects', async () => {
    const { server, options } = await setUp()
    const odd = [null, 7, 'x', [], {}, { metadata: null }, { metadata: { uid: 'u', name: 'n' }, spec: [] }]
    settle(server, { 'apps/v1/Deployment': odd as object[], 'v1/Pod': odd as object[] })
    expect(namesIn(await takeStock(options, everywhere, deadlineIn(5000)))).toEqual([])
  })
})
