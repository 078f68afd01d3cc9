import { contentOf } from '../../src/demo/content.ts'
import { answerTo } from '../../src/demo/distribution.ts'
import type { Shelf } from '../../src/demo/shelf.ts'
import { fail, ok, type Result } from '../../src/lib/result.ts'
import { createAskPlaces } from '../../src/registry/ask-places.ts'
import { createAuthorizer } from '../../src/registry/auth/authorize.ts'
import { basicAuthorization, type Credential } from '../../src/registry/auth/credential.ts'
import { createDialogue, type Dialogue } from '../../src/registry/dialogue.ts'
import type { ProbeFailure } from '../../src/registry/failure.ts'
import { createInquire } from '../../src/registry/inquiry.ts'
import { createGate } from '../../src/registry/origin/gate.ts'
import { followingRedirects } from '../../src/registry/redirect.ts'
import type { Reply, Request, Send } from '../../src/registry/send.ts'
import { registryOptions } from '../support/registry-options.ts'

/** Numbers from 0 up to, but not including, 1: always the same ones for a seed (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of the list. */
export const oneOf = <T>(random: () => number, list: readonly [T, ...T[]]): T =>
  list[Math.floor(random() * list.length)] ?? list[0]

/** Work that is done only when it is let go, in whatever order. */
export interface Agenda {
  readonly later: <T>(work: () => T) => Promise<T>
  readonly size: () => number
  /** Does one piece of work, by a number from 0 to 1. */
  readonly letGo: (which: number) => void
}

/** Makes an agenda with nothing on it. */
export const createAgenda = (): Agenda => {
  const pending: (() => void)[] = []
  return {
    later: work => new Promise(resolve => pending.push(() => resolve(work()))),
    size: () => pending.length,
    letGo: which => pending.splice(Math.floor(which * pending.length), 1)[0]?.(),
  }
}

/** A reply of a registry or a server of tokens. */
export const replyOf = (
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | string,
): Reply => {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const lines = (name: string): readonly string[] => [byName.get(name) ?? []].flat()
  return { status, header: name => byName.get(name), lines, body: Buffer.from(body) }
}

/** How a registry finds out who asks. */
export type Door = 'basic' | 'bearer'

/** A registry, and its server of tokens. */
export interface World {
  readonly shelf: Shelf
  readonly door: Door
  /** Who has a password. */
  readonly accounts: () => readonly Credential[]
  /** Whether somebody with an account may ask that. */
  readonly mayAsk: (username: string, request: Request) => boolean
  readonly tokens: Map<string, string>
}

const realm = 'https://tokens.test/token'

const nameIn = (world: World, authorization: unknown): string | undefined =>
  world.accounts().find(account => basicAuthorization(account) === authorization)?.username

const tokenReply = (world: World, { method, headers, body }: Request): Reply => {
  const form = new URLSearchParams(body)
  const known = world.accounts().find(({ username }) => username === form.get('username'))
  const byForm = known?.password === form.get('password') ? known?.username : undefined
  const isNobody = method === 'GET' && headers['authorization'] === undefined
  const name = method === 'POST' ? byForm : isNobody ? '' : nameIn(world, headers['authorization'])
  if (name === undefined) return replyOf(401, {}, '{}')
  const token = `token-${world.tokens.size}-of-${name}`
  world.tokens.set(token, name)
  return replyOf(200, {}, JSON.stringify({ token, access_token: token, expires_in: 300 }))
}

const challenges = {
  basic: 'Basic realm="registry"',
  bearer: `Bearer realm="${realm}",service="registry.test",scope="repository:shop/web:pull"`,
} as const satisfies Record<Door, string>

const registryReply = (world: World, request: Request): Reply => {
  const { method, url, headers } = request
  const { door } = world
  const { authorization = '' } = headers
  const token = /^Bearer (.+)$/.exec(String(authorization))?.[1] ?? ''
  const name = door === 'basic' ? nameIn(world, authorization) : world.tokens.get(token)
  if (name === undefined || !world.mayAsk(name, request)) {
    const lacks = name === undefined ? '' : ',error="insufficient_scope"'
    return replyOf(401, { 'www-authenticate': `${challenges[door]}${door === 'bearer' ? lacks : ''}` }, '')
  }
  const { pathname, search } = new URL(url)
  const { status, headers: more, body } = answerTo(world.shelf, method, `${pathname}${search}`)
  return replyOf(status, more, method === 'HEAD' ? '' : body)
}

/** What registry and server of tokens answer. */
export const replyIn = (world: World, request: Request): Reply =>
  request.url.startsWith(realm) ? tokenReply(world, request) : registryReply(world, request)

/** A sender whose answers come when the agenda says so, or never: whoever stops waiting is told that the time is over. */
export const sendOver =
  ({ later }: Agenda, answer: (request: Request) => Result<Reply, ProbeFailure>): Send =>
  (request, signal) =>
    new Promise(resolve => {
      const { host, step } = request
      const leave = (): void => resolve(fail({ host, step, kind: 'timed-out' }))
      if (signal.aborted) return leave()
      signal.addEventListener('abort', leave, { once: true })
      void later(() => answer(request)).then(reply => {
        signal.removeEventListener('abort', leave)
        if (signal.aborted) return
        return resolve(reply.ok && request.take !== undefined ? taken(reply.value, request.take) : reply)
      })
    })

const taken = async (reply: Reply, take: NonNullable<Request['take']>): Promise<Result<Reply, ProbeFailure>> => {
  if (reply.status < 300) await take(reply.body)
  return ok({ ...reply, body: contentOf('', Buffer.alloc(0)).bytes })
}

/** The registry floor as it is, but for its sockets. */
export const dialogueOver = (send: Send, nowMs: () => number): Dialogue => {
  const options = registryOptions({ nowMs })
  const gated = followingRedirects(createGate(options).guarding(send))
  const authorize = createAuthorizer({ ...options, send: gated })
  const inquire = createInquire({ ...options, authorize })
  return createDialogue({ inquire, askPlaces: createAskPlaces(options.findPlaces) })
}
