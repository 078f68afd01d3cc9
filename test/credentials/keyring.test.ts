import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DockerEntry } from '../../src/credentials/docker-config.ts'
import { createImagePattern, readImageName } from '../../src/credentials/image-pattern.ts'
import { createKeyring, type Keyring } from '../../src/credentials/keyring.ts'
import { processorClock } from '../support/processor-clock.ts'
import { imageName, placeText } from './config-texts.ts'

const hub = 'https://index.docker.io/v1/'
const nginx = 'docker.io/library/nginx'

const matches = (pattern: string, name: string): boolean => createImagePattern(pattern)(readImageName(name))

const matching: readonly [why: string, pattern: string, name: string][] = [
  ['by the same host', 'a.example', 'a.example/x'],
  ['by a star for a part', '*.kubernetes.io', 'prefix.kubernetes.io'],
  ['by a star in the middle', 'prefix.*.io', 'prefix.kubernetes.io'],
  ['by a star at the end', 'prefix.kubernetes.*', 'prefix.kubernetes.io'],
  ['by a star inside of a part', '*-good.kubernetes.io', 'prefix-good.kubernetes.io'],
  ['by a star that stands for nothing', '*kubernetes.io', 'kubernetes.io'],
  ['by many stars', '*.*.*.kubernetes.io', 'a.b.c.kubernetes.io'],
  ['by its path', '*.kubernetes.io/blah', 'prefix.kubernetes.io/blah'],
  ['by the beginning of its path', 'prefix.*.io/foo', 'prefix.kubernetes.io/foo/bar'],
  ['by letters, not parts, of its path', 'a.example/pong', 'a.example/pongz'],
  ['by a port', '*.kubernetes.io:1111/blah', 'prefix.kubernetes.io:1111/blah'],
  ['by a port and the beginning of its path', 'prefix.*.io:1111/foo', 'prefix.kubernetes.io:1111/foo/bar'],
  ['by an address', '10.0.0.1:5000', '10.0.0.1:5000/x'],
  ['by a star for a part of an address', '10.0.*.1', '10.0.7.1/x'],
  ['by an address of IPv6 and a port', '[::1]:5000', '[::1]:5000/x'],
  ['by a star for an address of IPv6 and a port', '*:5000', '[::1]:5000/x'],
  ['by a host without dots', 'localhost', 'localhost/x'],
  ['by any host without dots', '*', 'localhost/x'],
  ['by a host with an underscore', 'a_b.example', 'a_b.example/x'],
  ['by a path with a colon', '*.docker.io/path:1111', 'prefix.docker.io/path:1111'],
  ['by a path with escapes', 'a.example/%74eam', 'a.example/team/x'],
  ['by what stands before a question mark', 'a.example/te?x', 'a.example/team'],
  ['by what stands before a hash', 'a.example#/nothing', 'a.example/team'],
  ['whatever user is named', 'user:secret@a.example', 'a.example/team'],
  ['by an empty port', 'a.example:', 'a.example/team'],
  ['by a star for the whole of each part', '*.*', 'a.example/x'],
  [
    'by a star for the account and the region of a cloud',
    '*.dkr.ecr.*.amazonaws.com',
    '1234.dkr.ecr.eu-west-1.amazonaws.com/x',
  ],
  ['by a star behind letters', 'reg*.example', 'registry.example/x'],
  ['by two stars in one part', '*eg*.example', 'registry.example/x'],
  ['by a host with a dash', 'my-registry.example', 'my-registry.example/x'],
  ['by its whole path', 'a.example/team/app', 'a.example/team/app'],
  ['by a part of the last name in its path', 'a.example/team/ap', 'a.example/team/app'],
  ['by a slash at the end, below it', 'a.example/team/', 'a.example/team/app'],
  ['by a path with dots', 'a.example/a.b', 'a.example/a.b/c'],
  ['by a host without dots and a port', 'registry:5000', 'registry:5000/x'],
  ['by any host of two parts with that port', '*.example:5000', 'a.example:5000/x'],
]

describe('an image matches a pattern', () => {
  test.each(matching)('%s', (_, pattern, name) => {
    expect(matches(pattern, name)).toBe(true)
  })
})

