import type { IncomingMessage } from 'node:http'
import { multiArchImage, singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept } from '../../src/demo/registry.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import type { FindPlaces } from '../../src/registry/hosts/place.ts'
import { createDraw } from '../attack/canaries/draw.ts'
import { markerLength, markerStart, markersIn } from '../attack/canaries/marker.ts'
import { certsD } from '../support/certs-d.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { basicGate, bearerGate, startTokenServer, type TokenServer } from '../support/token-server.ts'

/** Registries that ask for secrets, keep them, and say them back wherever they can. */
export interface CanaryWorld {
  readonly findPlaces: FindPlaces
  /** What the pull secrets hold, by their names: docker configs. */
  readonly secrets: ReadonlyMap<string, string>
  /** What the nodes hold, by host. */
  readonly held: ReadonlyMap<string, Credential>
  /** Pods, by the images in them and the secrets that they name. */
  readonly pods: readonly (readonly [images: readonly string[], secrets: readonly string[]])[]
  /** One of the passwords, for a leak that is put in. */
  readonly password: string
  readonly account: Credential
  /** The canaries that no server has been shown yet, by what they are. */
  readonly unseen: () => readonly string[]
}

const dockerConfig = (auths: Readonly<Record<string, Credential>>): string => {
  const entries = Object.entries(auths).map(([host, { username, password }]) => {
    const auth = Buffer.from(`${username}:${password}`).toString('base64')
    return [host, { auth }] as const
  })
  return JSON.stringify({ auths: Object.fromEntries(entries) })
}

const told = ({ url, headers }: IncomingMessage): string => `${url} ${JSON.stringify(headers)}`

/** Starts them, all on this machine. */
export const startCanaryWorld = async (seed: number): Promise<CanaryWorld> => {
  const draw = createDraw(seed)
  const minted = new Map<string, string>()
  const seen = new Set<string>()
  const mint = (what: string): string => {
    const marker = `${markerStart}${draw.word(markerLength)}`
    minted.set(what, marker)
    return marker
  }
  const see = (text: string): void => {
    for (const { marker } of markersIn(text)) seen.add(marker)
  }
  const seeing =
    (intercept: Intercept = () => false): Intercept =>
    (request, response) => {
      see(told(request))
      return intercept(request, response)
    }
  const start = async (intercept?: Intercept): Promise<EmbeddedRegistry> => {
    const registry = await registryFor({ intercept: seeing(intercept) })
    registry.put('shop/web', '1', multiArchImage(['linux/amd64', 'linux/arm64']))
    return registry
  }

  // Its user's name is part of the tokens that it gives.
  const ada: Credential = { username: mint('token'), password: mint('password +/&=') }
  const identity: Credential = { username: '', password: mint('identity token') }
  const bob: Credential = { username: 'bob', password: mint('basic password') }
  const eve: Credential = { username: 'eve', password: mint('wrong password') }
  const realmKey = mint('key in a realm')
  const signature = mint('signature')
  const header = mint('static header')
  const cookie = mint('cookie')

  const tokens = closedAfterTest(await startTokenServer({ accounts: [ada, identity] }))
  // It keeps what it was told, and is asked for it at the end.
  const seeTokens = (server: TokenServer): void => see(JSON.stringify(server.requests))
  const withKey: TokenServer = { ...tokens, realm: `${tokens.realm}?key=${realmKey}` }
  const brokenTokens = closedAfterTest(
    await startTokenServer({ answer: response => void response.writeHead(500).end(`{"token":"${ada.password}"}`) }),
  )

  const storage = await start()
  const bearer = await start(bearerGate({ tokens: withKey }))
  const identified = await start(bearerGate({ tokens: withKey }))
  const redirecting = await start((request, response) => {
    if (request.method === 'HEAD') return false
    const location = `http://${storage.host}${request.url}?X-Amz-Signature=${signature}&X-Amz-Credential=${signature}%2F`
    return Boolean(response.writeHead(307, { location, 'set-cookie': `session=${cookie}` }).end())
  })
  const basic = await start(basicGate([bob]))
  const tokenless = await start(bearerGate({ tokens: brokenTokens }))
  const echoing = (status: number, more: Readonly<Record<string, string>> = {}) =>
    start((request, response) => {
      const said = `${request.headers.authorization} ${ada.password} ${cookie}`
      const challenge = `Basic realm="${cookie}"`
      const headers = { 'www-authenticate': challenge, 'set-cookie': cookie, 'x-said': said, ...more }
      const code = request.headers.authorization === undefined ? 401 : status
      return Boolean(response.writeHead(code, headers).end(JSON.stringify({ errors: [{ code: said, message: said }] })))
    })
  const failing = await echoing(500)
  const limited = await echoing(429, { 'retry-after': '30', 'ratelimit-limit': '100', 'ratelimit-remaining': '0' })
  const astray = await echoing(307, { location: `http://user:${signature}@${storage.host}/?key=${signature}` })
  const absent = await start((_, response) =>
    Boolean(response.writeHead(404).end(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: cookie }] }))),
  )
  const gone = await registryFor()
  await gone.close()
  storage.put('shop/api', '1', singleImage('linux/amd64'))

  const accounts = {
    [bearer.host]: ada,
    [basic.host]: bob,
    [tokenless.host]: ada,
    [failing.host]: bob,
    [limited.host]: bob,
    [astray.host]: bob,
  }
  const image = ({ host }: EmbeddedRegistry): string => `${host}/shop/web:1`
  const { findPlaces } = await certsD(`[header]\n  x-static = "${header}"\n`)
  return {
    findPlaces,
    secrets: new Map([
      ['right', dockerConfig(accounts)],
      ['wrong', dockerConfig({ [basic.host]: eve, [bearer.host]: eve })],
      ['malformed', `{"auths": {"${bearer.host}": {"auth": "${ada.password}`],
    ]),
    held: new Map([[identified.host, identity]]),
    pods: [
      [[bearer, basic, redirecting, storage].map(image), ['right']],
      [[bearer, basic, redirecting, storage].map(image), ['right']],
      [[bearer, basic].map(image), ['wrong']],
      [[identified].map(image), []],
      [[bearer].map(image), ['malformed']],
      [[bearer, basic].map(image), []],
      [[absent, tokenless].map(image), ['right', 'missing']],
      ...Array.from({ length: 6 }, () => [[failing, limited, astray, gone].map(image), ['right']] as const),
    ],
    password: ada.password,
    account: bob,
    unseen: () => {
      seeTokens(tokens)
      seeTokens(brokenTokens)
      return [...minted].filter(([what, marker]) => what !== 'cookie' && !seen.has(marker)).map(([what]) => what)
    },
  }
}
