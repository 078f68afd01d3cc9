import type { ServerResponse } from 'node:http'
import type { Image } from '../../src/demo/content.ts'
import { answerTo } from '../../src/demo/distribution.ts'
import type { Intercept } from '../../src/demo/registry.ts'
import { emptyShelf, placed } from '../../src/demo/shelf.ts'
import { always, where } from '../support/faults/answers.ts'

export * from '../support/faults/answers.ts'

const repositoryOf = (url: string): string => /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(url)?.[1] ?? ''

/** Interferes with manifests alone. */
export const atManifests = (then: Intercept): Intercept =>
  where(({ url }) => url?.includes('/manifests/') === true, then)

/** Interferes with what is asked for by a digest under manifests/. */
export const atDigests = (then: Intercept): Intercept =>
  where(({ url }) => url?.includes('/manifests/sha256:') === true, then)

/** Answers as a registry with the image does, but for the headers. */
export const withHeaders =
  (image: Image, change: (headers: Readonly<Record<string, string>>) => Readonly<Record<string, string>>): Intercept =>
  ({ method = '', url = '' }, response) => {
    const shelf = placed(emptyShelf, repositoryOf(url), '1', image)
    const { status, headers, body } = answerTo(shelf, method, url)
    response.writeHead(status, change(headers)).end(method === 'HEAD' ? undefined : body)
    return true
  }

/** The manifest under another media type than its own. */
export const typed =
  (mediaType: string | undefined) =>
  (image: Image): Intercept =>
    atManifests(
      withHeaders(image, headers => {
        const { 'Content-Type': _, ...others } = headers
        return mediaType === undefined ? others : { ...others, 'Content-Type': mediaType }
      }),
    )

/** The manifest with another word in the header of its digest. */
export const digested =
  (digest: string | undefined) =>
  (image: Image): Intercept =>
    atManifests(
      withHeaders(image, headers => {
        const { 'Docker-Content-Digest': _, ...others } = headers
        return digest === undefined ? others : { ...others, 'Docker-Content-Digest': digest }
      }),
    )

/** A status with a challenge. */
export const challenging = (...challenges: readonly string[]): Intercept =>
  always(401, challenges.length === 0 ? {} : { 'www-authenticate': challenges })

/** Closes the connection without a word. */
export const hangingUp: Intercept = ({ socket }) => {
  socket.destroy()
  return true
}

/** Answers in a way of its own. */
export const answering =
  (answer: (response: ServerResponse) => void): Intercept =>
  (_, response) => {
    answer(response)
    return true
  }
