import { fail, ok, type Result } from '../lib/result.ts'
import { asList, asText, propertyAt } from '../lib/untrusted.ts'
import type { ApiFailure } from './api-failure.ts'
import type { ApiServer } from './api-server.ts'

/** How our webhook is registered, as far as authorities go. */
export interface Registration {
  readonly version: string
  /** The bundle (PEM) of each of its webhooks, in their order; empty where there is none. */
  readonly bundles: readonly string[]
}

/** A ValidatingWebhookConfiguration of ours. */
export interface WebhookRegistration {
  /** Fails with `missing` where nobody registered the webhook. */
  readonly read: (signal: AbortSignal) => Promise<Result<Registration, ApiFailure>>
  /** Lets all of its webhooks trust a bundle; an error where it changed since it was read. */
  readonly publish: (
    before: Registration,
    bundle: string,
    signal: AbortSignal,
  ) => Promise<Result<undefined, ApiFailure>>
}

const bundleOf = (webhook: unknown): string =>
  Buffer.from(asText(propertyAt(webhook, 'clientConfig', 'caBundle')) ?? '', 'base64').toString()

/** Makes the reader and writer of one registration. */
export const createWebhookRegistration = (api: Pick<ApiServer, 'get' | 'patch'>, name: string): WebhookRegistration => {
  const path = `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${name}`
  return {
    read: async signal => {
      const answer = await api.get(path, signal)
      if (!answer.ok) return answer
      const version = asText(propertyAt(answer.value, 'metadata', 'resourceVersion'))
      if (!version) return fail({ kind: 'bad-answer', status: 200 })
      return ok({ version, bundles: asList(propertyAt(answer.value, 'webhooks')).map(bundleOf) })
    },
    publish: async ({ version, bundles }, bundle, signal) => {
      const value = Buffer.from(bundle).toString('base64')
      // With the version in it the API server refuses a patch of what others changed meanwhile: places are by number.
      const operations = [
        { op: 'add', path: '/metadata/resourceVersion', value: version },
        ...bundles.map((_, index) => ({ op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value })),
      ]
      const answer = await api.patch(path, operations, signal)
      return answer.ok ? ok(undefined) : answer
    },
  }
}
