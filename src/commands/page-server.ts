import { createServer, type ServerResponse } from 'node:http'
import { fail, ok, type Result } from '../lib/result.ts'
import { isOurHost } from './page-host.ts'
import { listenOn, type PlainServer } from './plain-server.ts'

/** The latest result, in the forms in which it is shown. */
export interface Pages {
  readonly html: () => Promise<string>
  readonly json: () => Promise<string>
}

const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

interface Page {
  readonly type: string
  readonly body: string
}

const pageAt = async (path: string, { html, json }: Pages): Promise<Page | undefined> => {
  switch (path) {
    case '/':
      return { type: 'text/html', body: await html() }
    case '/report.json':
      return { type: 'application/json', body: await json() }
    case '/healthz':
      return { type: 'text/plain', body: 'ok\n' }
    default:
      return undefined
  }
}

const answer = (page: Page | undefined, response: ServerResponse): void => {
  if (page === undefined) response.writeHead(404, headers).end()
  else response.writeHead(200, { ...headers, 'content-type': `${page.type}; charset=utf-8` }).end(page.body)
}

/** Where the page is served. */
export interface PageAddress {
  readonly host: string
  readonly port: number
  /** Names by which it may be asked for, beside addresses and those of the cluster. */
  readonly names: readonly string[]
}

const strange = 'This page is not served by this name. Where the name is one of yours, allow it with --page-name.\n'

/** Serves the latest result by plain HTTP, to be read and nothing else; a sentence where it cannot. */
export const startPages = async (
  pages: Pages,
  { host, port, names }: PageAddress,
): Promise<Result<PlainServer, string>> => {
  const server = createServer(async ({ method = '', url = '', headers: { host: asked } }, response) => {
    if (!isOurHost(asked, { bound: host, names })) return void response.writeHead(421, headers).end(strange)
    if (method !== 'GET' && method !== 'HEAD') return void response.writeHead(405, headers).end()
    // HEAD: node leaves the body out by itself.
    answer(await pageAt(url.split('?')[0] ?? '', pages), response)
  })
  const listening = await listenOn(server, host, port)
  if (!listening.ok)
    return fail(`The page cannot be served on ${host}, port ${port} (${listening.error}): choose another with --serve.`)
  return ok({ ...listening.value, url: `${listening.value.url}/` })
}
