import fc from 'fast-check'
import { oddDigest, soundDigest } from './digest.ts'
import { hexOf, joined, mostly, spliced, textOf } from './text.ts'

const nothing = fc.constant('')

const word = mostly(
  3,
  textOf('abz019', 6),
  fc.constantFrom('nginx', 'team', 'app', 'library', 'a'.repeat(63), 'a'.repeat(64)),
)
const joint = fc.constantFrom('.', '_', '__', '-', '--', '-----')
const component = mostly(3, word, joined(word, joint, word))
const oddComponent = fc.oneof(
  fc.constantFrom('', '.', '..', '-', '_', '___', 'a___b', 'a..b', 'a._b', 'a-', 'a_', '.a', '-a', '_a'),
  fc.constantFrom('A', 'aB', 'a b', ' ', 'a%20b', '$(x)', '{{x}}', 'K\u212a', '\u0130'),
  textOf('aZ0._-', 8),
)

/** Paths of 242 to 260 characters: the limit is 255, with an added `library/` counted in and the domain left out. */
const longPath = fc
  .tuple(fc.integer({ min: 242, max: 260 }), fc.array(fc.integer({ min: 1, max: 240 }), { maxLength: 3 }))
  .map(([length, cuts]) =>
    cuts.reduce((path, cut) => `${path.slice(0, cut)}/${path.slice(cut + 1)}`, 'a'.repeat(length)),
  )

const pathOf = (part: fc.Arbitrary<string>) =>
  fc.array(part, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/'))
const path = mostly(12, pathOf(component), fc.oneof(longPath, hexOf(64)))
const oddPath = pathOf(mostly(1, component, oddComponent))

const knownHost = fc.constantFrom(
  ...['docker.io', 'index.docker.io', 'registry-1.docker.io', 'Docker.IO', 'localhost', 'LOCALHOST', 'Localhost'],
  ...['ghcr.io', 'quay.io', 'Team', 'team', '127.0.0.1', '1.2.3.4.5', 'a--b.c', 'xn--bcher-kva.example'],
  ...['[::1]', '[2001:db8::1]', '[FE80::A]', '[:]'],
)
const host = mostly(
  2,
  knownHost,
  fc.array(joined(textOf('aZ0', 1), textOf('aZ09', 3)), { minLength: 1, maxLength: 4 }).map(labels => labels.join('.')),
)
const oddHost = fc.oneof(
  fc.constantFrom('docker.io.', '.docker.io', 'a..b', '-a.b', 'a-.b', 'a_b.c', 'host.', 'böse.example', 'user@host.io'),
  fc.constantFrom('[]', '[g]', '::1', '[::1', '::1]', '[::1]]', '[fe80::1%25eth0]', '[::ffff:1.2.3.4]'),
  fc.constantFrom('', '/', 'http:/', 'https:/', 'docker:/', 'oci:/'),
  fc.array(textOf('aZ0-', 4), { minLength: 1, maxLength: 4 }).map(labels => labels.join('.')),
)
const port = mostly(1, nothing, fc.constantFrom(':5000', ':0', ':80', ':65536', ':99999999999999999999'))
const oddPort = fc.constantFrom(':', ':a', ':-1', ':٣', '::80', ':80:80')
const domain = mostly(2, joined(host, port, fc.constant('/')), nothing)
const oddDomain = joined(mostly(1, oddHost, host), mostly(2, port, oddPort), fc.constant('/'))

/** Tags of 126 to 130 characters: the limit is 128. */
const longTag = fc.integer({ min: 126, max: 130 }).map(length => `:${'t'.repeat(length)}`)
const tag = fc.oneof(
  nothing,
  fc.constantFrom(':latest', ':Latest', ':1.27', ':v1', ':_', ':0'),
  joined(fc.constant(':'), textOf('aZ09_', 3), textOf('aZ09_.-', 6)),
)
const oddTag = fc.oneof(
  longTag,
  fc.constantFrom(':', '::', ':.', ':-', ':a:b', ':a/b', ': ', ':a ', ':é', ':a+b', ':$TAG'),
)

const at = fc.constant('@')
const digest = mostly(2, nothing, joined(at, soundDigest))
const oddDigestPart = mostly(3, joined(at, oddDigest), fc.constantFrom('@', '@@', '@sha256', '@sha256:', ':'))

const sound = joined(domain, path, tag, digest)
const loose = joined(
  mostly(4, domain, oddDomain),
  mostly(4, path, oddPath),
  mostly(4, tag, oddTag),
  mostly(4, digest, oddDigestPart),
)

// Capital letters that JavaScript knows and Go 1.26, whose Unicode is 15, does not: which refusal they get depends on the Go that built the node's.
const newLetter = /[\u1c89\ua7cb-\ua7dc\u{10d50}-\u{10d65}\u{16ea0}-\u{16eb8}]/u
const unicode = (maxLength: number) => fc.string({ unit: 'binary', maxLength }).filter(text => !newLetter.test(text))
const noise = fc.oneof(textOf('aZ0.:/@-_[', 12), unicode(8), joined(unicode(2), sound))

/** Image references: sound ones, ones with odd parts, ones broken in one place, and noise; all well-formed Unicode, as whatever JSON carries is. */
export const referenceText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: sound, weight: 8 },
  { arbitrary: loose, weight: 8 },
  { arbitrary: spliced(sound), weight: 4 },
  { arbitrary: hexOf(64), weight: 1 },
  { arbitrary: noise, weight: 2 },
)
