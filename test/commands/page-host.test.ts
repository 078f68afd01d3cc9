import { describe, expect, it } from 'vitest'
import { isOurHost } from '../../src/commands/page-host.ts'
import { startPages } from '../../src/commands/page-server.ts'
import { closedAfterTest } from '../support/lifetime.ts'

describe('the page is served by a name', () => {
  it.each([
    ['127.0.0.1', 'localhost:8080', true],
    ['127.0.0.1', '127.0.0.1:8080', true],
    ['127.0.0.1', '[::1]:8080', true],
    ['127.0.0.1', 'LOCALHOST.', true],
    ['::1', '127.0.0.1', true],
    ['127.0.0.1', 'rebound.example:8080', false],
    ['127.0.0.1', '127.0.0.1.example', false],
    ['127.0.0.1', '192.0.2.1', false],
    ['127.0.0.1', 'audit', false],
    ['127.0.0.1', undefined, false],
    ['127.0.0.1', '', false],
    ['127.0.0.1', 'page.example', true],
    ['192.0.2.7', '192.0.2.7:8080', true],
    ['here.example', 'here.example:8080', true],
    ['::', '10.1.2.3:8081', true],
    ['::', '[2001:db8::1]:8081', true],
    ['::', 'localhost:8081', true],
    ['::', 'pullgate-audit', true],
    ['::', 'pullgate-audit.pullgate.svc', true],
    ['::', 'pullgate-audit.pullgate.svc.cluster.local', true],
    ['::', 'pullgate-audit.svc.rebound.example', false],
    ['::', 'rebound.example', false],
    ['::', 'page.example:443', true],
  ])('on %s, asked for as %s: %s', (bound, header, isOurs) => {
    expect(isOurHost(header, { bound, names: ['Page.example'] })).toBe(isOurs)
  })

  it("and by no stranger's, in a sentence that says what to do", async () => {
    const pages = { html: async () => 'SECRETS', json: async () => 'SECRETS' }
    const started = await startPages(pages, { host: '127.0.0.1', port: 0, names: [] })
    if (!started.ok) throw new Error(started.error)
    closedAfterTest(started.value)
    const { port } = new URL(started.value.url)
    const answers = await Promise.all(
      [`127.0.0.1:${port}`, 'rebound.example'].map(async host => {
        const { request } = await import('node:http')
        const { promise, resolve } = Promise.withResolvers<readonly [number, string]>()
        request({ port, headers: { host } }, async response => {
          const text = (await response.toArray()).join('')
          resolve([response.statusCode ?? 0, text])
        }).end()
        return promise
      }),
    )
    expect(answers).toEqual([
      [200, 'SECRETS'],
      [421, expect.stringContaining('--page-name')],
    ])
  })
})
