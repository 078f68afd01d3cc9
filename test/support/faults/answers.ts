import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, answerTo } from '../../../src/demo/distribution.ts'
import type { Intercept } from '../../../src/demo/registry.ts'
import type { Shelf } from '../../../src/demo/shelf.ts'

type Headers = Readonly<Record<string, string | readonly string[]>>

/** Answers everything in one way. */
export const always =
  (status: number, headers: Headers = {}, body: string | Uint8Array = ''): Intercept =>
  ({ method }, response) => {
    response.writeHead(status, headers as Record<string, string>).end(method === 'HEAD' ? undefined : body)
    return true
  }

/** Answers everything with an error in the form of the distribution specification. */
export const refusing = (status: number, code: string): Intercept =>
  always(status, { 'content-type': 'application/json' }, JSON.stringify({ errors: [{ code, message: 'no' }] }))

/** Interferes only where the request is such a one. */
export const where =
  (isMeant: (request: IncomingMessage) => boolean, then: Intercept): Intercept =>
  (request, response) =>
    isMeant(request) && then(request, response)

/** Interferes with HEAD alone. */
export const atHead = (then: Intercept): Intercept => where(({ method }) => method === 'HEAD', then)

/** Interferes with GET alone. */
export const atGet = (then: Intercept): Intercept => where(({ method }) => method === 'GET', then)

/** Interferes with requests for blobs alone. */
export const atBlobs = (then: Intercept): Intercept => where(({ url }) => url?.includes('/blobs/') === true, then)

/** Interferes with the first requests, and no longer after so many. */
export const atFirst = (most: number, then: Intercept): Intercept => {
  let seen = 0
  return (request, response) => ++seen <= most && then(request, response)
}

/** The first that takes the answer upon itself does. */
export const inTurn =
  (...all: readonly Intercept[]): Intercept =>
  async (request, response) => {
    for (const each of all) if (await each(request, response)) return true
    return false
  }

/** Never answers. */
export const hanging: Intercept = () => true

/** Answers as a registry with this shelf does, but for what is changed. */
export const changing =
  (shelf: Shelf, change: (answer: Answer) => Answer): Intercept =>
  ({ method = '', url = '' }, response) => {
    const { status, headers, body } = change(answerTo(shelf, method, url))
    response.writeHead(status, headers).end(method === 'HEAD' ? undefined : body)
    return true
  }

const spaces = Buffer.alloc(64 * 1024, ' ')

const writeOn = (response: ServerResponse): void => {
  if (!response.destroyed) response.write(spaces, () => writeOn(response))
}

/** Answers with a body that does not end. */
export const endless =
  (headers: Headers, status = 200): Intercept =>
  ({ method }, response) => {
    response.writeHead(status, headers as Record<string, string>)
    if (method === 'HEAD') response.end()
    else writeOn(response)
    return true
  }

/** Answers with the head at once, and then with a byte now and again. */
export const drippingBody =
  (headers: Headers, everyMs: number): Intercept =>
  (_, response) => {
    response.writeHead(200, headers as Record<string, string>).flushHeaders()
    const timer = setInterval(() => response.write(' '), everyMs)
    response.once('close', () => clearInterval(timer))
    return true
  }

/** Answers with the head and a part of what it announces, and resets the connection. */
export const resettingBody =
  (headers: Headers): Intercept =>
  ({ socket }, response) => {
    response.writeHead(200, headers as Record<string, string>)
    response.write('{"schemaVersion":2,', () => socket.resetAndDestroy())
    return true
  }

/** Hands everything on to another address. */
export const redirecting =
  (to: (request: IncomingMessage) => string, status = 307): Intercept =>
  (request, response) => {
    response.writeHead(status, { location: to(request) }).end()
    return true
  }
