import { Client } from 'undici'
import { fail, type Result } from '../lib/result.ts'
import { readWebhookAnswer, type WebhookAnswer } from './webhook-answer.ts'

/** Where a webhook is, and which authority vouches for it. */
export interface WebhookAddress {
  /** `https://127.0.0.1:8443` */
  readonly url: string
  readonly caPem: string
}

/** The part of an API server that asks a webhook. */
export interface ApiServer {
  /** Sends the review with this uid, and reads the answer. */
  ask(review: object, uid: string, signal: AbortSignal): Promise<Result<WebhookAnswer, string>>
  close(): Promise<void>
}

/** Where the API server posts its reviews; it tells the webhook its configured timeout. */
export const reviewPath = '/validate?timeout=5s'

const post = async (client: Client, review: object, signal: AbortSignal): Promise<Result<unknown, string>> => {
  try {
    const { statusCode, body } = await client.request({
      method: 'POST',
      path: reviewPath,
      headers: { 'content-type': 'application/json', accept: 'application/json, */*' },
      body: JSON.stringify(review),
      signal,
    })
    const text = await body.text()
    return statusCode >= 200 && statusCode < 300
      ? { ok: true, value: JSON.parse(text) }
      : fail(`the webhook answered with status ${statusCode}`)
  } catch (error) {
    return fail(`the webhook gave no answer: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Connects to a webhook as an API server does: HTTP/1.1, keep-alive, TLS checked against the given authority alone. */
export const connectApiServer = ({ url, caPem }: WebhookAddress): ApiServer => {
  const client = new Client(new URL(url).origin, { connect: { ca: caPem }, allowH2: false })
  return {
    ask: async (review, uid, signal) => {
      const answered = await post(client, review, signal)
      return answered.ok ? readWebhookAnswer(answered.value, uid) : answered
    },
    close: () => client.close(),
  }
}
