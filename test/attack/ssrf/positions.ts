import type { Credential } from '../../../src/registry/auth/credential.ts'
import { answersFor, type Destination, strangersAddress } from './destinations.ts'
import { type Host, proxyPort, type World } from './world.ts'

/** What is asked of a registry. */
export type Question = 'resolve' | 'config' | 'tags'

/** A scene that leads somebody who asks for the image to a destination, if they let themselves be led. */
export interface Bait {
  readonly image: string
  readonly credential: Credential | undefined
  /** The operator's hosts.toml for the image's registry. */
  readonly hostsToml: string | undefined
  /** Where there is a proxy. */
  readonly proxy: string | undefined
  readonly questions: readonly Question[]
}

/** A place where a host can be written that is then talked to. */
export interface Position {
  readonly name: string
  /** Sets the scene; undefined where such a destination cannot be written there. */
  readonly lay: (destination: Destination, world: World) => Bait | undefined
  /** False: the address is not used at all, so even a guard that allows everything sees nobody go there. */
  readonly isFollowed: boolean
}

/** The stranger's registry. */
export const strangersRegistry = 'registry.stranger.example'
const strangersTokens = 'tokens.stranger.example'
const strangersOther = 'name.stranger.example'
const proxyName = 'proxy.operator.example'

/** The names of servers that certificates are needed for. */
export const strangersNames: readonly string[] = [strangersRegistry, strangersTokens, strangersOther]

/** Where the operator's proxy stands. */
export const proxyAddress = '10.30.0.3'

const nobody: Bait = {
  image: `${strangersRegistry}/shop/web:1`,
  credential: undefined,
  hostsToml: undefined,
  proxy: undefined,
  questions: ['resolve'],
}

// Headers are bytes: a name beyond ASCII travels as UTF-8.
const headerText = (text: string): string => Buffer.from(text).toString('latin1')

const sending =
  (status: number, headers: Readonly<Record<string, string>>, body = ''): Host =>
  (_, response) => {
    const sent = Object.entries(headers).map(([name, value]) => [name, headerText(value)] as const)
    response.writeHead(status, Object.fromEntries(sent)).end(body)
  }

const challengeOf = (realm: string): Readonly<Record<string, string>> => ({
  'www-authenticate': `Bearer realm="${realm}",service="registry",scope="repository:shop/web:pull"`,
})

/** Lets the names stand for what they stand for. */
const nameEverything = ({ host, answers }: Destination, { names }: World): void => {
  for (const name of strangersNames) names.set(name, [[strangersAddress]])
  if (answers !== undefined) names.set(host.toLowerCase(), [answers])
}

const position = (
  name: string,
  lay: (destination: Destination, world: World) => Partial<Bait> | undefined,
): Position => ({
  name,
  isFollowed: true,
  lay: (destination, world) => {
    nameEverything(destination, world)
    const bait = lay(destination, world)
    return bait && { ...nobody, ...bait }
  },
})

const unfollowed = (made: Position): Position => ({ ...made, isFollowed: false })

const image = ({ host }: Destination): string => `${host}:5000/shop/web:1`

/** The host of a key such as `https://host:5000/v1/`, as the kubelet reads it: without scheme and path. */
const hostOfKey = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '')

/** The places. */
export const positions: readonly Position[] = [
  position('image host', destination => ({ image: image(destination) })),
  position('mirror in hosts.toml', ({ host }, { hosts }) => {
    hosts.set(strangersRegistry, sending(404, {}))
    return { hostsToml: `[host.${JSON.stringify(`https://${host}`)}]\n` }
  }),
  position('realm', ({ host }, { hosts }) => {
    hosts.set(strangersRegistry, sending(401, challengeOf(`https://${host}/token`)))
    return {}
  }),
  unfollowed(
    position('redirect by the token server', ({ host }, { hosts }) => {
      hosts.set(strangersRegistry, sending(401, challengeOf(`https://${strangersTokens}/token`)))
      hosts.set(strangersTokens, sending(307, { location: `https://${host}/token` }))
      return { credential: { username: 'somebody', password: 'secret' } }
    }),
  ),
  position('redirect of a manifest', ({ host }, { hosts }) => {
    hosts.set(strangersRegistry, sending(307, { location: `https://${host}/manifest` }))
    return {}
  }),
  position('redirect of a blob', ({ host }, { hosts }) => {
    hosts.set(strangersRegistry, sending(302, { location: `https://${host}/blob?signature=1` }))
    return { questions: ['config'] }
  }),
  unfollowed(
    position('link to the next tags', ({ host }, { hosts }) => {
      const link = `<https://${host}/v2/shop/web/tags/list?n=1000&last=1>; rel="next"`
      hosts.set(strangersRegistry, sending(200, { link, 'content-type': 'application/json' }, '{"tags":["1"]}'))
      return { questions: ['tags'] }
    }),
  ),
  position('answer of the resolver', (destination, { names }) => {
    const answers = answersFor(destination)
    if (answers === undefined) return undefined
    names.set(strangersOther, [answers])
    return { image: `${strangersOther}/shop/web:1` }
  }),
  position('second answer of the resolver', (destination, { names, hosts }) => {
    const answers = answersFor(destination)
    if (answers === undefined) return undefined
    names.set(strangersOther, [[strangersAddress], answers])
    hosts.set(strangersOther, sending(404, { connection: 'close' }))
    return { image: `${strangersOther}/shop/web:1`, questions: ['resolve', 'tags'] }
  }),
  position('target of a tunnel', ({ host, answers }, { hosts, names }) => {
    // What a name stands for is the proxy's to find out, and to refuse.
    if (answers !== undefined) return undefined
    names.set(proxyName, [[proxyAddress]])
    hosts.set(strangersRegistry, sending(401, challengeOf(`https://${host}/token`)))
    return { proxy: `http://${proxyName}:${proxyPort}` }
  }),
  position('key of a dockerconfigjson', destination => ({
    image: `${hostOfKey(`https://${destination.host}:5000/v1/`)}/shop/web:1`,
    credential: { username: 'somebody', password: 'secret' },
  })),
]
