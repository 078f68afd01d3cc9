import type { IncomingMessage } from 'node:http'
import { jsonIn } from '../lib/json.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { asList, ownProperty, propertyAt } from '../lib/untrusted.ts'
import { retryAfterMs } from '../registry/retry-after.ts'
import type { ApiFailure } from './api-failure.ts'

/** The bytes of an answer; undefined where they are too many. */
const bytesOf = async (response: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > mostBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const isServerError = (status: number): boolean => status >= 500 && status < 600

// A namespace that is being deleted takes nothing new: kubernetes, plugin/pkg/admission/namespace/lifecycle.
const isLeaving = (body: unknown): boolean =>
  asList(propertyAt(body, 'details', 'causes')).some(cause => ownProperty(cause, 'reason') === 'NamespaceTerminating')

/** What a status that is no success means; a 404 counts only in the API server's own words, since others stand in between. */
export const failureOf = (response: IncomingMessage, body: unknown): ApiFailure => {
  const status = response.statusCode ?? 0
  const waitMs = retryAfterMs(response.headers['retry-after'])
  if (status === 404 && ownProperty(body, 'reason') === 'NotFound') return { kind: 'missing' }
  if (status === 403 && isLeaving(body)) return { kind: 'missing' }
  if (status === 401 || status === 403) return { kind: 'forbidden', status }
  if (status === 410) return { kind: 'expired' }
  if (status === 429 || (isServerError(status) && waitMs !== undefined)) return { kind: 'busy', retryAfterMs: waitMs }
  return { kind: 'bad-answer', status }
}

/** Whether an answer brings what was asked for. */
export const isSuccess = ({ statusCode = 0 }: IncomingMessage): boolean => statusCode >= 200 && statusCode < 300

/** Reads an answer to its end. */
export const readAnswer = async (
  response: IncomingMessage,
  mostBytes: number,
): Promise<Result<unknown, ApiFailure>> => {
  const bytes = await bytesOf(response, mostBytes)
  if (bytes === undefined) return fail({ kind: 'too-large' })
  const body = jsonIn(bytes.toString('utf8'))
  if (!isSuccess(response)) return fail(failureOf(response, body))
  return body === undefined ? fail({ kind: 'bad-answer', status: response.statusCode }) : ok(body)
}
