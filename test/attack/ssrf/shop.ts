import { digestOf } from '../../../src/image/digest.ts'
import type { Host } from './world.ts'

const config = Buffer.from('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}')
const type = 'application/vnd.oci.image.manifest.v1+json'

/** Names the configuration that every shop has. */
export const configDigest = digestOf(config)
const manifest = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: configDigest, size: config.length },
    layers: [],
  }),
)

/** How an honest registry is laid out. */
export interface Shop {
  /** Where its tokens are to be had; without one it is open to anybody. */
  readonly realm?: string
  /** From where its blobs are served. */
  readonly storage?: string
  /** Ends each connection after one answer. */
  readonly hangsUp?: boolean
}

/** Answers as a registry with one image in it, as its own token server, and as its own storage. */
export const shop =
  ({ realm, storage, hangsUp }: Shop = {}): Host =>
  (request, response) => {
    const path = request.url ?? ''
    const hangUp = hangsUp === true ? { connection: 'close' } : {}
    const say = (status: number, headers: Readonly<Record<string, string>>, body: Buffer | string = ''): void => {
      response.writeHead(status, { ...headers, ...hangUp }).end(request.method === 'HEAD' ? '' : body)
    }
    if (path.startsWith('/token')) return say(200, {}, '{"token":"a-token"}')
    if (path.startsWith('/storage')) return say(200, {}, config)
    if (realm !== undefined && request.headers.authorization === undefined)
      return say(401, { 'www-authenticate': `Bearer realm="${realm}",service="shop"` })
    if (!path.includes('/blobs/'))
      return say(200, { 'content-type': type, 'docker-content-digest': digestOf(manifest) }, manifest)
    return storage === undefined ? say(200, {}, config) : say(307, { location: storage })
  }