const differing: readonly [why: string, pattern: string, name: string][] = [
  ['of fewer parts', '*.kubernetes.io', 'a.b.kubernetes.io'],
  ['of more parts', '*.kubernetes.io', 'kubernetes.io'],
  ['of one more part', '*.*.kubernetes.io', 'prefix.kubernetes.io'],
  ['of two more parts', '*.*.kubernetes.io', 'kubernetes.io'],
  ['whose star would have to stand for a dot', '*kubernetes.io', 'a.kubernetes.io'],
  ['of another end', 'kubernetes.io', 'kubernetes.com'],
  ['of another beginning', 'k*.io', 'quay.io'],
  ['of another port', '*.kubernetes.io:1234/blah', 'prefix.kubernetes.io:1111/blah'],
  ['without its port', 'prefix.*.io/foo', 'prefix.kubernetes.io:1111/foo/bar'],
  ['with a port that it has not', 'a.example:5000', 'a.example/x'],
  ['with the port that is meant anyway', 'a.example:443', 'a.example/x'],
  ['with its port written in another way', 'a.example:05000', 'a.example:5000/x'],
  ['with a star for the port', 'a.example:*', 'a.example:5000/x'],
  ['with a star in the path', 'a.example/*', 'a.example/x'],
  ['of a longer path', 'a.example/team/app', 'a.example/team'],
  ['with a slash at the end of its own path', 'a.example/team/', 'a.example/team'],
  ['in other letters', 'A.example', 'a.example/x'],
  ['in other letters of the path', 'a.example/Team', 'a.example/team'],
  ['of an address of IPv6 without a port, which is in brackets as a class is', '[::1]', '[::1]/x'],
  ['of another address', '10.0.0.1', '10.0.0.2/x'],
  ['with brackets', '[ab].example', 'a.example/x'],
  ['with brackets inside', 'x[ab].example', 'xa.example/x'],
  ['with a question mark for a letter', 'a?example', 'a.example/x'],
  ['with a backslash', '\\a.example', 'a.example/x'],
  ['with a scheme', 'https://a.example', 'a.example/x'],
  ['with a bad escape', 'a.example/%zz', 'a.example/x'],
  ['with a blank', 'a b.example', 'a.example/x'],
  ['that is empty', '', 'a.example/x'],
  ['that ends with a dot', 'a.example.', 'a.example/x'],
  ['whose star would have to stand for the port', 'localhost*', 'localhost:5000/x'],
  ['of the same path on another host', 'b.example/team', 'a.example/team'],
  ['of a path beside it', 'a.example/team-a', 'a.example/team-b'],
  ['of two parts for a host of one', '*.*', 'localhost/x'],
  ['of one part for an address', '*', '10.0.0.1/x'],
  ['of the path in another order', 'a.example/app/team', 'a.example/team/app'],
  ['with a port on another host', 'b.example:5000', 'a.example:5000/x'],
]

describe('an image does not match a pattern', () => {
  test.each(differing)('%s', (_, pattern, name) => {
    expect(matches(pattern, name)).toBe(false)
  })
})

/** A keyring whose credentials have the names of the places that they stand under. */
const keyringOf = (...places: readonly string[]): Keyring =>
  createKeyring(places.map(place => ({ place, username: place, password: 'p' })))

const found = (keyring: Keyring, name: string): readonly string[] =>
  keyring.lookup(name).map(({ username }) => username)

