import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseReference } from '../../src/image/reference.ts'
import { allCodes } from '../../src/verdict/codes.ts'
import { explain } from '../../src/verdict/explain.ts'
import type { Finding } from '../../src/verdict/finding.ts'
import { lineLimit, lineOf } from '../../src/verdict/line.ts'
import { lengthOf } from '../../src/verdict/text.ts'
import { imagesOwnStart } from '../../src/workload/container-start.ts'
import type { ImageUse } from '../../src/workload/workload.ts'
import { platform } from './evidence.ts'
import { findingOf, nasty } from './findings.ts'

const use = (text: string, path = 'spec.template.spec.containers[0].image'): ImageUse => ({
  image: { kind: 'image', text },
  path,
  name: 'web',
  role: 'container',
  blocks: true,
  start: imagesOwnStart,
  pullPolicy: 'IfNotPresent',
})

const line = (text: string, finding: Finding): string => {
  const reference = parseReference(text)
  return lineOf({
    use: use(text),
    reference: reference.ok ? reference.value : undefined,
    finding,
    codes: [finding.code],
  })
}

const [host, digest] = ['registry.example', `sha256:${'a'.repeat(64)}` as const]

/** Each code with data as ordinary as can be. */
const ordinary: readonly Finding[] = [
  { code: 'bad-pull-secret', secret: 'regcred', problem: 'not-json' },
  { code: 'bad-pull-secret', secret: 'regcred', problem: 'no-colon' },
  { code: 'not-found', host, missing: 'tag', near: ['1.4.0', '1.4.1'] },
  { code: 'not-found', host, missing: 'repository', near: [] },
  { code: 'not-found', host, missing: 'digest', near: [] },
  { code: 'denied', host, askedAs: 'credentials', without: [] },
  { code: 'denied', host, askedAs: 'anonymous', without: [{ name: 'regcred', exists: false }] },
  { code: 'denied', host, askedAs: 'anonymous', without: [{ name: 'regcred', exists: true }] },
  { code: 'denied', host, askedAs: 'anonymous', without: [] },
  ...(['missing-child', 'missing-config', 'wrong-digest', 'schema-1', 'empty-index', 'no-command'] as const).map(
    damage => ({
      code: 'broken-image' as const,
      damage,
      platforms: [platform('linux/amd64')],
    }),
  ),
  { code: 'no-platform', wanted: [platform('linux/amd64')], offered: [platform('linux/arm64')] },
  { code: 'other-platform', wanted: [platform('linux/amd64')], actual: platform('linux/arm64') },
  { code: 'not-an-image', artifactType: 'application/vnd.cncf.helm.config.v1+json' },
  { code: 'some-platforms', misfits: [platform('linux/arm64')], fits: [platform('linux/amd64')] },
  { code: 'never-pulled', somewhere: false },
  { code: 'never-pulled', somewhere: true },
  { code: 'oversized-manifest', sizeBytes: 5000000 },
  {
    code: 'runtime-differs',
    runs: ['containerd before 2.1', 'containerd in local mode'],
    fails: ['containerd 2.1 and later by default', 'CRI-O'],
  },
  { code: 'missing-pull-secret', secret: 'regcred', exists: false },
  { code: 'missing-pull-secret', secret: 'regcred', exists: true },
  {
    code: 'cached-only',
    instead: { code: 'not-found', host: 'registry.example', missing: 'tag', near: ['1.4.0'] },
    listed: true,
  },
  {
    code: 'cached-only',
    instead: { code: 'not-found', host: 'registry.example', missing: 'tag', near: ['1.4.0'] },
    listed: false,
  },
  { code: 'moved-tag', running: digest, now: digest },
  { code: 'mislabelled', labelled: platform('linux/arm64'), actual: platform('linux/amd64') },
  { code: 'unknown-credentials', source: 'secret', name: 'regcred' },
  { code: 'unknown-credentials', source: 'service-account', name: 'default' },
  {
    code: 'unknown-credentials',
    source: 'provider',
    name: 'ecr-credential-provider',
    problem: { what: 'failed', said: 'AccessDeniedException: not authorized to perform ecr:GetAuthorizationToken' },
  },
  { code: 'node-credentials', host },
  { code: 'rate-limited', host, retryAfterMs: 30000 },
  { code: 'unreachable', host, problem: 'certificate-untrusted' },
  { code: 'registry-error', host, step: 'manifest', problem: 'server-error', status: 503 },
  { code: 'timed-out', host, step: 'manifest' },
  { code: 'blocked-address', host },
  { code: 'placeholder' },
  {
    code: 'invalid-reference',
    problem: { rule: 'upper-case', message: '', at: 5, hint: 'a repository name is in lower case' },
  },
]

