import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { PullSecret } from '../../src/credentials/pull-secret.ts'
import { multiArchImage, singleImage } from '../../src/demo/images.ts'
import { basicAuthorization, type Credential } from '../../src/registry/auth/credential.ts'
import { configSecret, inTime, said, secretFor, secretOf, stageFor, workloadWith } from '../check/stage.ts'
import { account, htpasswd, stranger } from './accounts.ts'
import { countingForwarder } from './counting-forwarder.ts'
import { type JwtServer, startJwtServer } from './jwt-server.ts'
import { distributions, type RealRegistry } from './kinds.ts'
import { push } from './push.ts'

const image = multiArchImage(['linux/amd64', 'linux/arm64'])
const mislabelled = singleImage('linux/arm64', { program: 'linux/amd64' })

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const withAuth = (host: string, auth: string): PullSecret =>
  configSecret(JSON.stringify({ auths: { [host]: { auth } } }))

/** The secrets of the namespace, most of them for this registry. */
const secretsFor = (host: string): Readonly<Record<string, PullSecret | 'unreadable'>> => ({
  right: secretFor(account, host),
  url: secretFor(account, `https://${host}/v1/`),
  auth: withAuth(host, base64(`${account.username}:${account.password}`)),
  old: secretOf('kubernetes.io/dockercfg', '.dockercfg', JSON.stringify({ [host]: account })),
  wrong: secretFor(stranger, host),
  // What `echo user:password | base64` makes: the end of the line is part of the password.
  newline: withAuth(host, base64(`${account.username}:${account.password}\n`)),
  deep: secretFor(account, `${host}/shop`),
  beside: secretFor(account, `${host}/other`),
  portless: secretFor(account, '127.0.0.1'),
  elsewhere: secretFor(account, 'other.example'),
  empty: configSecret(JSON.stringify({ auths: { [host]: {} } })),
  opaque: secretOf('Opaque', '.dockerconfigjson', JSON.stringify({ auths: { [host]: account } })),
  text: configSecret(`${account.username}:${account.password}`),
  base64: withAuth(host, '%%%'),
  colon: withAuth(host, base64(account.password)),
  list: configSecret('{"auths":[]}'),
  shut: 'unreadable',
})

type Row = readonly [secrets: readonly string[], codes: string]

/** How a node fares with them at a registry where nobody may pull without a password. */
const rows: readonly Row[] = [
  [['right'], ''],
  [['url'], ''],
  [['auth'], ''],
  [['old'], ''],
  [['deep'], ''],
  [[], 'denied'],
  [[''], 'denied'],
  [['wrong'], 'denied'],
  [['newline'], 'denied'],
  [['elsewhere'], 'denied'],
  [['beside'], 'denied'],
  [['portless'], 'denied'],
  [['empty'], 'denied'],
  [['right', 'elsewhere'], ''],
  [['elsewhere', 'right'], ''],
  [['wrong', 'right'], ''],
  [['right', 'wrong'], ''],
  [['wrong', 'newline', 'right'], ''],
  [['wrong', 'deep'], ''],
  [['empty', 'right'], ''],
  [['gone'], 'denied missing-pull-secret'],
  [['opaque'], 'denied missing-pull-secret'],
  [['gone', 'right'], 'missing-pull-secret'],
  [['gone', 'opaque', 'wrong', 'right'], 'missing-pull-secret missing-pull-secret'],
  [['gone', 'wrong'], 'denied missing-pull-secret'],
  [['shut', 'wrong'], 'unknown-credentials'],
  [['shut', 'right'], ''],
  [['text', 'right'], 'bad-pull-secret'],
  [['right', 'base64'], 'bad-pull-secret'],
  [['colon'], 'bad-pull-secret'],
  [['gone', 'list', 'right'], 'bad-pull-secret missing-pull-secret'],
]

/** What differs at an image that anybody may pull, if he shows no wrong password. */
const openRows: readonly Row[] = [
  [[], ''],
  [['elsewhere'], ''],
  [['empty'], ''],
  [['right'], ''],
  [['gone'], 'missing-pull-secret'],
  [['shut'], ''],
  [['wrong'], 'denied'],
  [['wrong', 'elsewhere'], 'denied'],
  [['wrong', 'right'], ''],
  [['text'], 'bad-pull-secret'],
]

