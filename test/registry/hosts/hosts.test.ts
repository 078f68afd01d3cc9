import { describe, expect, test } from 'vitest'
import { type Host, hostsOf } from '../../../src/registry/hosts/hosts.ts'
import { placesFor } from '../../../src/registry/hosts/place.ts'
import { hostsFileOf } from './said.ts'

const told = ({ bases, isUpstream, namespace, tls, dialTimeoutMs, headers }: Host): string =>
  [
    bases.join('|'),
    isUpstream ? 'upstream' : '',
    namespace === undefined ? '' : `ns=${namespace}`,
    tls.verify ? '' : 'unverified',
    dialTimeoutMs === 30_000 ? '' : `${dialTimeoutMs}ms`,
    ...headers.map(([name, value]) => `${name}:${value}`),
  ]
    .filter(word => word !== '')
    .join(' ')

describe('without a file', () => {
  test.each<[registry: string, expected: string, why: string]>([
    ['docker.io', 'https://registry-1.docker.io/v2 upstream', 'Docker Hub is elsewhere'],
    ['ghcr.io', 'https://ghcr.io/v2 upstream', 'HTTPS it is'],
    ['registry.example:5000', 'https://registry.example:5000/v2 upstream', 'on any port'],
    ['10.0.0.7:80', 'https://10.0.0.7:80/v2 upstream', 'even on port 80'],
    ['localhost', 'https://localhost/v2 upstream unverified', 'a loopback host has no certificate to verify'],
    ['localhost:443', 'https://localhost:443/v2 upstream unverified', 'nor on the port of HTTPS'],
    ['localhost:80', 'http://localhost:80/v2 upstream', 'port 80 is HTTP'],
    ['localhost:5000', 'https://localhost:5000/v2|http://localhost:5000/v2 upstream unverified', 'it may be either'],
    ['127.3.4.5:5000', 'https://127.3.4.5:5000/v2|http://127.3.4.5:5000/v2 upstream unverified', 'all of 127/8'],
    ['[::1]:5000', 'https://[::1]:5000/v2|http://[::1]:5000/v2 upstream unverified', 'that of IPv6'],
    [
      '[::ffff:7f00:1]:5000',
      'https://[::ffff:7f00:1]:5000/v2|http://[::ffff:7f00:1]:5000/v2 upstream unverified',
      'one of IPv4 in IPv6',
    ],
    ['[::1]', 'https://[::1]/v2 upstream', 'Go does not see the address within brackets without a port'],
    ['[::2]:5000', 'https://[::2]:5000/v2 upstream', 'another address'],
    ['127.0.0.256:5000', '', 'no address at all, and no URL'],
    ['localhost.example:5000', 'https://localhost.example:5000/v2 upstream', 'a name that only begins so'],
    ['MyUser', 'https://MyUser/v2 upstream', 'whatever name the reference gives it'],
  ])('%s is asked at "%s": %s', (registry, expected) => {
    expect(hostsOf(registry, undefined).map(told).join()).toBe(expected)
  })
})

