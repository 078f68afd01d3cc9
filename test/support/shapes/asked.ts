import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Credential } from '../../../src/registry/auth/credential.ts'

/** In whose name an image is asked for. */
export type As = 'anonymous' | 'wrong' | 'expired' | 'right'

const passwords: Readonly<Record<Exclude<As, 'anonymous'>, string>> = {
  wrong: 'WRONG-PASSWORD',
  expired: 'EXPIRED-PASSWORD',
  right: 'RIGHT-PASSWORD',
}

/** What somebody would show who asks so. */
export const credentialOf = (as: As): Credential | undefined =>
  as === 'anonymous' ? undefined : { username: 'reader', password: passwords[as] }

/** A request as far as a registry or a token server looks at it. */
export interface Asked {
  /** As in `Host`, without the port. */
  readonly host: string
  readonly method: string
  readonly path: string
  readonly query: string
  /** By the password in the header or in the form. */
  readonly who: As
  /** Whether a name and a password are in the header. */
  readonly isBasic: boolean
  readonly bearer: string | undefined
  /** Whether anything is in the header that proves who asks. */
  readonly isAuthorized: boolean
  /** Of the path, or of the scope at a token server; empty where there is none. */
  readonly repository: string
  readonly isBlob: boolean
}

const readRoute = (path: string) => /^\/v2\/(.+)\/(manifests|blobs|tags)\/[^/]+$/.exec(path)

const whoIs = (secret: string): As => {
  const known = Object.entries(passwords).find(([, password]) => secret.includes(password))
  return known === undefined ? 'anonymous' : (known[0] as As)
}

/** Reads a request, its form included. */
export const readAsked = async (request: IncomingMessage): Promise<Asked> => {
  const url = new URL(`https://${request.headers.host}${request.url}`)
  const form = new URLSearchParams(request.method === 'POST' ? await text(request) : '')
  const { authorization = '' } = request.headers
  const basic = /^Basic (.+)$/.exec(authorization)?.[1]
  const route = readRoute(url.pathname)
  const scope = url.searchParams.getAll('scope').join(' ') || (form.get('scope') ?? '')
  return {
    host: url.hostname,
    method: request.method ?? '',
    path: url.pathname,
    query: url.search,
    who: whoIs(basic === undefined ? (form.get('password') ?? '') : Buffer.from(basic, 'base64').toString()),
    isBasic: basic !== undefined,
    bearer: /^Bearer (.+)$/.exec(authorization)?.[1],
    isAuthorized: authorization !== '',
    repository: route?.[1] ?? /repository:([^:]+):pull/.exec(scope)?.[1] ?? '',
    isBlob: route?.[2] === 'blobs',
  }
}
