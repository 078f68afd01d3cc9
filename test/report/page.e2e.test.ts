import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html } from '../../src/report/html.ts'
import type { Sheet } from '../../src/report/sheet.ts'
import { startBrowser, type Tab } from './browser.ts'
import { fetched } from './fetched.ts'
import { hostileNames, hostileSheet } from './hostile-sheets.ts'
import { clusterSheet, context, goodSheet, smallSheet } from './sheets.ts'

// Kept after the run, so that somebody can look.
const folder = join(import.meta.dirname, '../../.cache/report/pages')

let tab: Tab
beforeAll(async () => {
  await mkdir(folder, { recursive: true })
  tab = await startBrowser()
})
afterAll(() => tab.close())

const look = (theme: 'light' | 'dark', width: number, height = 1000): Promise<unknown> =>
  Promise.all([
    tab.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: theme }] }),
    tab.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false }),
  ])

const open = async (name: string, sheet: Sheet): Promise<void> => {
  const file = join(folder, `${name}.html`)
  await writeFile(file, html(sheet, { ...context, command: name.startsWith('cluster') ? 'audit' : 'check' }))
  await look('light', 1280)
  await tab.open(pathToFileURL(file).href)
}

const visibleRows = (): Promise<number> => tab.run(`document.querySelectorAll('.findings > li:not([hidden])').length`)
const output = (): Promise<string> => tab.run(`document.querySelector('output').textContent`)
const set = (name: string, value: string): Promise<unknown> =>
  tab.run(`{
    const field = document.querySelector('.filters').elements[${JSON.stringify(name)}]
    field.value = ${JSON.stringify(value)}
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }`)

const hiddenOverflow = (): Promise<number> =>
  tab.run('document.documentElement.scrollWidth - document.documentElement.clientWidth')

const requests = (since: number): readonly unknown[] =>
  tab.told
    .slice(since)
    .filter(({ method }) => method === 'Network.requestWillBeSent')
    .map(({ params }) => (params['request'] as { readonly url: string }).url)
    .filter(url => !url.startsWith('data:'))

const troubles = (since: number): readonly unknown[] =>
  tab.told
    .slice(since)
    .filter(({ method }) =>
      [
        'Log.entryAdded',
        'Runtime.consoleAPICalled',
        'Runtime.exceptionThrown',
        'Page.javascriptDialogOpening',
      ].includes(method),
    )

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

const violations = async (): Promise<readonly string[]> => {
  await tab.run(await readFile(fetched('axe.js'), 'utf8'))
  const { violations: found } = await tab.run<{ readonly violations: readonly Violation[] }>('axe.run()')
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
}

