import type { Manifest } from './manifest.ts'
import { groupOf } from './review.ts'
import type { WebhookAnswer } from './webhook-answer.ts'

/** A line that kubectl prints. */
export interface KubectlLine {
  readonly tone: 'warning' | 'error' | 'success'
  readonly text: string
}

/** The webhook that asks about the object, as the installed configuration names it. */
export const webhookFor = ({ kind }: Manifest): string => `${kind === 'Pod' ? 'pods' : 'workloads'}.pullgate.dev`

/** `deployment.apps/web` */
const resourceName = (manifest: Manifest): string => {
  const group = groupOf(manifest)
  const kind = manifest.kind.toLowerCase()
  return `${group === '' ? kind : `${kind}.${group}`}/${manifest.metadata.name}`
}

/** What the API server makes of a denial (apiserver webhook/errors/statuserror.go ToStatusErr). */
const denialText = (webhook: string, reason: string, message: string): string => {
  const denied = `admission webhook "${webhook}" denied the request`
  const because = message || reason
  return because === '' ? `${denied} without explanation` : `${denied}: ${because}`
}

const outcome = (manifest: Manifest, file: string, answer: WebhookAnswer): KubectlLine => {
  switch (answer.kind) {
    case 'allowed':
      return { tone: 'success', text: `${resourceName(manifest)} created` }
    case 'denied': {
      const { reason, message } = answer
      const server = reason === '' ? 'Error from server' : `Error from server (${reason})`
      const denial = denialText(webhookFor(manifest), reason, message)
      return { tone: 'error', text: `${server}: error when creating ${JSON.stringify(file)}: ${denial}` }
    }
  }
}

/**
 * What `kubectl apply -f FILE` prints when the webhook answered so (kubectl pkg/cmd/util/helpers.go AddSourceToErr,
 * StandardErrorMessage; client-go rest/warnings.go).
 */
export const kubectlLines = (manifest: Manifest, file: string, answer: WebhookAnswer): readonly KubectlLine[] => [
  ...answer.warnings.map(text => ({ tone: 'warning' as const, text: `Warning: ${text}` })),
  outcome(manifest, file, answer),
]
