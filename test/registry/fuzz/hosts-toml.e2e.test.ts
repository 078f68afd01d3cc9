import { describe, expect, test } from 'vitest'
import { type Host, hostsOf } from '../../../src/registry/hosts/hosts.ts'
import type { HostEntry, TlsFiles, TlsPem } from '../../../src/registry/hosts/hosts-file.ts'
import { type HostsProblem, parseHostsToml } from '../../../src/registry/hosts/hosts-toml.ts'
import { hostsTomlText } from '../../support/arbitraries/hosts-toml.ts'
import { fuzz, must, mustReadSoon, mustTakeAtMost } from './fuzz.ts'

const control = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/

const mustBeWithin = ({ line, column, what }: HostsProblem, text: string): void => {
  const lines = text.split('\n')
  const there = lines[line - 1]
  must(Number.isInteger(line) && there !== undefined, { line, of: lines.length })
  must(Number.isInteger(column) && column >= 1 && column <= (there ?? '').length + 1, { column, line: there })
  must(what !== '' && what.length < 300 && !control.test(what), what)
}

const mustBePlaced = (text: string): void => {
  const file = parseHostsToml(text)
  if (!file.ok) mustBeWithin(file.error, text)
}

const known: ReadonlySet<string> = new Set(['pull', 'resolve', 'push', 'referrers'])

const mustBeClosed = ({ url, capabilities, tls, headers, dialTimeoutMs }: HostEntry<TlsFiles>): void => {
  must(url === undefined || [url.scheme, url.host, url.path].every(part => typeof part === 'string'), url)
  must(capabilities.size > 0 && [...capabilities].every(one => known.has(one)), [...capabilities])
  must(
    tls.of === 'files' && [...tls.ca, ...tls.client.map(({ cert }) => cert)].every(file => typeof file === 'string'),
    tls,
  )
  must(
    headers.every(([name, value]) => typeof name === 'string' && typeof value === 'string'),
    headers,
  )
  must(dialTimeoutMs === undefined || Number.isFinite(dialTimeoutMs), dialTimeoutMs)
}

const asRead = (entry: HostEntry<TlsFiles>): HostEntry<TlsPem> => ({ ...entry, tls: { ...entry.tls, of: 'pem' } })

const mustBeUsable = ({ bases, headers, dialTimeoutMs }: Host): void => {
  must(bases.length > 0 && bases.every(base => /^https?:$/.test(new URL(base).protocol)), bases)
  // Throws at what no header may be.
  for (const [name, value] of headers) new Headers().append(name, value)
  must(dialTimeoutMs === undefined || dialTimeoutMs > 0, dialTimeoutMs)
}

describe('whatever stands in a hosts.toml', () => {
  test('gives hosts that a request can be made to, or a complaint with a place that is in the text', () => {
    fuzz(hostsTomlText, text => {
      const file = parseHostsToml(text)
      if (!file.ok) {
        mustBeWithin(file.error, text)
        return 'refused'
      }
      const { hosts, server } = file.value
      for (const entry of [...hosts, server]) mustBeClosed(entry)
      for (const host of hostsOf('registry.example', { hosts: hosts.map(asRead), server: asRead(server) }))
        mustBeUsable(host)
      return 'accepted'
    })
  })

  test('what objects inherit is no field of it', () => {
    const text =
      '__proto__ = {capabilities = ["fly"]}\n[host.__proto__]\nskip_verify = true\n[host."__proto__".header]\n__proto__ = "x"\n'
    const file = parseHostsToml(text)
    expect(file.ok && file.value.hosts.map(({ headers, tls }) => [headers, tls.verify])).toEqual([
      [[['__proto__', 'x']], false],
    ])
    expect(file.ok && file.value.server.capabilities.size).toBe(4)
    expect(({} as { capabilities?: unknown }).capabilities).toBeUndefined()
  })

  test('depth and length cost no more than reading it', () => {
    const pieces = ['[', '"', '"""', '#\n', 'a.', '\\', ' ', '{a=', '=', '[[a]]\n']
    const starts = ['', '[host."m"]\nca = ']
    mustReadSoon(
      mustBePlaced,
      pieces,
      starts.map(start => text => start + text),
    )
  })

  test('many tables, and many fields of which the last is wrong, cost no more than reading them', () => {
    const hosts = Array.from(
      { length: 5000 },
      (_, index) => `[host."https://m${index}.example"]\nskip_verify = true\n`,
    ).join('')
    const fields = Array.from({ length: 20_000 }, (_, index) => `k${index} = 1\n`).join('')
    for (const text of [hosts, `${hosts}ca = 1\n`, `${fields}skip_verify = 1\n`, `[host."m".header]\n${fields}`])
      mustTakeAtMost(4000, () => mustBePlaced(text), text.slice(-30))
  })
})