describe('the page in a real browser', () => {
  test('shows what the sheet counts, and asks nobody anything', async () => {
    const before = tab.told.length
    const sheet = clusterSheet(300)
    await open('cluster', sheet)
    expect(await visibleRows()).toBe(sheet.findings.length)
    expect(await output()).toBe(`All ${sheet.findings.length} findings`)
    const shown = await tab.run<string[]>(`[...document.querySelectorAll('.totals dd')].map(each => each.textContent)`)
    const { deny, warn, unknown, images, objects } = sheet.summary
    expect(shown.map(Number)).toEqual([deny, warn, unknown, images, objects])
    expect(requests(before)).toEqual([pathToFileURL(join(folder, 'cluster.html')).href])
    expect(troubles(before)).toEqual([])
  })

  test('narrows down by namespace, registry, code, action and words, and counts what is left', async () => {
    const sheet = clusterSheet(300)
    await open('cluster', sheet)
    const { namespaces, registries, codes } = sheet.summary
    const inNamespace = sheet.findings.filter(({ object }) => object.namespace === namespaces[2]?.namespace)
    await set('namespace', '2')
    expect(await visibleRows()).toBe(inNamespace.length)
    const ofRegistry = inNamespace.filter(({ image }) => image.startsWith(`${registries[1]?.registry}/`))
    await set('registry', '1')
    expect(await visibleRows()).toBe(ofRegistry.length)
    const ofCode = ofRegistry.filter(({ code }) => code === codes[0]?.code)
    await set('code', codes[0]?.code ?? '')
    expect(await visibleRows()).toBe(ofCode.length)
    expect(await output()).toBe(`${ofCode.length} of ${sheet.findings.length} findings`)
    await tab.run(
      `document.querySelector('.filters button[type=reset]').click(); new Promise(done => setTimeout(done))`,
    )
    expect(await visibleRows()).toBe(sheet.findings.length)
    await set('text', 'SERVICE-14 quay')
    const withWords = sheet.findings.filter(
      ({ image, object }) => /service-14/.test(image + object.name) && /quay/.test(image),
    )
    expect(await visibleRows()).toBe(withWords.length)
    await set('text', 'no such words')
    expect(await tab.run(`document.querySelector('.nothing').hidden`)).toBe(false)
  })

  test('narrows down by a click on a bar, and a second one takes it back', async () => {
    const sheet = clusterSheet(300)
    await open('cluster', sheet)
    const click = `document.querySelector('.bar[data-name=code]').click()`
    await tab.run(click)
    const [first] = sheet.summary.codes
    expect(await visibleRows()).toBe((first?.deny ?? 0) + (first?.warn ?? 0))
    expect(await tab.run(`document.querySelector('.bar[data-name=code]').ariaPressed`)).toBe('true')
    await tab.run(click)
    expect(await visibleRows()).toBe(sheet.findings.length)
  })

  test('opens a finding, and from there its repair, by keys alone', async () => {
    await open('small', smallSheet())
    await tab.run(`document.querySelector('.filters button').focus()`)
    await tab.press('Tab')
    await tab.press('Enter')
    expect(await tab.run(`document.querySelector('.repair').open`)).toBe(true)
    await tab.press('Enter')
    await tab.press('Tab')
    await tab.press(' ')
    expect(await tab.run(`document.querySelector('.findings details').open`)).toBe(true)
    expect(await tab.run(`document.querySelector('.next').textContent`)).toBe('did you mean 1.4.0?')
    await tab.press('Tab')
    await tab.press('Enter')
    await tab.run('new Promise(done => setTimeout(done, 50))')
    expect(await tab.run(`document.querySelector('#repair-not-found').open`)).toBe(true)
    expect(await tab.run(`document.querySelector('#repair-not-found').innerText`)).toContain(
      'crane ls registry.example/shop/web',
    )
  })

  test.each(['light', 'dark'] as const)('leaves nothing to a checker of accessibility, in %s', async theme => {
    await open('small', smallSheet())
    await tab.run(`for (const each of document.querySelectorAll('details')) each.open = true`)
    await look(theme, 1280, 1400)
    await tab.shoot(join(folder, `small-${theme}.png`))
    expect(await violations()).toEqual([])
    await look(theme, 400)
    expect(await violations()).toEqual([])
  })

  test.each(['light', 'dark'] as const)('is readable on a screen of 400 pixels, in %s', async theme => {
    await open('cluster', clusterSheet(60))
    await look(theme, 400, 1600)
    expect(await hiddenOverflow()).toBe(0)
    await tab.run(`for (const each of document.querySelectorAll('details')) each.open = true`)
    expect(await hiddenOverflow()).toBe(0)
    await tab.shoot(join(folder, `narrow-${theme}.png`))
  })

  test('says so where there is nothing to be said', async () => {
    await open('good', goodSheet())
    expect(await tab.run(`document.querySelector('.verdict').innerText`)).toBe('All is well')
    expect(await tab.run(`document.querySelector('.filters').hidden`)).toBe(true)
    expect(await violations()).toEqual([])
  })

  test('shows hostile names as text: nothing of theirs runs, loads, or widens the page', async () => {
    for (const name of hostileNames) {
      const before = tab.told.length
      await open('hostile', hostileSheet(name))
      await tab.run(`for (const each of document.querySelectorAll('details')) each.open = true`)
      await look('light', 400)
      expect(await hiddenOverflow(), name).toBe(0)
      expect(await tab.run('document.scripts.length + document.images.length'), name).toBe(1)
      expect(requests(before), name).toHaveLength(1)
      expect(troubles(before), name).toEqual([])
    }
  })

  test('filters thousands of findings in less time than it takes to open them', async () => {
    const sheet = clusterSheet(9000)
    expect(sheet.findings.length).toBeGreaterThan(3900)
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const start = performance.now()
      await work()
      await tab.run('new Promise(done => requestAnimationFrame(() => setTimeout(done)))')
      return performance.now() - start
    }
    const opening = await timed(() => open('cluster-large', sheet))
    const filtering = await timed(() => set('registry', '0'))
    const name = sheet.summary.registries[0]?.registry
    expect(await visibleRows()).toBe(sheet.findings.filter(({ image }) => image.startsWith(`${name}/`)).length)
    expect(filtering).toBeLessThan(opening)
  })
})
