import { afterAll, test } from 'vitest'
import { createRouting, type ProxySettings, type Route } from '../../src/registry/dial/proxy.ts'
import { proxyQuestion } from '../support/arbitraries/proxy.ts'
import { compare } from './compare.ts'
import { startOracle } from './oracle.ts'

const oracle = startOracle()
afterAll(oracle.close)

const authorizationOf = (username: string, password: string): string => {
  const [name, secret] = [Buffer.from(username, 'base64'), Buffer.from(password, 'base64')]
  return `Basic ${Buffer.concat([name, Buffer.from(':'), secret]).toString('base64')}`
}

/** Where Go's transport would dial; what it takes for a host although none can be called so, it fails at. */
const theirs = async (settings: ProxySettings, url: string): Promise<Route> => {
  const answer = await oracle.route(settings, url)
  if ('error' in answer) throw new Error(answer.error)
  if (answer.direct) return { kind: 'direct' }
  const { scheme, hostname, port, hasUser, username, password } = answer
  // Go can ask SOCKS proxies; ours cannot, and says so.
  if (scheme !== 'http' && scheme !== 'https' && hostname !== '') return { kind: 'unusable', why: 'scheme' }
  const dialled = URL.parse(`http://${hostname.includes(':') ? `[${hostname}]` : hostname}`)
  if (hostname === '' || dialled === null || Number(port) > 65_535) return { kind: 'unusable', why: 'address' }
  const proxy = {
    tls: scheme === 'https',
    hostname: dialled.hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (scheme === 'https' ? 443 : 80)),
    authorization: hasUser ? authorizationOf(username, password) : undefined,
  }
  return { kind: 'proxy', proxy }
}

test('URLs go to the proxies, or past them, to which the transport of Go sends them', async () => {
  await compare({
    name: 'proxy settings',
    inputs: proxyQuestion,
    count: 100_000,
    ours: ([settings, url]) => createRouting(settings)(new URL(url)),
    theirs: ([settings, url]) => theirs(settings, url),
    sideOf: ({ kind }) => (kind === 'direct' ? 'go past it' : 'take a proxy'),
  })
})
