import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { multiArchImage } from '../../src/demo/images.ts'
import { folder } from '../commands/run-pullgate.ts'
import { startBrowser, type Tab } from '../report/browser.ts'
import { apiServerFor } from '../support/api-server/connect.ts'
import { registryFor } from '../support/lifetime.ts'
import { serveAudit } from './served.ts'
import { kubeConfig, settle } from './town.ts'

// Kept after the run, so that somebody can look.
const kept = join(import.meta.dirname, '../../.cache/audit/page.png')

let tab: Tab
beforeAll(async () => {
  await mkdir(join(kept, '..'), { recursive: true })
  tab = await startBrowser()
})
afterAll(() => tab.close())

it('the page of an audit shows in a browser what its JSON counts, filters it, and asks nobody else', async () => {
  const [api, registry, home] = await Promise.all([apiServerFor(), registryFor({}), folder()])
  await writeFile(join(home, 'kubeconfig'), kubeConfig(api))
  registry.put('shop/web', '1', multiArchImage(['linux/amd64']))
  const deployment = (namespace: string, name: string) => ({
    metadata: { name, namespace, uid: `${namespace}-${name}` },
    spec: { template: { spec: { containers: [{ name: 'app', image: `${registry.host}/shop/${name}:1` }] } } },
  })
  const all = ['a', 'b'].flatMap(namespace => ['web', 'gone', 'lost'].map(name => deployment(namespace, name)))
  settle(api, { 'apps/v1/Deployment': all })
  const { url, stop } = await serveAudit({
    environment: { KUBECONFIG: join(home, 'kubeconfig'), HOME: home },
    folder: home,
  })
  const { findings, summary } = (await (await fetch(`${url}report.json`)).json()) as {
    readonly findings: readonly object[]
    readonly summary: { readonly deny: number }
  }
  await tab.open(url)
  const rows = (): Promise<number> => tab.run(`document.querySelectorAll('.findings > li:not([hidden])').length`)
  expect([await rows(), summary.deny]).toEqual([findings.length, 4])
  await tab.run(`{
    const field = document.querySelector('.filters').elements.namespace
    field.value = [...field.options].find(({ text }) => text === 'a').value
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }`)
  expect(await rows()).toBe(2)
  await tab.shoot(kept)
  const asked = tab.told.flatMap(({ method, params }) =>
    method === 'Network.requestWillBeSent' ? [(params['request'] as { readonly url: string }).url] : [],
  )
  expect(asked.filter(each => !each.startsWith('data:') && each !== 'about:blank')).toEqual([url])
  await stop()
})
