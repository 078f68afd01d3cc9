import type { Draw } from './draw.ts'
import { type Form, markerLength, markerStart, markersIn } from './marker.ts'

/** What a canary stands for. */
export type Kind =
  | 'password'
  | 'identity token'
  | 'access token'
  | 'refresh token'
  | 'static header'
  | 'proxy password'
  | 'signature'
  | 'key in a realm'
  | 'user in a URL'
  | 'cookie'

/** Where in a request something stands; headers but for these by their name. */
export type Spot = 'authorization' | 'proxy-authorization' | 'url' | 'body' | `header ${string}`

/** A secret that is worth nothing, and that tells where it has been. */
export interface Canary {
  readonly marker: string
  readonly kind: Kind
  /** The dialogue that it is for; undefined: all of them. */
  readonly dialogue: number | undefined
  /** Whose it is; undefined: of nobody in particular. */
  readonly tenant: string | undefined
}

/** Something that came to a server. */
export interface Sight {
  readonly origin: string
  readonly dialogue: number | undefined
  /** For whom the dialogue is asking at the moment. */
  readonly tenant: string | undefined
  readonly parts: readonly (readonly [spot: Spot, text: string])[]
}

/** A canary where it must not be. */
export interface Violation {
  readonly kind: Kind | 'unknown'
  readonly rule:
    | 'not for this server'
    | 'of another tenant'
    | 'of another dialogue'
    | 'at a second server'
    | 'in a text'
  readonly at: string
  readonly spot: Spot | 'text'
  readonly dialogue: number | undefined
}

/** Knows every canary, where it may be, and where it has been. */
export interface Ledger {
  readonly mint: (draw: Draw, canary: Omit<Canary, 'marker'>) => Canary
  /** From now on the canary may be seen there. */
  readonly grant: (canary: Canary, origin: string, spot: Spot) => void
  readonly see: (sight: Sight) => void
  /** A text that somebody may read: there is no canary that may be in it. */
  readonly read: (where: string, text: string) => void
  readonly violations: readonly Violation[]
  /** How often canaries were seen where they may be, by what, how and where. */
  readonly sightings: ReadonlyMap<string, number>
  /** Forgets the canaries of a dialogue. */
  readonly forget: (dialogue: number) => void
}

/** Makes a ledger. */
export const createLedger = (): Ledger => {
  const canaries = new Map<string, Canary>()
  const granted = new Map<string, Set<string>>()
  const origins = new Map<string, string>()
  const byDialogue = new Map<number, string[]>()
  const violations: Violation[] = []
  const sightings = new Map<string, number>()

  const brokenRule = (
    canary: Canary,
    { origin, dialogue, tenant }: Sight,
    spot: Spot,
  ): Violation['rule'] | undefined => {
    if (canary.dialogue !== undefined && dialogue !== undefined && canary.dialogue !== dialogue)
      return 'of another dialogue'
    if (canary.tenant !== undefined && tenant !== undefined && canary.tenant !== tenant) return 'of another tenant'
    if (granted.get(canary.marker)?.has(`${origin} ${spot}`) !== true) return 'not for this server'
    if (canary.kind !== 'access token') return undefined
    const first = origins.get(canary.marker) ?? origin
    origins.set(canary.marker, first)
    return first === origin ? undefined : 'at a second server'
  }

  const count = (kind: Kind, form: Form, spot: Spot, origin: string): void => {
    const trade = URL.parse(origin)?.hostname.replace(/\d*\.example$/, '') ?? origin
    const key = `${kind}, ${form}, ${spot}, ${trade}`
    sightings.set(key, (sightings.get(key) ?? 0) + 1)
  }

  return {
    mint: (draw, given) => {
      const canary = { ...given, marker: `${markerStart}${draw.word(markerLength)}` }
      canaries.set(canary.marker, canary)
      granted.set(canary.marker, new Set())
      if (canary.dialogue !== undefined)
        byDialogue.set(canary.dialogue, [...(byDialogue.get(canary.dialogue) ?? []), canary.marker])
      return canary
    },
    grant: ({ marker }, origin, spot) => void granted.get(marker)?.add(`${origin} ${spot}`),
    see: sight => {
      for (const [spot, text] of sight.parts)
        for (const { marker, form } of markersIn(text)) {
          const canary = canaries.get(marker)
          const kind = canary?.kind ?? 'unknown'
          const rule = canary === undefined ? 'of another dialogue' : brokenRule(canary, sight, spot)
          if (rule !== undefined)
            violations.push({ kind, rule, at: sight.origin, spot, dialogue: sight.dialogue ?? canary?.dialogue })
          else if (canary !== undefined) count(canary.kind, form, spot, sight.origin)
        }
    },
    read: (where, text) => {
      for (const { marker } of markersIn(text)) {
        const canary = canaries.get(marker)
        const kind = canary?.kind ?? 'unknown'
        violations.push({ kind, rule: 'in a text', at: where, spot: 'text', dialogue: canary?.dialogue })
      }
    },
    violations,
    sightings,
    forget: dialogue => {
      for (const marker of byDialogue.get(dialogue) ?? []) {
        canaries.delete(marker)
        granted.delete(marker)
        origins.delete(marker)
      }
      byDialogue.delete(dialogue)
    },
  }
}
