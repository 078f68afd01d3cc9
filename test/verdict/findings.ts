import fc from 'fast-check'
import type { Platform } from '../../src/image/platform.ts'
import { runtimeRules } from '../../src/image/runtime.ts'
import type { Code } from '../../src/verdict/codes.ts'
import type { Finding } from '../../src/verdict/finding.ts'

// Text as a tenant or a registry would choose it to break a line, a terminal, or a limit.
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '',
    '\n\r\t\u0000\u001b[31m',
    '\u202e\u2028\ud800',
    '😀'.repeat(200),
    'x'.repeat(5000),
    '"',
    '`$(reboot)`',
  ),
)
const digest = fc.constant(`sha256:${'a'.repeat(64)}` as const)
const platform: fc.Arbitrary<Platform> = fc.record({
  os: nasty,
  architecture: nasty,
  variant: nasty,
  osVersion: nasty,
  osFeatures: fc.array(nasty, { maxLength: 3 }),
})
const platforms = fc.array(platform, { maxLength: 8 })
// These names are our own.
const runtimes = fc.subarray(runtimeRules('').map(({ name }) => name))
const step = fc.constantFrom(
  'dns',
  'connect',
  'tls',
  'proxy',
  'token',
  'manifest',
  'child',
  'config',
  'program',
  'tags' as const,
)

type DataOf<C extends Code> = fc.Arbitrary<Omit<Extract<Finding, { code: C }>, 'code'>>

const data: { readonly [C in Code]: DataOf<C> } = {
  'bad-pull-secret': fc.record({
    secret: nasty,
    problem: fc.constantFrom('not-json', 'wrong-shape', 'bad-base64', 'no-colon'),
  }),
  'invalid-reference': fc.record({
    problem: fc.record({ rule: fc.constant('empty' as const), message: nasty, at: fc.nat(), hint: nasty }),
  }),
  'not-found': fc.record({
    host: nasty,
    missing: fc.constantFrom('repository', 'tag', 'digest', 'unnamed'),
    near: fc.array(nasty, { maxLength: 5 }),
  }),
  denied: fc.record({
    host: nasty,
    askedAs: fc.constantFrom('unchallenged', 'anonymous', 'credentials'),
    without: fc.array(fc.record({ name: nasty, exists: fc.boolean() }), { maxLength: 2 }),
  }),
  'broken-image': fc.record({
    damage: fc.constantFrom('missing-child', 'missing-config', 'wrong-digest', 'schema-1', 'empty-index', 'no-command'),
    platforms,
  }),
  'no-platform': fc.record({ wanted: platforms, offered: platforms }),
  'other-platform': fc.record({ wanted: platforms, actual: platform }),
  'not-an-image': fc.record({ artifactType: nasty }),
  'some-platforms': fc.record({ misfits: platforms, fits: platforms }),
  'never-pulled': fc.record({ somewhere: fc.boolean() }),
  'oversized-manifest': fc.record({ sizeBytes: fc.option(fc.nat(), { nil: undefined }) }),
  'runtime-differs': fc.record({ runs: runtimes, fails: runtimes }),
  'missing-pull-secret': fc.record({ secret: nasty, exists: fc.boolean() }),
  'cached-only': fc.record({
    instead: fc.oneof(
      fc.record({
        code: fc.constant('not-found' as const),
        host: nasty,
        missing: fc.constantFrom('repository', 'tag', 'digest', 'unnamed'),
        near: fc.array(nasty, { maxLength: 5 }),
      }),
      fc.record({
        code: fc.constant('bad-pull-secret' as const),
        secret: nasty,
        problem: fc.constant('not-json' as const),
      }),
    ),
    listed: fc.boolean(),
  }),
  'moved-tag': fc.record({ running: digest, now: digest }),
  mislabelled: fc.record({ labelled: platform, actual: platform }),
  'unknown-credentials': fc.record({
    source: fc.constantFrom('secret', 'service-account', 'provider', 'docker-config', 'controller'),
    name: nasty,
  }),
  'node-credentials': fc.record({ host: nasty }),
  'rate-limited': fc.record({ host: nasty, retryAfterMs: fc.option(fc.nat(), { nil: undefined }) }),
  unreachable: fc.record({
    host: nasty,
    problem: fc.constantFrom('no-such-host', 'certificate-expired', 'mirror-unasked'),
  }),
  'registry-error': fc.record({
    host: nasty,
    step,
    problem: fc.constantFrom('server-error', 'bad-redirect', 'unsupported-challenge'),
    status: fc.option(fc.nat(999), { nil: undefined }),
  }),
  'timed-out': fc.record({ host: nasty, step }),
  'blocked-address': fc.record({ host: nasty }),
  placeholder: fc.constant({}),
}

/** Any finding of the code, with data as hostile as its origin may be. */
export const findingOf = (code: Code): fc.Arbitrary<Finding> =>
  (data[code] as fc.Arbitrary<object>).map(rest => ({ code, ...rest }) as Finding)

export { nasty }
