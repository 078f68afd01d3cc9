import { Agent, type Dispatcher } from 'undici'
import type { Webhook } from '../../src/commands/webhook.ts'
import { closedAfterTest } from '../support/lifetime.ts'
import { reviewOf } from '../support/reviews.ts'

interface Answer {
  readonly status: number
  readonly body: {
    readonly error?: string
    readonly response?: {
      readonly uid: string
      readonly allowed: boolean
      readonly status?: { readonly message: string }
      readonly warnings?: readonly string[]
      readonly auditAnnotations?: Readonly<Record<string, string>>
    }
  }
}

/** Posts a body to the webhook. */
export const post = async (
  { url, caPem }: Pick<Webhook, 'url' | 'caPem'>,
  body: string | Buffer,
  given: Partial<Dispatcher.RequestOptions> = {},
): Promise<Answer> => {
  const agent = closedAfterTest(new Agent({ connect: { ca: caPem }, allowH2: false }))
  const answer = await agent.request({
    origin: url,
    path: '/validate?timeout=5s',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    ...given,
  })
  return { status: answer.statusCode, body: (await answer.body.json()) as Answer['body'] }
}

/** Asks the webhook about an object, and gives what it says to whoever asked: not what is for the audit log. */
export const review = async (
  webhook: Pick<Webhook, 'url' | 'caPem'>,
  object: unknown,
  given: Record<string, unknown> = {},
) => {
  const { response } = (await post(webhook, JSON.stringify(reviewOf(object, given)))).body
  if (response === undefined) return undefined
  const { auditAnnotations: _, ...said } = response
  return said
}
