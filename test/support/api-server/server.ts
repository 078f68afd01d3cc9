import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { openSockets } from '../../../src/lib/open-sockets.ts'
import { makeCertificate } from '../../../src/webhook/certificate.ts'
import { type ApiObject, createStore, type Store } from './store.ts'
import { createWatchers, type Watchers } from './watchers.ts'

/** A request that came in. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly authorization: string | undefined
  readonly userAgent: string | undefined
  readonly body: string
  readonly message: IncomingMessage
}

/** Takes an answer upon itself; false: the server answers as ever. */
export type Meet = (request: ApiRequest, response: ServerResponse) => boolean | Promise<boolean>

/** A small API server on this machine. */
export interface FakeApiServer {
  readonly url: string
  readonly caPem: string
  readonly nodes: Store
  readonly namespaces: Store
  readonly runtimeClasses: Store
  readonly nodeWatches: Watchers
  readonly namespaceWatches: Watchers
  readonly runtimeClassWatches: Watchers
  /** Objects that are had one by one, by their path. */
  readonly objects: Map<string, ApiObject>
  readonly requests: readonly ApiRequest[]
  /** How many connections were made. */
  readonly connections: () => number
  readonly willMeet: (meet: Meet) => void
  readonly close: () => Promise<void>
}

/** What failing API servers send. */
export const status = (code: number, reason: string, message = ''): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code, message })

/** Answers with a status and its reason. */
export const refuse = (
  response: ServerResponse,
  code: number,
  reason: string,
  headers: Record<string, string> = {},
): true => {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(status(code, reason))
  return true
}

const sendJson = (response: ServerResponse, code: number, body: unknown): void => {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const list = (store: Store, kind: string, query: URLSearchParams, response: ServerResponse): void => {
  const limit = Number(query.get('limit') ?? 0) || Number.MAX_SAFE_INTEGER
  const [at, from] = (query.get('continue') ?? `${store.keep()}.0`).split('.').map(Number)
  const all = store.at(at ?? 0)
  if (all === undefined) return void refuse(response, 410, 'Expired')
  const end = (from ?? 0) + limit
  const next = end < all.length ? { continue: `${at}.${end}`, remainingItemCount: all.length - end } : {}
  const items = all.slice(from, end).map(({ kind: _, apiVersion: __, ...item }) => item)
  sendJson(response, 200, { kind, apiVersion: 'v1', metadata: { resourceVersion: String(at), ...next }, items })
}

// By the path of the list.
const collections = {
  '/api/v1/nodes': { kind: 'Node', of: 'nodes' },
  '/api/v1/namespaces': { kind: 'Namespace', of: 'namespaces' },
  '/apis/node.k8s.io/v1/runtimeclasses': { kind: 'RuntimeClass', of: 'runtimeClasses' },
} as const

type Path = keyof typeof collections

const isList = (path: string): path is Path => Object.hasOwn(collections, path)

let certificate: ReturnType<typeof makeCertificate> | undefined
const madeCertificate = () => {
  certificate ??= makeCertificate(['127.0.0.1'], new Date(), 24 * 60 * 60 * 1000)
  return certificate
}

/** Starts an API server on a free port of 127.0.0.1; `port` brings one back where it was. */
export const startApiServer = async (tls: ServerOptions = {}, port = 0): Promise<FakeApiServer> => {
  const { key, cert, ca } = await madeCertificate()
  const stores = {
    nodes: createStore('Node'),
    namespaces: createStore('Namespace'),
    runtimeClasses: createStore('RuntimeClass'),
  }
  const watches = {
    nodes: createWatchers(stores.nodes, 'Node'),
    namespaces: createWatchers(stores.namespaces, 'Namespace'),
    runtimeClasses: createWatchers(stores.runtimeClasses, 'RuntimeClass'),
  }
  const objects = new Map<string, ApiObject>()
  const requests: ApiRequest[] = []
  let connections = 0
  let meet: Meet = () => false

  const collection = (path: Path, { query }: ApiRequest, response: ServerResponse): void => {
    const { kind, of } = collections[path]
    const from = Number(query.get('resourceVersion'))
    if (query.get('watch') !== 'true') list(stores[of], `${kind}List`, query, response)
    // A version from before the server lost its memory.
    else if (from > stores[of].version()) refuse(response, 504, 'Timeout')
    else watches[of].open(response, from)
  }
  const answer = (request: ApiRequest, response: ServerResponse): void => {
    const { path } = request
    if (isList(path)) return void collection(path, request, response)
    const namespace = stores.namespaces.get(/^\/api\/v1\/namespaces\/([^/]+)$/.exec(path)?.[1] ?? '')
    const object = objects.get(path) ?? namespace
    if (object === undefined) return void refuse(response, 404, 'NotFound')
    sendJson(response, request.method === 'POST' ? 201 : 200, object)
  }
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(`https://api${message.url}`)
    const { authorization, 'user-agent': userAgent } = message.headers
    const [method, body] = [message.method ?? '', await text(message)]
    const request = { method, path: url.pathname, query: url.searchParams, authorization, userAgent, body, message }
    requests.push(request)
    if (!(await meet(request, response))) answer(request, response)
  }

  const server = createServer(
    { key, cert, ...tls },
    (message, response) => void serve(message, response).catch(() => {}),
  )
  const sockets = openSockets(server)
  server.on('connection', () => {
    connections += 1
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caPem: ca,
    ...stores,
    nodeWatches: watches.nodes,
    namespaceWatches: watches.namespaces,
    runtimeClassWatches: watches.runtimeClasses,
    objects,
    requests,
    connections: () => connections,
    willMeet: given => {
      meet = given
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