describe('the line about an image', () => {
  test('has an ordinary finding of every code in this file', () => {
    expect(new Set(ordinary.map(({ code }) => code))).toEqual(new Set(allCodes))
  })

  test.each(ordinary)('keeps reason and advice whole where all names are ordinary: $code', finding => {
    const parsed = parseReference('registry.example/shop/web:1.40')
    const { why, next } = explain(finding, parsed.ok ? parsed.value : undefined)
    expect(line('registry.example/shop/web:1.40', finding)).toContain(next === '' ? why : `${why}; ${next} [`)
  })

  test('says what, where, why and what next', () => {
    expect(
      line('registry.example/shop/web:1.40', {
        code: 'not-found',
        host: 'registry.example',
        missing: 'tag',
        near: ['1.4.0'],
      }),
    ).toBe(
      'image "registry.example/shop/web:1.40" not found (spec.template.spec.containers[0].image): ' +
        'registry.example has no tag "1.40" in shop/web; did you mean 1.4.0? [not-found]',
    )
  })

  test('names the other codes of the image after the one that it explains', () => {
    const subject = {
      use: use('a:1'),
      reference: undefined,
      finding: { code: 'never-pulled', somewhere: false } as const,
    }
    expect(lineOf({ ...subject, codes: ['never-pulled', 'missing-pull-secret'] })).toMatch(
      / \[never-pulled, missing-pull-secret\]$/,
    )
  })

  test('keeps what, why and next whole where the names are too long', () => {
    const text = `registry.example.${'very.'.repeat(40)}long/${'team/'.repeat(30)}web:1.40`
    const said = line(text, { code: 'not-found', host: text.split('/')[0] ?? '', missing: 'tag', near: ['1.4.0'] })
    expect(lengthOf(said)).toBeLessThanOrEqual(lineLimit)
    expect(said).toContain(' not found (')
    expect(said).toContain('did you mean 1.4.0? [not-found]')
  })

  test.each(ordinary)('leaves out whole sentences, never half of one: $code', finding => {
    const names = [`${'registry.'.repeat(9)}example/${'team/'.repeat(9)}web:1.40`, `registry.example/web@${digest}`]
    const more = ['missing-pull-secret', 'runtime-differs', 'some-platforms', 'never-pulled'] as const
    for (const text of names)
      for (const count of [0, 1, 2, 3, 4]) {
        const parsed = parseReference(text)
        const reference = parsed.ok ? parsed.value : undefined
        const codes = [finding.code, ...more.slice(0, count)]
        const said = lineOf({ use: use(text), reference, finding, codes })
        const { what, why, next } = explain(finding, reference)
        const [, told] = /^image "[^"]+" (.*) \[[^\]]+\]$/.exec(said.replace(/ \(spec[^)]+\)/, '')) ?? []
        expect([`${what}: ${why}; ${next}`, `${what}: ${why}`, what]).toContain(told)
        expect(lengthOf(said)).toBeLessThanOrEqual(lineLimit)
      }
  })

  test('with several codes gives up what to do before it gives up the reason', () => {
    const without = [{ name: 'registry-of-the-shop', exists: false }]
    const finding = { code: 'denied', host, askedAs: 'anonymous', without } as const
    const subject = { use: use('registry.example/shop/web:1.40'), reference: undefined, finding }
    const codes = ['denied', 'missing-pull-secret', 'bad-pull-secret'] as const
    expect(lineOf({ ...subject, codes })).toBe(
      'image "registry.example/shop/web:1.40" pull access denied (spec.template.spec.containers[0].image): registry.example wants ' +
        'credentials, and the pull secret "registry-of-the-shop" does not exist [denied, missing-pull-secret, bad-pull-secret]',
    )
  })

  test.each(allCodes)('about %s is one line of at most 240 printable characters, whatever others chose', code => {
    fc.assert(
      fc.property(findingOf(code), nasty, nasty, (finding, text, path) => {
        const reference = parseReference(text)
        const said = lineOf({
          use: use(text, path),
          reference: reference.ok ? reference.value : undefined,
          finding,
          codes: [code],
        })
        expect(lengthOf(said)).toBeLessThanOrEqual(lineLimit)
        expect(said).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(said).toMatch(/^image "/)
        expect(said.endsWith(`[${code}]`)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
