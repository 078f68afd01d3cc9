import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fail, ok, type Result } from '../lib/result.ts'

/** The latest result, in the forms in which it is shown. */
export interface Pages {
  readonly html: () => string
  readonly json: () => string
}

/** A server of pages that listens. */
export interface PageServer {
  readonly url: string
  readonly close: () => Promise<void>
}

const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }

interface Page {
  readonly type: string
  readonly body: string
}

const pageAt = (path: string, { html, json }: Pages): Page | undefined => {
  switch (path) {
    case '/':
      return { type: 'text/html', body: html() }
    case '/report.json':
      return { type: 'application/json', body: json() }
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

/** Serves the latest result by plain HTTP, to be read and nothing else; a sentence where it cannot. */
export const startPages = async (pages: Pages, host: string, port: number): Promise<Result<PageServer, string>> => {
  const server = createServer(({ method = '', url = '' }, response) => {
    if (method !== 'GET' && method !== 'HEAD') return void response.writeHead(405, headers).end()
    // HEAD: node leaves the body out by itself.
    answer(pageAt(url.split('?')[0] ?? '', pages), response)
  })
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return fail(`The page cannot be served on ${host}, port ${port} (${code}): choose another with --serve.`)
  }
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  const shown = host.includes(':') ? `[${host}]` : host
  return ok({ url: `http://${shown}:${(server.address() as AddressInfo).port}/`, close })
}
