import { parseReference } from '../../src/image/reference.ts'
import type { SheetEntry } from '../../src/report/sheet-of.ts'
import type { Code } from '../../src/verdict/codes.ts'
import type { Finding } from '../../src/verdict/finding.ts'
import type { Verdict } from '../../src/verdict/verdict.ts'
import type { ImageUse, ObjectName } from '../../src/workload/workload.ts'
import { entry, index, platform, use } from '../verdict/evidence.ts'

/** An object called as in `Deployment shop/web`. */
export const object = (kind: string, namespace: string, name: string): ObjectName => ({
  apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
  kind,
  namespace,
  name,
})

const facts = (() => {
  const answer = index(entry('linux/amd64'), entry('linux/arm64'), entry(undefined, 'present', 'attestation'))
  if (answer.kind !== 'facts') throw new Error('no facts')
  return { ...answer.facts, digest: `sha256:${'d'.repeat(64)}` as const }
})()

/** What is thought of an image: nothing but good without findings. */
export const judged = (text: string, findings: readonly Finding[] = [], given: Partial<ImageUse> = {}): Verdict => {
  const reference = parseReference(text)
  return {
    kind: 'judged',
    use: { ...use, image: { kind: 'image', text }, ...given },
    reference: reference.ok ? reference.value : undefined,
    facts: findings.length === 0 ? facts : undefined,
    freshness: 'fresh',
    findings,
  }
}

/** An image that nobody asks about. */
export const skipped = (text: string): Verdict => ({
  kind: 'skipped',
  use: { ...use, image: { kind: 'image', text } },
  reason: 'ignored-image',
})

/** An entry from a file, each image on its own line from that one on. */
export const fromFile = (
  file: string,
  firstLine: number,
  named: ObjectName,
  verdicts: readonly Verdict[],
  waivedCodes: readonly Code[] = [],
): SheetEntry => ({
  report: { object: named, onEveryNode: named.kind === 'DaemonSet', verdicts },
  placeOf: wanted => ({
    file,
    line: firstLine + 2 * verdicts.findIndex(verdict => verdict.use === wanted),
    column: 16,
  }),
  waived: (_, code) => waivedCodes.includes(code),
  pods: undefined,
})

/** An entry from a cluster. */
export const fromCluster = (named: ObjectName, verdicts: readonly Verdict[], pods: number): SheetEntry => ({
  report: { object: named, onEveryNode: named.kind === 'DaemonSet', verdicts },
  placeOf: () => undefined,
  waived: () => false,
  pods,
})

/** Findings as registries give cause for them. */
export const found = {
  notFound: { code: 'not-found', host: 'registry.example', missing: 'tag', near: ['1.4.0'] },
  denied: { code: 'denied', host: 'registry.example', askedAs: 'anonymous', without: [] },
  unreachable: { code: 'unreachable', host: 'mirror.example', problem: 'connection-refused' },
  noPlatform: { code: 'no-platform', wanted: [platform('linux/arm64')], offered: [platform('linux/amd64')] },
  somePlatforms: { code: 'some-platforms', misfits: [platform('linux/arm64')], fits: [platform('linux/amd64')] },
  missingSecret: { code: 'missing-pull-secret', secret: 'registry-example', exists: false },
  cachedOnly: {
    code: 'cached-only',
    instead: { code: 'not-found', host: 'registry.example', missing: 'tag', near: ['1.4.0'] },
    listed: true,
  },
  placeholder: { code: 'placeholder' },
  invalid: {
    code: 'invalid-reference',
    problem: { rule: 'empty', message: 'invalid reference format', at: 0, hint: 'the tag is empty' },
  },
} as const satisfies Record<string, Finding>