describe('with a file', () => {
  test.each<[why: string, registry: string, text: string, expected: readonly string[]]>([
    [
      'mirrors come first, and the registry itself last',
      'docker.io',
      '[host."https://a"]\n[host."https://b/hub"]',
      ['https://a/v2 ns=docker.io', 'https://b/hub/v2 ns=docker.io', 'https://registry-1.docker.io/v2 upstream'],
    ],
    [
      'a server that is named stands for the registry, which is not asked',
      'ghcr.io',
      'server = "https://a"',
      ['https://a/v2 ns=ghcr.io'],
    ],
    [
      'Docker Hub under its own name is no mirror of it',
      'docker.io',
      'server = "https://registry-1.docker.io"',
      ['https://registry-1.docker.io/v2 upstream'],
    ],
    ['but docker.io is', 'quay.io', 'server = "https://docker.io"', ['https://docker.io/v2 ns=quay.io']],
    [
      'Docker Hub for another registry is a mirror',
      'quay.io',
      'server = "https://registry-1.docker.io"',
      ['https://registry-1.docker.io/v2 ns=quay.io'],
    ],
    ['the port is part of the name', 'a', 'server = "https://a:443"', ['https://a:443/v2 ns=a']],
    ['the registry named as server is the upstream', 'a:5', 'server = "http://a:5"', ['http://a:5/v2 upstream']],
    ['the default has every capability', 'a', 'capabilities = ["push"]', ['https://a/v2 upstream']],
    [
      'the default keeps what the root says otherwise',
      'a',
      'skip_verify = true\ndial_timeout = "1s"\nheader.x = "1"',
      ['https://a/v2 upstream unverified 1000ms x:1'],
    ],
    [
      'a loopback default is not verified, whatever the root says',
      'localhost:5000',
      'skip_verify = false',
      ['https://localhost:5000/v2|http://localhost:5000/v2 upstream unverified'],
    ],
    ['but on port 80 it is HTTP', 'localhost:80', 'skip_verify = true', ['http://localhost:80/v2 upstream unverified']],
    ['a loopback server is what it says', 'a', 'server = "http://localhost:5000"', ['http://localhost:5000/v2 ns=a']],
    [
      'HTTP with something said of TLS is HTTPS first',
      'a',
      'server = "http://m:5000"\nskip_verify = false',
      ['https://m:5000/v2|http://m:5000/v2 ns=a'],
    ],
    ['also by an empty list of CAs', 'a', 'server = "http://m"\nca = []', ['https://m/v2|http://m/v2 ns=a']],
    ['not by an empty list of clients', 'a', 'server = "http://m"\nclient = []', ['http://m/v2 ns=a']],
    ['and not on port 80', 'a', 'server = "http://m:80"\nskip_verify = true', ['http://m:80/v2 ns=a unverified']],
    ['a path of slashes is none', 'a', 'server = "http://m//"', ['http://m/v2 ns=a']],
    ['nor is one that is overridden', 'a', 'server = "http://m/"\noverride_path = true', ['http://m ns=a']],
    ['an overridden path stands', 'a', 'server = "http://m/x"\noverride_path = true', ['http://m/x ns=a']],
    ['a server without a host is the upstream', 'a', 'server = "https:///x"', ['https://a/v2 upstream']],
    ['also one that begins with http and has no scheme', 'a', 'server = "http-m"', ['https://a/v2 upstream']],
    ['a mirror without a host cannot be asked', 'a', '[host."http-m"]', ['https://a/v2 upstream']],
    ['nor one of another scheme', 'a', '[host."httpx://m"]', ['https://a/v2 upstream']],
    ['nor one whose port is none', 'a', '[host."https://m:99999"]', ['https://a/v2 upstream']],
    ['nor one with a bad header', 'a', '[host.m.header]\n"x y" = "1"', ['https://a/v2 upstream']],
    ['nor one with a bad value of a header', 'a', '[host.m.header]\nx = "1\\n2"', ['https://a/v2 upstream']],
    ['nor one without time', 'a', '[host.m]\ndial_timeout = "-1s"', ['https://a/v2 upstream']],
    ['no time stated is all of it', 'a', 'dial_timeout = "0"', ['https://a/v2 upstream undefinedms']],
    ['less than a millisecond is one', 'a', 'dial_timeout = "1ns"', ['https://a/v2 upstream 1ms']],
    [
      'headers that belong to the message are left out',
      'a',
      '[header]\nHost = "x"\nContent-Length = "9"\nx = "1"',
      ['https://a/v2 upstream x:1'],
    ],
  ])('%s', (_why, registry, text, expected) => {
    expect(hostsOf(registry, hostsFileOf(text)).map(told)).toEqual(expected)
  })

  test('a host bears its certificates, and its name', () => {
    const [host] = hostsOf('a', hostsFileOf('[host."https://m:5000/x"]\nca = "c"\nclient = [["d", "k"]]'))
    expect(host).toMatchObject({ name: 'm:5000', tls: { verify: true, ca: ['c'], client: [{ cert: 'd', key: 'k' }] } })
  })
})

describe('a question', () => {
  const hosts = hostsOf(
    'a',
    hostsFileOf(
      '[host.pulls]\ncapabilities = ["pull"]\n[host.resolves]\ncapabilities = ["resolve"]\n[host.both]\ncapabilities = ["pull", "resolve"]\n[host.pushes]\ncapabilities = ["push"]',
    ),
  )
  const names = (question: 'tag' | 'digest' | 'content', of = hosts) => {
    const found = placesFor(
      of.map(host => ({ host, repository: 'shop/web' })),
      question,
    )
    return found.ok ? found.value.map(({ host }) => host.name) : found.error.kind
  }

  test('for a tag goes to hosts that pull and resolve', () => expect(names('tag')).toEqual(['both', 'a']))
  test('for a digest goes to hosts that pull', () => expect(names('digest')).toEqual(['pulls', 'both', 'a']))
  test('for content goes to all of them, as the runtime does', () =>
    expect(names('content')).toEqual(['pulls', 'resolves', 'both', 'pushes', 'a']))

  test('that no host may answer says so', () => {
    const none = hostsOf('a', hostsFileOf('server = "b"\ncapabilities = ["push"]'))
    expect([names('tag', none), names('digest', none), names('content', none)]).toEqual(
      Array(3).fill('no-capable-host'),
    )
  })
})