const applying: readonly [why: string, place: string, name: string][] = [
  ['of the host', 'a.example', 'a.example/x'],
  ['of the host with https', 'https://a.example', 'a.example/x'],
  ['of the host with http', 'http://a.example', 'a.example/x'],
  ['of the host with a slash', 'a.example/', 'a.example/x'],
  ['of the host with /v1/', 'https://a.example/v1/', 'a.example/x'],
  ['of the host with /v2/', 'https://a.example/v2/', 'a.example/x'],
  ['below /v2/', 'https://a.example/v2/team', 'a.example/team/x'],
  ['below /v1/', 'a.example/v1/team', 'a.example/team/x'],
  ['below what stands behind the first of two versions', 'a.example/v2/v1/', 'a.example/v1/x'],
  ['whose own path begins with v2', 'https://a.example/v2', 'a.example/v2/x'],
  ['whose own path begins with the letters', 'https://a.example/v2', 'a.example/v2x'],
  ['with a star and a scheme', 'https://*.docker.io', 'prefix.docker.io/x'],
  ['with a star, a port and a scheme', 'https://prefix.*.io:8888', 'prefix.docker.io:8888/x'],
  ['with a star and /v1/', 'https://*.docker.io/v1/', 'prefix.docker.io/path:1111'],
  ['with a star and a path', 'https://prefix.docker.*/path', 'prefix.docker.io/path/subpath'],
  ['of a port', 'prefix.docker.io:1111', 'prefix.docker.io:1111/path'],
  ['whatever stands behind a question mark', 'https://a.example/?x=/y', 'a.example/x'],
  ['whatever stands behind a hash', 'https://a.example/#/y', 'a.example/x'],
  ['whatever name is in the URL', 'https://user:secret@a.example', 'a.example/x'],
  ['whose path is escaped twice', 'a.example/%2574eam', 'a.example/team'],
  ['whose question mark is escaped', 'a.example/te%3Fx', 'a.example/team'],
  ['of Docker Hub, by docker.io', 'docker.io', nginx],
  ['of Docker Hub, by its first address', hub, nginx],
  ['of Docker Hub, by that without a scheme', 'index.docker.io/v1/', nginx],
  ['of Docker Hub, by its second address', 'https://index.docker.io/v2/', nginx],
  ['of Docker Hub, by its host', 'index.docker.io', 'docker.io/team/app'],
  ['of Docker Hub, by a star', '*.io', nginx],
  ['of Docker Hub, by its path', 'docker.io/library', nginx],
  ['of Docker Hub, by its own old name', hub, 'index.docker.io/library/nginx'],
  ['of Docker Hub, with no host', hub, 'google/docker-registry'],
  ['of Docker Hub, with a name alone', hub, 'jenkins'],
  ['of an account of a cloud', '1234.dkr.ecr.eu-west-1.amazonaws.com', '1234.dkr.ecr.eu-west-1.amazonaws.com/x'],
  ['of any account of a cloud', 'https://*.dkr.ecr.*.amazonaws.com', '1234.dkr.ecr.eu-west-1.amazonaws.com/x'],
  ['of a project of a cloud', 'eu-docker.pkg.dev/project', 'eu-docker.pkg.dev/project/repository/x'],
  ['of a group, with the version before it', 'https://registry.gitlab.com/v2/group', 'registry.gitlab.com/group/app'],
  ['of an owner', 'ghcr.io/owner', 'ghcr.io/owner/app'],
  ['of an address with a port and http', 'http://10.0.0.1:5000/v2/', '10.0.0.1:5000/x'],
  ['of this host', 'http://localhost:5000', 'localhost:5000/x'],
]

describe('a login applies to an image', () => {
  test.each(applying)('%s', (_, place, name) => {
    expect(found(keyringOf(place), name)).toEqual([place])
  })
})

const passedOver: readonly [why: string, place: string, name: string][] = [
  ['of another host', 'https://hello.kubernetes.io', 'world.mesos.org/foo/bar'],
  ['of another ending', 'https://*.docker.com', 'prefix.docker.io/foo'],
  ['of another ending with a star', 'https://prefix.docker.c*', 'prefix.docker.io/foo'],
  ['of another beginning', 'suffix.*.io', 'prefix.docker.io/foo'],
  ['with a colon in another place of the path', 'https://prefix.*.io/path:1111', 'prefix.docker.io/path/subpath:1111'],
  ['with the version and no slash', 'https://a.example/v2', 'a.example/x'],
  ['with the version in capitals', 'https://a.example/V2/', 'a.example/x'],
  ['with a third version', 'https://a.example/v3/', 'a.example/x'],
  ['with two slashes behind the version', 'https://a.example/v2//', 'a.example/x'],
  ['with its scheme in capitals', 'HTTPS://a.example', 'a.example/x'],
  ['with another scheme', 'oci://a.example', 'a.example/x'],
  ['with no URL at all', 'a.example:port', 'a.example/x'],
  ['with nothing', '', 'a.example/x'],
  ['of Docker Hub, with the version and no slash', 'https://index.docker.io/v1', nginx],
  ['of Docker Hub, with a path', 'https://index.docker.io/v1/library', nginx],
  ['of Docker Hub, by the host that is really asked', 'registry-1.docker.io', nginx],
  ['of Docker Hub, by the host of its pages', 'hub.docker.com', nginx],
  ['of Docker Hub, by the host of its tokens', 'auth.docker.io', nginx],
  ['of Docker Hub, by a star for the part that it lacks', '*.docker.io', nginx],
  ['of Docker Hub, with a port', 'index.docker.io:443', nginx],
  ['that is not of Docker Hub', hub, 'world.mesos.org/foo/bar'],
  ['that is not of Docker Hub, on this host', hub, 'localhost:5000/foo'],
  ['that has no name', hub, '/foo'],
  ['of another owner', 'ghcr.io/owner', 'ghcr.io/other/app'],
  ['of another account of a cloud', '1234.dkr.ecr.eu-west-1.amazonaws.com', '5678.dkr.ecr.eu-west-1.amazonaws.com/x'],
  ['of another region of a cloud', '1234.dkr.ecr.eu-west-1.amazonaws.com', '1234.dkr.ecr.us-east-1.amazonaws.com/x'],
  ['of a host that is reached by another port', 'https://a.example:8443/v2/', 'a.example/x'],
  ['of the host that is above it', 'example', 'a.example/x'],
  ['of a group, with the version behind it', 'registry.gitlab.com/group/v2/', 'registry.gitlab.com/group/app'],
]

