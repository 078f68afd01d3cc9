import { doubted, doubts, notFound, type Row, runs } from '../row.ts'
import { auths, right, wrong } from '../secrets.ts'

const unreachable = doubted(['unreachable'], 'ErrImagePull', doubts.network)

const unasked = doubted(['unreachable'], 'ErrImagePull', doubts.mirrors)

const server = (url: string): string => `server = "${url}"\n`
const host = (url: string, more = 'capabilities = ["pull", "resolve"]'): string => `[host."${url}"]\n${more}\n`

/** What certs.d says: mirrors, and how they are reached. */
// biome-ignore format: a row is a line
export const hosts: readonly Row[] = [
  { name: 'a mirror that has it', on: 'mirror', hosts: ({ open, mirror }) => server(open) + host(mirror), expect: runs },
  { name: 'a mirror that lacks it', on: 'open', hosts: ({ open, mirror }) => server(open) + host(mirror), expect: runs },
  { name: 'a mirror that is down', on: 'open', hosts: ({ open, nobody }) => server(open) + host(nobody), expect: runs },
  { name: 'a mirror that is down, and it is nowhere', push: 'none', hosts: ({ open, nobody }) => server(open) + host(nobody), expect: unreachable },
  { name: 'a mirror that lacks it, and it is nowhere', push: 'none', hosts: ({ open, mirror }) => server(open) + host(mirror), expect: notFound },
  { name: 'a mirror that has it, and an upstream that is down', on: 'mirror', hosts: ({ nobody, mirror }) => server(nobody) + host(mirror), expect: runs },
  { name: 'a mirror that lacks it, and an upstream that is down', push: 'none', hosts: ({ nobody, mirror }) => server(nobody) + host(mirror), expect: unreachable },
  { name: 'a mirror that has it, and no word on the upstream', on: 'mirror', hosts: ({ mirror }) => host(mirror), expect: runs },
  { name: 'a mirror that lacks it, and no word on the upstream', push: 'none', hosts: ({ mirror }) => host(mirror), expect: unreachable },
  { name: 'two mirrors, and the second has it', on: 'mirror', hosts: ({ open, mirror, nobody }) => server(nobody) + host(open) + host(mirror), expect: runs },
  { name: 'two mirrors, and neither has it', push: 'none', hosts: ({ open, mirror }) => server(open) + host(mirror) + host(open), expect: notFound },
  { name: 'a mirror that wants a password, and the upstream has it', on: 'open', hosts: ({ open, closed }) => server(open) + host(closed), expect: runs },
  { name: 'a mirror that gets the pod’s credentials', on: 'closed', secrets: [auths({ $host: right })], hosts: ({ open, closed }) => server(open) + host(closed), expect: runs },
  { name: 'a mirror that gets the wrong credentials of the pod', on: 'closed', secrets: [auths({ $host: wrong })], hosts: ({ open, closed }) => server(open) + host(closed), expect: notFound },
  { name: 'the mirror’s own key in the secret does not count', on: 'closed', secrets: [auths({ 'closed.test': right })], hosts: ({ open, closed }) => server(open) + host(closed), expect: unasked },
  { name: 'a mirror and an upstream that both want a password', on: 'closed', hosts: ({ closed }) => server(closed) + host(closed), expect: unasked },
  { name: 'a mirror that forbids everything', on: 'open', hosts: ({ open, stern }) => server(open) + host(stern), expect: runs },
  { name: 'an upstream that forbids everything, and a mirror that has it', on: 'mirror', hosts: ({ stern, mirror }) => server(stern) + host(mirror), expect: runs },
  { name: 'a mirror that speaks TLS, with its authority', on: 'tls', hosts: ({ open, tls }) => server(open) + host(tls, 'ca = "ca.pem"'), expect: runs },
  { name: 'a mirror that speaks TLS, with another authority', on: 'open', hosts: ({ open, tls }) => server(open) + host(tls, 'ca = "other.pem"'), expect: runs },
  { name: 'an upstream that speaks TLS, with its authority', on: 'tls', hosts: ({ tls }) => `${server(tls)}ca = "ca.pem"\n`, expect: runs },
  { name: 'an upstream that speaks TLS, with another authority', on: 'tls', hosts: ({ tls }) => `${server(tls)}ca = "other.pem"\n`, expect: unreachable },
  { name: 'an upstream that speaks TLS, without a word on it', on: 'tls', hosts: ({ tls }) => server(tls), expect: unreachable },
  { name: 'an upstream that speaks TLS, unverified', on: 'tls', hosts: ({ tls }) => `${server(tls)}skip_verify = true\n`, expect: runs },
  { name: 'two authorities', on: 'tls', hosts: ({ tls }) => `${server(tls)}ca = ["other.pem", "ca.pem"]\n`, expect: runs },
  { name: 'an authority by its path', on: 'tls', hosts: ({ tls, folder }) => `${server(tls)}ca = "${folder}/ca.pem"\n`, expect: runs },
  { name: 'an authority whose file is missing', on: 'tls', hosts: ({ tls }) => `${server(tls)}ca = "gone.pem"\n`, expect: unreachable },
  { name: 'an authority whose file is no certificate', on: 'tls', hosts: ({ tls }) => `${server(tls)}ca = "hosts.toml"\n`, expect: unreachable },
  { name: 'a mirror whose authority’s file is missing', on: 'open', hosts: ({ open, tls }) => server(open) + host(tls, 'ca = "gone.pem"'), expect: unreachable },
  { name: 'plain HTTP where TLS is meant', on: 'open', hosts: ({ open }) => server(open.replace('http:', 'https:')), expect: unreachable },
  { name: 'an address without a scheme', on: 'open', hosts: ({ open }) => server(open.replace('http://', '')), expect: unreachable },
  { name: 'a path', on: 'open', repository: 'deep/%id/app', image: '%host/%id/app:1', hosts: ({ open }) => `${server(`${open}/v2/deep`)}override_path = true\n`, expect: runs },
  { name: 'a path of a mirror', on: 'mirror', repository: 'deep/%id/app', image: '%host/%id/app:1', hosts: ({ open, mirror }) => server(open) + host(`${mirror}/v2/deep`, 'override_path = true'), expect: runs },
  { name: 'a path without override_path', on: 'mirror', repository: 'deep/%id/app', image: '%host/%id/app:1', hosts: ({ open, mirror }) => server(open) + host(`${mirror}/v2/deep`), expect: notFound },
  { name: 'a path that ends in /v2', on: 'mirror', hosts: ({ nobody, mirror }) => server(nobody) + host(`${mirror}/v2`), expect: runs },
  { name: 'a mirror that may only pull, and a tag', on: 'mirror', hosts: ({ open, mirror }) => server(open) + host(mirror, 'capabilities = ["pull"]'), expect: notFound },
  { name: 'a mirror that may only pull, and a digest', on: 'mirror', image: '$@%digest', hosts: ({ open, mirror }) => server(open) + host(mirror, 'capabilities = ["pull"]'), expect: runs },
  { name: 'a mirror that may only be pushed to', on: 'mirror', hosts: ({ open, mirror }) => server(open) + host(mirror, 'capabilities = ["push"]'), expect: notFound },
  { name: 'a mirror of which nothing more is said', on: 'mirror', hosts: ({ nobody, mirror }) => server(nobody) + host(mirror, ''), expect: runs },
  { name: 'an upstream that may only be pushed to', on: 'open', hosts: ({ open }) => `${server(open)}capabilities = ["push"]\n`, expect: unreachable },
  { name: 'a capability that nobody knows: the file is passed over', on: 'open', hosts: ({ open }) => `${server(open)}capabilities = ["pull", "fly"]\n`, expect: unreachable },
  { name: 'no TOML: the file is passed over', on: 'open', hosts: ({ open }) => `${server(open)}[host\n`, expect: unreachable },
  { name: 'a key that nobody knows', on: 'open', hosts: ({ open }) => `${server(open)}colour = "red"\n`, expect: runs },
  { name: 'an empty file', on: 'open', hosts: () => '', expect: unreachable },
  { name: 'a header of its own', on: 'stern', hosts: ({ stern }) => `${server(stern)}[header]\nX-Token = "yes"\n`, expect: runs },
  { name: 'a header of its own for a mirror', on: 'stern', hosts: ({ open, stern }) => `${server(open)}[host."${stern}"]\n[host."${stern}".header]\nX-Token = ["yes"]\n`, expect: runs },
  { name: 'a folder named with underscores', on: 'open', at: '%id.test:5000', hostFolder: '%id.test_5000_', hosts: ({ open }) => server(open), expect: runs },
  { name: 'a folder without the port', on: 'open', at: '%id.test:5000', hostFolder: '%id.test', hosts: ({ open }) => server(open), expect: unreachable },
  { name: 'a time to connect', on: 'open', hosts: ({ open, nobody }) => server(open) + host(nobody, 'dial_timeout = "1s"'), expect: runs },
]
