/** How a host is reached; a stranger's certificate is signed by nobody that is trusted. */
export type Wire = 'tls' | 'plain' | 'stranger' | 'closed'

/** What `GET /v2/` is answered with. */
export type Greeting =
  | ('open' | 'basic' | 'bearer' | 'bearer with 200' | 'basic, then bearer' | 'bearer, then basic')
  | ('digest' | 'digest, then basic' | 'nothing with 401' | 'two in one line' | 'bearer without realm')
  | ('bearer after an empty service' | 404 | 403 | 500 | 429)

/** What manifests and blobs want: what the greeting said, nothing, or something else than it said. */
export type Wants = 'as greeted' | 'nothing' | 'basic' | 'bearer'

/** How somebody who may not read is told so. */
export type Shut = 401 | 'insufficient scope' | 'another scope' | 403 | 'hidden' | 'bare 404'

/** Where tokens are had: by a server of the same host, or by another one. */
export type Realm = 'own' | 'tokens'

/** What the token server does; a number is its status for those whom it gives none. */
export interface TokenRule {
  readonly anonymous: 'served' | 401 | 403
  readonly wrong: 401 | 403 | 400
  readonly right: 'served' | 500 | 404 | 429 | 201
  readonly form: 'token' | 'access_token' | 'both' | 'empty' | 'a page' | 'a number' | 'odd case'
}

/** What is behind the door. */
export type Shelf =
  | ('full' | 'no tag' | 'no repository' | 'bare 404' | 'broken' | 'busy' | 'no child' | 'no config' | 'another image')
  | ('no HEAD' | 'HEAD 403' | 'HEAD 404' | 'HEAD 500' | 'no digest' | 'a page')

/** One host of a scene. */
export interface SceneHost {
  readonly wire: Wire
  /** Whether the configuration calls it insecure. */
  readonly insecure: boolean
  readonly greeting: Greeting
  readonly wants: Wants
  readonly realm: Realm
  readonly tokens: TokenRule
  readonly readers: 'everybody' | 'reader'
  readonly shut: Shut
  readonly shelf: Shelf
}

/** What the kubelet hands over. */
export type Shown = 'nothing' | 'right' | 'wrong' | 'no password' | 'empty' | 'identity token'

/** One pull. */
export interface Scene {
  readonly name: string
  /** Mirrors, and the registry itself last. */
  readonly hosts: readonly [SceneHost, ...SceneHost[]]
  readonly shown: Shown
  readonly by: 'tag' | 'digest'
  readonly image: 'index' | 'single'
}

/** A registry as one thinks of it. */
export const goodHost: SceneHost = {
  wire: 'tls',
  insecure: false,
  greeting: 'bearer',
  wants: 'as greeted',
  realm: 'tokens',
  tokens: { anonymous: 'served', wrong: 401, right: 'served', form: 'token' },
  readers: 'everybody',
  shut: 401,
  shelf: 'full',
}