describe('a login does not apply to an image', () => {
  test.each(passedOver)('%s', (_, place, name) => {
    expect(found(keyringOf(place), name)).toEqual([])
  })
})

const several: readonly [why: string, places: readonly string[], name: string, expected: readonly string[]][] = [
  ['the longer path first', ['a.example', 'a.example/team'], 'a.example/team/x', ['a.example/team', 'a.example']],
  ['all that match and no others', ['b.example', 'a.example', 'a.example/x'], 'a.example/team', ['a.example']],
  ['letters before stars', ['*.example', 'a.example'], 'a.example/x', ['a.example', '*.example']],
  [
    'a star late in the alphabet before one early',
    ['*.example', 'a*.example'],
    'a.example/x',
    ['a*.example', '*.example'],
  ],
  [
    'a short key with a late letter before a long one',
    ['*.example/team', 'a.example'],
    'a.example/team',
    ['a.example', '*.example/team'],
  ],
  [
    'equal keys in the order in which they were given',
    ['https://a.example', 'a.example', 'a.example/v2/'],
    'a.example/x',
    ['https://a.example', 'a.example', 'a.example/v2/'],
  ],
  ['docker.io, which hides the address of Docker Hub', [hub, 'docker.io'], nginx, ['docker.io']],
  ['a star, which hides the address of Docker Hub', [hub, '*.io'], nginx, ['*.io']],
  ['the address of Docker Hub where docker.io has another path', [hub, 'docker.io/team'], nginx, [hub]],
  ['both addresses of Docker Hub', [hub, 'index.docker.io'], nginx, [hub, 'index.docker.io']],
  ['after one that is no URL, which is passed over', ['a b', 'a.example'], 'a.example/x', ['a.example']],
  [
    'keys in the order of their bytes, not of their halves',
    ['a.example/\uffee', 'a.example/😀', 'a.example/'],
    'a.example/x',
    ['a.example/'],
  ],
]

describe('several logins are tried', () => {
  test.each(several)('%s', (_, places, name, expected) => {
    expect(found(keyringOf(...places), name)).toEqual(expected)
  })

  test('with equal names and passwords too', () => {
    const entry: DockerEntry = { place: 'a.example', username: 'u', password: 'p' }
    expect(createKeyring([entry, entry]).lookup('a.example/x')).toHaveLength(2)
  })
})

test('a password without a name is dropped, so that it is no identity token', () => {
  const keyring = createKeyring([{ place: 'a.example', username: '', password: 'secret' }])
  expect(keyring.lookup('a.example/x')).toEqual([{ username: '', password: '' }])
})

test('ten thousand entries are made a keyring and looked through in a moment', () => {
  const places = Array.from({ length: 10_000 }, (_, at) => `https://*-${at}.*.example.com/v2/${'*a'.repeat(at % 50)}`)
  const spentMs = processorClock()
  const keyring = keyringOf(...places, 'a.b.example.com')
  expect(found(keyring, 'a.b.example.com/x')).toEqual(['a.b.example.com'])
  expect(spentMs()).toBeLessThan(4000)
})

test('any places and names give some of the entries, each once', () => {
  const place = fc.constantFrom(...fc.sample(fc.oneof(placeText, fc.string({ unit: 'binary' })), 1000))
  const name = fc.constantFrom(...fc.sample(imageName, 300))
  const isEachOnce = (places: readonly string[], image: string): boolean => {
    const keyring = createKeyring(places.map((of, at) => ({ place: of, username: `u${at}`, password: '' })))
    const names = found(keyring, image)
    return new Set(names).size === names.length
  }
  fc.assert(fc.property(fc.array(place, { maxLength: 4 }), name, isEachOnce), { numRuns: 20_000 })
}, 60_000)

const tables = [matching, differing, applying, passedOver, several]
const count = tables.reduce((sum, { length }) => sum + length, 0)

test(`these are ${count} matches of images and keyrings`, () => {
  expect(count).toBeGreaterThanOrEqual(150)
})
