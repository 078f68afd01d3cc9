import { Agent, request } from 'undici'
import type { Content, Image } from '../../src/demo/content.ts'

/** Where an image is pushed to, and in whose name. */
export interface PushTarget {
  readonly url: string
  readonly repository: string
  /** Undefined: under its digest alone. */
  readonly tag: string | undefined
  /** The value of the header. */
  readonly authorization?: string
  readonly ca?: string
}

interface Sent {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly url: URL
  readonly type?: string
  readonly body?: Uint8Array
}

interface Taken {
  readonly status: number
  readonly location: string
  readonly text: string
}

type Send = (sent: Sent) => Promise<Taken>

const senderTo =
  ({ authorization, ca }: Pick<PushTarget, 'authorization' | 'ca'>): Send =>
  async ({ method, url, type, body }) => {
    const headers = {
      ...(authorization === undefined ? {} : { authorization }),
      ...(type === undefined ? {} : { 'content-type': type }),
    }
    const trusting = ca === undefined ? {} : { dispatcher: new Agent({ connect: { ca } }) }
    const answer = await request(url, { method, headers, body: body ?? null, ...trusting })
    const text = await answer.body.text()
    await trusting.dispatcher?.close()
    return { status: answer.statusCode, location: String(answer.headers['location'] ?? ''), text }
  }

const must = (status: number, taken: Taken): Taken => {
  if (taken.status !== status) throw new Error(`the registry answered a push with ${taken.status}: ${taken.text}`)
  return taken
}

const pushBlob = async (send: Send, base: URL, { digest, bytes }: Content): Promise<void> => {
  const { location } = must(202, await send({ method: 'POST', url: new URL('blobs/uploads/', base) }))
  const url = new URL(location, base)
  url.searchParams.set('digest', digest)
  must(201, await send({ method: 'PUT', url, type: 'application/octet-stream', body: bytes }))
}

const baseOf = ({ url, repository }: Pick<PushTarget, 'url' | 'repository'>): URL => new URL(`${url}/v2/${repository}/`)

/** Puts one manifest there, and tells the status and the body of the answer. */
export const putManifest = async (
  target: PushTarget,
  { mediaType, digest, bytes }: Content,
): Promise<{ readonly status: number; readonly text: string }> => {
  const send = senderTo(target)
  const url = new URL(`manifests/${target.tag ?? digest}`, baseOf(target))
  const { status, text } = await send({ method: 'PUT', url, type: mediaType, body: bytes })
  return { status, text }
}

/** Puts content there as a blob. */
export const putBlob = async (target: PushTarget, content: Content): Promise<void> => {
  const send = senderTo(target)
  await pushBlob(send, baseOf(target), content)
}

/** Pushes an image as any client does: the blobs, the manifests from the innermost to the outermost, and the tag. */
export const push = async (target: PushTarget, { top, manifests, blobs }: Image): Promise<void> => {
  const send = senderTo(target)
  const base = baseOf(target)
  for (const blob of blobs) await pushBlob(send, base, blob)
  for (const { mediaType, digest, bytes } of manifests.filter(each => each !== top).toReversed()) {
    const url = new URL(`manifests/${digest}`, base)
    must(201, await send({ method: 'PUT', url, type: mediaType, body: bytes }))
  }
  const url = new URL(`manifests/${target.tag ?? top.digest}`, base)
  must(201, await send({ method: 'PUT', url, type: top.mediaType, body: top.bytes }))
}

/** Takes a manifest away by its digest. */
export const deleteManifest = async (target: PushTarget, { digest }: Content): Promise<void> => {
  const send = senderTo(target)
  must(202, await send({ method: 'DELETE', url: new URL(`manifests/${digest}`, baseOf(target)) }))
}
