import { asList, asRecord, asText, ownProperty } from '../lib/untrusted.ts'
import { parseJson } from './json.ts'

const decoded = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url')

/**
 * The part of a signed manifest of schema 1 that its digest is made of: the text as it was before the signatures were
 * put into it (libtrust jsonsign.go). Each signature says how long the beginning is, and how the text went on.
 */
export const signedPayload = (body: Uint8Array): Uint8Array | undefined => {
  const document = asRecord(parseJson(body))
  const [signature] = asList(document && ownProperty(document, 'signatures'))
  const header = asRecord(parseJson(decoded(asText(ownProperty(asRecord(signature), 'protected')))))
  const length = header && ownProperty(header, 'formatLength')
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0 || length > body.length)
    return undefined
  return Buffer.concat([body.subarray(0, length), decoded(asText(ownProperty(header, 'formatTail')))])
}
