import { type Answer, answerTo } from '../../../src/demo/distribution.ts'
import type { Asked } from './asked.ts'
import type { World } from './shape.ts'

/** What no answer of ours may repeat. */
const prose = 'PROSE-OF-THE-REGISTRY'

type Headers = Readonly<Record<string, string>>

/** An answer with this text. */
export const said = (status: number, type: string, text: string, headers: Headers = {}): Answer => ({
  status,
  headers: { 'Content-Type': type, 'Content-Length': `${Buffer.byteLength(text)}`, ...headers },
  body: Buffer.from(text),
})

/** An answer with this document. */
export const saidJson = (status: number, document: object, headers: Headers = {}): Answer =>
  said(status, 'application/json; charset=utf-8', JSON.stringify(document), headers)

/** A registry's error. */
export const problem = (status: number, code: string, headers: Headers = {}): Answer =>
  saidJson(status, { errors: [{ code, message: prose, detail: null }] }, headers)

/** That the address is another. */
export const movedTo = (status: 301 | 302 | 307, location: string): Answer =>
  said(status, 'text/html; charset=utf-8', '', { Location: location })

/** That it wants a token. */
export const wantsToken = (realm: string, service: string, scope: string | undefined, error?: string): Answer => {
  const parts = [`realm="${realm}"`, `service="${service}"`]
  if (scope !== undefined) parts.push(`scope="${scope}"`)
  if (error !== undefined) parts.push(`error="${error}"`)
  return problem(401, 'UNAUTHORIZED', {
    'WWW-Authenticate': `Bearer ${parts.join(',')}`,
    'Docker-Distribution-Api-Version': 'registry/2.0',
  })
}

/** What the distribution specification has a registry answer; a page of a list has one entry. */
export const byTheBook = ({ shelf }: World, { method, path, query }: Asked): Answer => {
  if (!path.endsWith('/tags/list')) return answerTo(shelf, method, path)
  const last = new URLSearchParams(query).get('last') ?? ''
  return answerTo(shelf, method, `${path}?n=1&last=${last}`)
}

/** The same answer without some of its headers. */
export const without = ({ headers, ...rest }: Answer, ...names: readonly string[]): Answer => ({
  ...rest,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))),
})

/** The same answer with more headers. */
export const withHeaders = (answer: Answer, headers: Headers): Answer => ({
  ...answer,
  headers: { ...answer.headers, ...headers },
})

/** Hands a blob over to a content network, which lets in whoever has the signature. */
export const handedTo = (world: World, status: 302 | 307, network: string, { path }: Asked): Answer =>
  movedTo(status, `${world.origin(network)}/store${path}?X-Signature=SIGNATURE`)

/** A store that takes a signature will not have a password or a token besides, as S3 will not. */
export const fromNetwork = (world: World, asked: Asked): Answer =>
  asked.isAuthorized || asked.query !== '?X-Signature=SIGNATURE'
    ? said(400, 'application/xml', '<Error><Code>InvalidArgument</Code></Error>')
    : without(byTheBook(world, { ...asked, path: asked.path.replace(/^\/store/, '') }), 'Docker-Content-Digest')
