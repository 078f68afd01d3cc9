import { digestOf } from '../../../src/image/digest.ts'

/** What a server says; undefined: it hangs up. */
export type Answer =
  | {
      readonly status: number
      readonly headers: Readonly<Record<string, string | readonly string[]>>
      readonly body: string
    }
  | undefined

/** A request, as a server sees it. */
export interface Seen {
  readonly method: string
  readonly origin: string
  readonly path: string
  readonly authorization: string
  /** All of it as text, to be thrown back. */
  readonly whole: string
}

const configText = '{"architecture":"amd64","os":"linux"}'
const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const manifestText = JSON.stringify({
  schemaVersion: 2,
  mediaType: manifestType,
  config: {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: digestOf(Buffer.from(configText)),
    size: configText.length,
  },
  layers: [],
})

/** Names the configuration that every registry has. */
export const configDigest = digestOf(Buffer.from(configText))
/** Names the manifest that every registry has. */
export const manifestDigest = digestOf(Buffer.from(manifestText))

/** An answer with this status. */
export const saying = (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Answer => ({
  ...{ status, headers, body },
})

/** An answer as JSON. */
export const sayingJson = (status: number, document: unknown): Answer =>
  saying(status, { 'content-type': 'application/json' }, JSON.stringify(document))

/** A registry's "no", with its code and some prose. */
export const sayingNo = (status: number, code: string, message = ''): Answer =>
  sayingJson(status, { errors: [{ code, message, detail: message }] })

/** The content that is asked for. */
export const content = (path: string, isLabelled: boolean, link: string): Answer => {
  if (path.includes('tags')) return saying(200, { 'content-type': 'application/json', link }, '{"tags":["1","2"]}')
  if (path.includes('blobs')) return saying(200, {}, configText)
  const label: Readonly<Record<string, string>> = isLabelled ? { 'docker-content-digest': manifestDigest } : {}
  return saying(200, { 'content-type': manifestType, ...label }, manifestText)
}

/** Wants something else to be shown. */
export const turnAway = (...challenges: readonly string[]): Answer => ({
  status: 401,
  headers: { 'www-authenticate': challenges },
  body: '{"errors":[{"code":"UNAUTHORIZED"}]}',
})
