/** Where a challenge says that tokens are to be had; the first row is gone to, the second is not. */
export type RealmKind =
  | ('own' | 'own, other port' | 'tokens' | 'another registry' | 'shared')
  | ('downgraded' | 'with a user' | 'with an empty user' | 'with a fragment' | 'missing' | 'unreadable')

/** How a token server behaves: a number is the status for POST, after which GET is served. */
export type TokenKind =
  | 'serves both'
  | 'serves GET'
  | 400
  | 401
  | 405
  | 'refuses'
  | 'is broken'
  | 'redirects a POST'
  | 'redirects anything'
  | 'challenges'
  | 'has no access token'
  | 'answers a page'
  | 'hangs up'

/** Whom a registry lets in. */
export type Door =
  | { readonly kind: 'open' | 'basic' | 'digest' | 'shut' | 'unreadable' }
  | {
      readonly kind: 'bearer' | 'bearer or basic' | 'never' | 'turns to basic'
      readonly realm: RealmKind
      readonly tokens: TokenKind
    }

/** Where a redirect leads. */
export type RedirectKind =
  | ('same origin' | 'other port' | 'storage' | 'storage and back' | 'another registry' | 'tokens')
  | ('downgraded' | 'with a user' | 'in a loop' | 'through many' | 'nowhere')

/** What the other end of a redirect does. */
export type StorageKind = 'serves' | 'wants a password' | 'wants a token' | 'refuses' | 'has nothing' | 'is broken'

/** What is behind the door. */
export type Shelf =
  | {
      readonly kind:
        | 'full'
        | 'unlabelled'
        | 'empty'
        | 'bare'
        | 'refuses'
        | 'limits'
        | 'is broken'
        | 'hangs up'
        | 'echoes'
        | 'expires'
    }
  | { readonly kind: 'redirects'; readonly to: RedirectKind; readonly storage: StorageKind }

/** One host that an image may be had from. */
export interface SceneHost {
  readonly name: string
  readonly isTls: boolean
  readonly takesCredentials: boolean
  /** The names of the headers that the configuration adds. */
  readonly headers: readonly string[]
  readonly door: Door
  readonly shelf: Shelf
}

/** What somebody has to show. */
export type CredentialKind = 'password' | 'identity token' | 'user without a password' | 'nothing'

/** What is asked. */
export type Question = 'resolve' | 'manifest' | 'exists' | 'config' | 'layer' | 'tags'

/** One visit: who asks, and what. */
export interface Visit {
  readonly tenant: string
  readonly questions: readonly Question[]
}

/** By which way the servers are reached. */
export type Way = 'direct' | 'by a proxy' | 'by a proxy with TLS' | 'by a proxy that refuses'

/** One dialogue, drawn before it begins. */
export interface Scene {
  readonly id: number
  readonly way: Way
  readonly isLocal: boolean
  /** The mirrors, and the registry itself last. */
  readonly hosts: readonly SceneHost[]
  readonly tenants: ReadonlyMap<string, CredentialKind>
  readonly visits: readonly Visit[]
  /** Gives up after so many milliseconds. */
  readonly patienceMs: number
}
