import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { openSockets } from '../lib/open-sockets.ts'
import type { Image } from './content.ts'
import { answerTo } from './distribution.ts'
import { emptyShelf, placed, type Shelf, untagged } from './shelf.ts'

/** Sees each request first; true: it has taken the answer upon itself. */
export type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>

/** How a registry starts: empty, over plain HTTP and without interference unless told otherwise. */
export interface RegistryOptions {
  readonly shelf?: Shelf
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly intercept?: Intercept
}

/** A request that came in, its query included. */
export interface LoggedRequest {
  readonly method: string
  readonly path: string
  /** Undefined until the whole answer is given. */
  readonly status: number | undefined
}

/** A registry on this machine. */
export interface EmbeddedRegistry {
  /** `127.0.0.1:41873`, as image references name it. */
  readonly host: string
  /** What was asked so far, in the order of arrival. */
  readonly requests: readonly LoggedRequest[]
  /** Stores an image, and lets the tag name it; without a tag it is there by its digest alone. */
  put(repository: string, tag: string | undefined, image: Image): void
  /** Takes a tag away. */
  untag(repository: string, tag: string): void
  /** Ends every connection at once. */
  close(): Promise<void>
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void

const send = (method: string, response: ServerResponse, shelf: Shelf, path: string): void => {
  const { status, headers, body } = answerTo(shelf, method, path)
  response.writeHead(status, headers)
  response.end(method === 'HEAD' ? undefined : body)
}

const logInto =
  (requests: LoggedRequest[]): Serve =>
  (request, response) => {
    const entry = { method: request.method ?? '', path: request.url ?? '', status: undefined as number | undefined }
    requests.push(entry)
    response.once('finish', () => {
      entry.status = response.statusCode
    })
  }

const listen = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const closeNow = async (server: Server, sockets: Iterable<Socket>): Promise<void> => {
  const closed = once(server, 'close')
  server.close()
  for (const socket of sockets) socket.destroy()
  await closed
}

/** Starts a registry on a free port of 127.0.0.1. */
export const startRegistry = async ({
  shelf: first,
  tls,
  intercept,
}: RegistryOptions = {}): Promise<EmbeddedRegistry> => {
  let shelf = first ?? emptyShelf
  const requests: LoggedRequest[] = []
  const log = logInto(requests)
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    log(request, response)
    const isHandled = await intercept?.(request, response)
    if (isHandled !== true) send(request.method ?? '', response, shelf, request.url ?? '')
  }
  const listener: Serve = (request, response) => void serve(request, response)
  const server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener)
  const sockets = openSockets(server)

  return {
    host: await listen(server),
    requests,
    put: (repository, tag, image) => {
      shelf = placed(shelf, repository, tag, image)
    },
    untag: (repository, tag) => {
      shelf = untagged(shelf, repository, tag)
    },
    close: () => closeNow(server, sockets),
  }
}
