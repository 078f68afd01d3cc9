import { describe, expect, test } from 'vitest'
import { hostsOf } from '../../../src/registry/hosts/hosts.ts'

describe('a registry of which no file says anything is called', () => {
  test.each<[string, readonly string[], boolean, string]>([
    ['docker.io', ['https://registry-1.docker.io/v2'], true, 'where Docker Hub really is'],
    ['ghcr.io', ['https://ghcr.io/v2'], true, 'by HTTPS'],
    ['registry.example:5000', ['https://registry.example:5000/v2'], true, 'by HTTPS on any port'],
    ['10.0.0.7:80', ['https://10.0.0.7:80/v2'], true, 'by HTTPS even on port 80'],
    ['localhost', ['https://localhost/v2'], false, 'by HTTPS alone on a loopback host without a port'],
    ['localhost:443', ['https://localhost:443/v2'], false, 'by HTTPS alone on port 443'],
    ['localhost:80', ['http://localhost:80/v2'], true, 'by HTTP alone on port 80 of a loopback host'],
    ['localhost:5000', ['https://localhost:5000/v2', 'http://localhost:5000/v2'], false, 'by either on another port'],
    [
      '127.3.4.5:5000',
      ['https://127.3.4.5:5000/v2', 'http://127.3.4.5:5000/v2'],
      false,
      'by either on any loopback address',
    ],
    ['[::1]:5000', ['https://[::1]:5000/v2', 'http://[::1]:5000/v2'], false, 'by either on that of IPv6'],
    ['localhost.example:5000', ['https://localhost.example:5000/v2'], true, 'by HTTPS where a name only begins so'],
    ['127.0.0.1.example', ['https://127.0.0.1.example/v2'], true, 'by HTTPS where a name only begins as an address'],
    ['MyUser', ['https://MyUser/v2'], true, 'by whatever name the reference gives it'],
  ])('%s: %j %s (%s)', (registry, bases, verify) => {
    const [host, ...others] = hostsOf(registry, undefined)
    expect(others).toEqual([])
    expect({ bases: host?.bases, verify: host?.tls.verify }).toEqual({ bases, verify })
  })
})
