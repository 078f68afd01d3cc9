import type { Credential } from '../../../src/registry/auth/credential.ts'
import type { Draw } from './draw.ts'
import type { Canary, Kind, Ledger } from './ledger.ts'
import type { CredentialKind, Scene, SceneHost } from './scene.ts'
import { namesOf, type Ports } from './street.ts'

/** What somebody holds: the credential, and the canary in it. */
export interface Holding {
  readonly credential: Credential | undefined
  readonly canary: Canary | undefined
}

/** A scene that is being played. */
export interface Play {
  readonly scene: Scene
  readonly ports: Ports
  readonly draw: Draw
  readonly ledger: Ledger
  /** Who asks at the moment. */
  tenant: string
  readonly holdings: ReadonlyMap<string, Holding>
  /** The origins that named a realm, by its key. */
  readonly challengers: Map<string, Set<string>>
  /** Realms as they were said first, by key and origin: a server says the same each time. */
  readonly realms: Map<string, SaidRealm>
  readonly mint: (kind: Kind, tenant?: string) => Canary
}

/** A realm as a challenge says it; undefined: it says none. */
export interface SaidRealm {
  readonly text: string | undefined
  /** Where somebody who is careful asks for a token; undefined: nowhere. */
  readonly origin: string | undefined
}

// So that each encoding makes something else of it.
const awkward = '+/ =&%"é:\\'

const holdingOf = (kind: CredentialKind, mint: (kind: Kind) => Canary): Holding => {
  switch (kind) {
    case 'nothing':
      return { credential: undefined, canary: undefined }
    case 'password': {
      const canary = mint('password')
      return { canary, credential: { username: `user of ${canary.marker}`, password: `${canary.marker}${awkward}` } }
    }
    case 'identity token': {
      const canary = mint('identity token')
      return { canary, credential: { username: '', password: `${canary.marker}${awkward}` } }
    }
    case 'user without a password': {
      const canary = mint('password')
      return { canary, credential: { username: canary.marker, password: '' } }
    }
  }
}

/** Begins a scene: gives everybody what they hold. */
export const beginPlay = (scene: Scene, ports: Ports, draw: Draw, ledger: Ledger): Play => {
  const mint = (kind: Kind, tenant?: string): Canary => ledger.mint(draw, { kind, tenant, dialogue: scene.id })
  const holdings = [...scene.tenants].map(
    ([tenant, kind]) => [tenant, holdingOf(kind, each => mint(each, tenant))] as const,
  )
  const tenant = scene.visits[0]?.tenant ?? ''
  const memory = { challengers: new Map<string, Set<string>>(), realms: new Map<string, SaidRealm>() }
  return { scene, ports, draw, ledger, tenant, holdings: new Map(holdings), mint, ...memory }
}

/** The origin of a host, at its usual port or the other one. */
export const originOf = (ports: Ports, name: string, isTls: boolean, isOther = false): string => {
  const [usual, other] = isTls ? [ports.tls, ports.otherTls] : [ports.plain, ports.otherPlain]
  return `${isTls ? 'https' : 'http'}://${name}:${isOther ? other : usual}`
}

/** The origins at which a host of the scene is asked. */
export const originsOf = ({ ports, scene }: Play, { name, isTls }: SceneHost): readonly string[] =>
  // A registry on this machine is tried by HTTPS at the same port first.
  scene.isLocal && name === 'localhost'
    ? [originOf(ports, name, false), `https://${name}:${ports.plain}`]
    : [originOf(ports, name, isTls)]

/** One of the names of a trade: another for another scene. */
export const oneOf = (trade: Parameters<typeof namesOf>[0], number: number): string =>
  namesOf(trade)[number % namesOf(trade).length] ?? ''