/** A core with the secrets for a registry, and what it is shown on the way. */
const stageAt = async (registry: RealRegistry) => {
  const { host, requests } = await countingForwarder(registry.host)
  const stage = stageFor()
  for (const [name, secret] of Object.entries(secretsFor(host))) stage.secrets.set(`shop/${name}`, secret)
  const ask = async (name: string, secrets: readonly string[]) =>
    said(await stage.check(workloadWith([`${host}/${name}`], secrets), inTime())).join()
  const shown = (credential: Credential) => {
    const proof = basicAuthorization(credential)
    return requests.filter(({ authorization }) => authorization === proof).length
  }
  return { ...stage, host, ask, shown, requests }
}

let pulls = 0
afterAll(() => console.log(`pull secrets: ${pulls} pulls foretold`))

const fares = (registry: () => RealRegistry, name: string) => async (secrets: readonly string[], codes: string) => {
  const { ask, asked, shown } = await stageAt(registry())
  expect(await ask(name, secrets)).toBe(codes)
  pulls += 1
  if (codes.startsWith('bad-pull-secret')) expect(asked).toEqual([])
  expect(shown(stranger)).toBeLessThanOrEqual(1)
}

describe.each(distributions)('$name with passwords', ({ name, start }) => {
  let registry: RealRegistry | undefined
  const standing = (): RealRegistry => {
    if (registry === undefined) throw new Error(`${name} does not stand`)
    return registry
  }
  beforeAll(async () => {
    registry = await start({ htpasswd })
    const to = { url: registry.url, repository: 'shop/web', authorization: basicAuthorization(account) }
    await push({ ...to, tag: '1.4.0' }, image)
    await push({ ...to, tag: 'odd' }, mislabelled)
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`${name} wrote:\n${registry?.log().slice(-4000)}`)
  })
  afterAll(() => registry?.close())

  test.each(rows)('lets a node with %j pull, or not: %j', fares(standing, 'shop/web:1.4.0'))

  test.each([
    ['1.40', 'not-found'],
    ['odd', 'mislabelled'],
  ])('is shown a wrong password once, though more is asked: %s', async (tag, codes) => {
    const { ask, shown } = await stageAt(standing())
    expect(await ask(`shop/web:${tag}`, ['wrong', 'right'])).toBe(codes)
    expect(shown(stranger)).toBe(1)
  })

  test('has what was pushed a moment ago', async () => {
    const { ask } = await stageAt(standing())
    const { url } = standing()
    expect(await ask('shop/new:1', ['right'])).toBe('not-found')
    await push({ url, repository: 'shop/new', tag: '1', authorization: basicAuthorization(account) }, image)
    expect(await ask('shop/new:1', ['right'])).toBe('')
  })
})

describe.each(distributions)('$name with tokens', ({ name, start }) => {
  let registry: RealRegistry | undefined
  let tokens: JwtServer | undefined
  const standing = (): RealRegistry => {
    if (registry === undefined) throw new Error(`${name} does not stand`)
    return registry
  }
  beforeAll(async () => {
    tokens = await startJwtServer({ account, open: ['shop/open'], servesPost: true })
    registry = await start({ tokens })
    for (const repository of ['shop/open', 'shop/closed']) {
      const authorization = `Bearer ${tokens.pushToken(repository)}`
      await push({ url: registry.url, repository, tag: '1.4.0', authorization }, image)
    }
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`${name} wrote:\n${registry?.log().slice(-4000)}`)
  })
  afterAll(async () => {
    await registry?.close()
    await tokens?.close()
  })

  test.each(rows)('lets a node with %j pull, or not: %j', fares(standing, 'shop/closed:1.4.0'))
  test.each(openRows)('lets a node with %j pull what is open to all, or not: %j', fares(standing, 'shop/open:1.4.0'))

  test('sees no password, and its server of tokens each wrong one once by form and once by header', async () => {
    const { ask, requests } = await stageAt(standing())
    const before = tokens?.requests.length ?? 0
    expect(await ask('shop/closed:1.40', ['wrong', 'right'])).toBe('not-found')
    const lines = ['POST pullgate', 'GET pullgate', 'POST pullgate']
    expect(tokens?.requests.slice(before)).toEqual(lines)
    expect(requests.filter(({ authorization }) => authorization?.startsWith('Basic'))).toEqual([])
  })
})
