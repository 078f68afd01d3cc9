import { describe, expect, it } from 'vitest'
import { kubectlLines } from '../../src/demo/kubectl.ts'
import { cronJob, deployment, pod } from '../../src/demo/manifest.ts'
import type { WebhookAnswer } from '../../src/demo/webhook-answer.ts'

const web = deployment('web', 'shop/web:1')
const denied = (reason: string, message: string, warnings: readonly string[] = []): WebhookAnswer => ({
  kind: 'denied',
  warnings,
  reason,
  message,
})
const created = (...warnings: readonly string[]): WebhookAnswer => ({ kind: 'allowed', warnings })

const workloads = 'admission webhook "workloads.pullgate.dev" denied the request'

describe('kubectl apply', () => {
  it.each([
    ['a kind of a group', web, created(), ['deployment.apps/web created']],
    ['a kind of the core group', pod('web', 'shop/web'), created(), ['pod/web created']],
    ['a kind of two words', cronJob('nightly', {}), created(), ['cronjob.batch/nightly created']],
    [
      'warnings, which come first',
      web,
      created('one', 'two'),
      ['Warning: one', 'Warning: two', 'deployment.apps/web created'],
    ],
    [
      'a denial',
      web,
      denied('Forbidden', 'no tag 1.40'),
      [`Error from server (Forbidden): error when creating "web.yaml": ${workloads}: no tag 1.40`],
    ],
    [
      'a denial by the webhook for pods',
      pod('web', 'shop/web'),
      denied('Forbidden', 'no'),
      [
        'Error from server (Forbidden): error when creating "web.yaml": admission webhook "pods.pullgate.dev" denied the request: no',
      ],
    ],
    [
      'a denial with warnings',
      web,
      denied('Forbidden', 'no', ['perhaps']),
      ['Warning: perhaps', `Error from server (Forbidden): error when creating "web.yaml": ${workloads}: no`],
    ],
    [
      'a denial without a reason',
      web,
      denied('', 'no'),
      [`Error from server: error when creating "web.yaml": ${workloads}: no`],
    ],
    [
      'a denial without a message, where the reason stands in',
      web,
      denied('Forbidden', ''),
      [`Error from server (Forbidden): error when creating "web.yaml": ${workloads}: Forbidden`],
    ],
    [
      'a denial without a word',
      web,
      denied('', ''),
      [`Error from server: error when creating "web.yaml": ${workloads} without explanation`],
    ],
  ])('prints %s', (_, manifest, answer, lines) => {
    expect(kubectlLines(manifest, 'web.yaml', answer).map(({ text }) => text)).toEqual(lines)
  })
})
