import type { Exchanged } from '../../src/registry/observe.ts'
import type { Reviewed } from '../../src/telemetry/reviewed.ts'
import type { Code } from '../../src/verdict/codes.ts'
import type { Decision, Remark } from '../../src/verdict/decide.ts'
import type { Finding } from '../../src/verdict/finding.ts'
import type { Verdict } from '../../src/verdict/verdict.ts'
import { imagesOwnStart } from '../../src/workload/container-start.ts'
import type { ImageUse } from '../../src/workload/workload.ts'

/** A request that was answered at once; what is given replaces what is ordinary. */
export const exchanged = (given: Partial<Exchanged> = {}): Exchanged => ({
  method: 'HEAD',
  url: 'https://ghcr.io/v2/shop/web/manifests/1',
  step: 'manifest',
  outcome: 200,
  tookMs: 30,
  ...given,
})

const useOf = (image: string): ImageUse => ({
  image: { kind: 'image', text: image },
  path: 'spec.containers[0].image',
  name: 'web',
  role: 'container',
  blocks: true,
  start: imagesOwnStart,
  pullPolicy: 'Always',
})

/** A finding that a host could not be reached. */
export const unreachable: Finding = { code: 'unreachable', host: 'ghcr.io', problem: 'connection-refused' }

/** A finding that the registry has no such tag. */
export const notFound: Finding = { code: 'not-found', host: 'ghcr.io', missing: 'tag', near: [] }

/** A verdict with these findings. */
export const verdictWith = (...findings: readonly Finding[]): Verdict => ({
  kind: 'judged',
  use: useOf('ghcr.io/shop/web:1'),
  reference: undefined,
  facts: undefined,
  freshness: 'fresh',
  findings,
})

/** A remark that there is no such tag, and what is done about it. */
export const remark = (action: Remark['action'], image = 'ghcr.io/shop/web:1', code: Code = 'not-found'): Remark => ({
  action,
  code,
  subject: { use: useOf(image), reference: undefined, finding: notFound, codes: [code] },
})

/** A review that ended with this decision. */
export const reviewed = (decision: Partial<Decision> | undefined, name = 'web'): Reviewed => ({
  review: { operation: 'CREATE', kind: 'Deployment', namespace: 'shop', object: { metadata: { name } } },
  decision: decision && { allowed: true, denials: [], warnings: [], withheld: [], ...decision },
  tookMs: 12,
})
