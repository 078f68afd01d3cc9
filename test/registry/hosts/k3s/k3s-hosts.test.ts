import { describe, expect, test } from 'vitest'
import { k3sHostsOf } from '../../../../src/registry/hosts/k3s/k3s-hosts.ts'
import { hostsTomlOf } from '../../../../src/registry/hosts/k3s/k3s-hosts-toml.ts'
import { parseRegistriesYaml } from '../../../../src/registry/hosts/k3s/parse-registries-yaml.ts'

const written = (text: string, defaultEndpoint = true): Readonly<Record<string, readonly string[]>> => {
  const yaml = parseRegistriesYaml(text)
  if (!yaml.ok) throw new Error(yaml.error.what)
  const hosts = [...k3sHostsOf(yaml.value, defaultEndpoint)]
  return Object.fromEntries(
    hosts.map(([name, each]) => [
      name,
      hostsTomlOf(each)
        .split('\n')
        .filter(line => line !== '' && line !== 'capabilities = ["pull", "resolve"]'),
    ]),
  )
}

const creds = 'auth: {username: u, password: p}'
const hub = 'server = "https://registry-1.docker.io/v2"'

describe('K3s writes down', () => {
  test.each<[why: string, text: string, expected: Readonly<Record<string, readonly string[]>>]>([
    ['nothing of a mirror without endpoints', 'mirrors: {docker.io: }', {}],
    ['nothing where the registry is its own mirror', 'mirrors: {docker.io: {endpoint: [docker.io]}}', {}],
    ['nothing of `*` without endpoints', 'mirrors: {"*": }', {}],
    ['a registry that has credentials', `configs: {docker.io: {${creds}}}`, { 'docker.io': [hub] }],
    [
      'it once, when it is its own mirror too',
      `mirrors: {a.b: {endpoint: [a.b]}}\nconfigs: {a.b: {${creds}}}`,
      { 'a.b': ['server = "https://a.b/v2"'] },
    ],
    [
      'a mirror, and the registry behind it',
      'mirrors: {docker.io: {endpoint: [m.b]}}',
      { 'docker.io': [hub, '[host."https://m.b/v2"]'] },
    ],
    [
      'a path as the whole one',
      'mirrors: {a.b: {endpoint: [m.b/x/v2]}}',
      { 'a.b': ['server = "https://a.b/v2"', '[host."https://m.b/x/v2"]', 'override_path = true'] },
    ],
    [
      'an endpoint once, however it is written',
      'mirrors: {a.b: {endpoint: [m.b, https://m.b, https://m.b/, https://n.b, https://m.b/v2]}}',
      { 'a.b': ['server = "https://a.b/v2"', '[host."https://m.b/v2"]', '[host."https://n.b/v2"]'] },
    ],
    [
      'another port as another endpoint',
      'mirrors: {a.b: {endpoint: [a.b:443]}}',
      { 'a.b': ['server = "https://a.b/v2"', '[host."https://a.b:443/v2"]'] },
    ],
    [
      "HTTP for a port of the node's own",
      'mirrors: {a.b: {endpoint: [localhost:5000, 127.0.0.1:80, localhost, "localhost:443"]}}',
      {
        'a.b': [
          'server = "https://a.b/v2"',
          '[host."http://localhost:5000/v2"]',
          '[host."http://127.0.0.1:80/v2"]',
          '[host."https://localhost/v2"]',
          '[host."https://localhost:443/v2"]',
        ],
      },
    ],
    [
      'what `*` says for all others, and the registry itself behind it',
      'mirrors: {"*": {endpoint: [m.b]}}',
      { _default: ['[host."https://m.b/v2"]'] },
    ],
    [
      'what is said of TLS with all others',
      'configs: {"*": {tls: {insecure_skip_verify: true}}}',
      { _default: ['skip_verify = true'] },
    ],
    [
      'it not, once `*` has endpoints',
      'mirrors: {"*": {endpoint: [m.b]}}\nconfigs: {"*": {tls: {insecure_skip_verify: true}}}',
      { _default: ['[host."https://m.b/v2"]'] },
    ],
    [
      'TLS with each endpoint, by its host',
      'mirrors: {docker.io: {endpoint: ["m.b:5000", registry-1.docker.io]}}\nconfigs: {"m.b:5000": {tls: {ca_file: /ca, cert_file: /c, key_file: /k}}, docker.io: {tls: {ca_file: "/h\\"ub"}}}',
      {
        'm.b:5000': ['server = "https://m.b:5000/v2"', 'ca = ["/ca"]', 'client = [["/c", "/k"]]'],
        'docker.io': [
          hub,
          'ca = ["/h\\"ub"]',
          '[host."https://m.b:5000/v2"]',
          'ca = ["/ca"]',
          'client = [["/c", "/k"]]',
        ],
      },
    ],
    [
      'what is said of Docker Hub by its host',
      'mirrors: {docker.io: {endpoint: [m.b]}}\nconfigs: {registry-1.docker.io: {tls: {ca_file: /ca}}}',
      {
        'registry-1.docker.io': ['server = "https://registry-1.docker.io/v2"', 'ca = ["/ca"]'],
        'docker.io': [hub, 'ca = ["/ca"]', '[host."https://m.b/v2"]'],
      },
    ],
    ['nothing of a name that makes no URL', 'mirrors: {"a b": {endpoint: [m.b]}}\nconfigs: {"a b": {tls: {}}}', {}],
  ])('%s', (_why, text, expected) => expect(written(text)).toEqual(expected))

  test('no registry behind its mirrors where there is to be none, unless something is said of it', () => {
    const text = `mirrors: {docker.io: {endpoint: [m.b, docker.io]}, m.b: {endpoint: [n.b]}, "*": {endpoint: [n.b]}}\nconfigs: {m.b: {${creds}}}`
    expect(written(text, false)).toEqual({
      'm.b': ['server = "https://m.b/v2"', '[host."https://n.b/v2"]'],
      'docker.io': ['[host."https://m.b/v2"]', '[host."https://registry-1.docker.io/v2"]'],
      _default: ['[host."https://n.b/v2"]'],
    })
  })
})
