import { generateKeyPairSync, sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type Content, contentOf } from '../../src/demo/content.ts'

/** An image in the format before digests named content. */
export interface OldImage {
  /** With its signature, as a registry takes and serves it. */
  readonly signed: Content
  /** Without it: what a registry takes the digest of. */
  readonly unsigned: Content
  readonly layer: Content
}

const prettySigned = 'application/vnd.docker.distribution.manifest.v1+prettyjws'

const base64url = (text: string): string => Buffer.from(text).toString('base64url')

/** The members are in this order and the signature last, for the signature tells only where the document was cut open. */
const withSignature = (document: string): string => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const tail = '\n}'
  const protectedText = base64url(
    JSON.stringify({
      formatLength: document.length - tail.length,
      formatTail: base64url(tail),
      time: '2015-04-01T00:00:00Z',
    }),
  )
  const input = Buffer.from(`${protectedText}.${base64url(document)}`)
  const signature = sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  const header = { jwk: { crv, kty, x, y }, alg: 'ES256' }
  const signatures = JSON.stringify([{ header, signature, protected: protectedText }])
  return `${document.slice(0, -tail.length)},\n   "signatures": ${signatures}${tail}`
}

/** An image of schema 1, signed as docker did it. */
export const oldImage = (repository: string, tag: string): OldImage => {
  const layer = contentOf('application/octet-stream', gzipSync(Buffer.alloc(1024)))
  const history = [{ v1Compatibility: JSON.stringify({ id: 'a'.repeat(64), architecture: 'amd64', os: 'linux' }) }]
  const fsLayers = [{ blobSum: layer.digest }]
  const manifest = { schemaVersion: 1, name: repository, tag, architecture: 'amd64', fsLayers, history }
  const document = JSON.stringify(manifest, undefined, 3)
  return {
    signed: contentOf(prettySigned, Buffer.from(withSignature(document))),
    unsigned: contentOf('application/vnd.docker.distribution.manifest.v1+json', Buffer.from(document)),
    layer,
  }
}
