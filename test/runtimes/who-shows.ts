import type { IncomingMessage } from 'node:http'

/** Somebody, as a registry sees who asks; `unproven` shows nothing at all. */
export type Who = 'unproven' | 'nobody' | 'reader' | 'wrong'

/** What is in a header or a token: who that is, and for what it is good. */
export interface Shown {
  readonly scheme: 'none' | 'basic' | 'bearer'
  readonly who: Who
  readonly scopes: readonly string[]
  /** For the list of what was seen. */
  readonly text: string
}

/** The secrets of somebody who may read. */
export const secrets = { password: 'RIGHT', identityToken: 'IDENTITY' } as const

const nothing: Shown = { scheme: 'none', who: 'unproven', scopes: [], text: 'nothing' }

/** Who shows this name and password. */
export const whoHas = (name: string, password: string): Who => {
  if (name === '' && password === '') return 'nobody'
  return name === 'reader' && password === secrets.password ? 'reader' : 'wrong'
}

/** A token that tells who got it, and for what. */
export const tokenFor = (who: Who, scopes: readonly string[]): string =>
  Buffer.from(JSON.stringify({ who, scopes })).toString('base64url')

const bearerShown = (token: string): Shown => {
  try {
    const { who, scopes } = JSON.parse(Buffer.from(token, 'base64url').toString())
    return { scheme: 'bearer', who, scopes, text: `a token for ${who}: ${scopes.join(' ')}` }
  } catch {
    return { scheme: 'bearer', who: 'wrong', scopes: [], text: 'a bad token' }
  }
}

/** What a request shows. */
export const shownBy = ({ headers: { authorization } }: IncomingMessage): Shown => {
  if (authorization === undefined) return nothing
  const [, scheme = '', rest = ''] = /^(\S+) ?(.*)$/.exec(authorization) ?? []
  if (scheme === 'Bearer') return bearerShown(rest)
  const [name = '', ...password] = Buffer.from(rest, 'base64').toString().split(':')
  const who = whoHas(name, password.join(':'))
  return { scheme: 'basic', who, scopes: [], text: `${name}:${password.join(':')}` }
}
