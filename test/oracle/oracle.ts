import type { ProxySettings } from '../../src/registry/dial/proxy.ts'
import { startGoProgram } from './go-program.ts'
import type { OciPlatform } from './oci-platform.ts'

interface Refusal {
  readonly error: string
}

interface NamedImage {
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
  /** The tag that the kubelet and the API server's defaulting see. */
  readonly pulledTag: string
  /** What containerd asks the registry for. */
  readonly canonical: string
}

interface PlatformForms {
  readonly parsed: OciPlatform
  readonly normalized: OciPlatform
  readonly text: string
}

/** Whether a node runs an image, and whether it takes it before, or after, another one. */
interface Choice {
  readonly runs: boolean
  readonly first: boolean
  readonly last: boolean
}

interface Match {
  readonly image: PlatformForms
  readonly local: Choice
  readonly oldLocal: Choice
  readonly strict: boolean
  readonly transfer: boolean
}

interface Placed {
  readonly selected: boolean
  readonly tolerated: boolean
}

interface FoundChallenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

/** The proxy that Go's transport would ask; the name and the password are bytes, as base64. */
interface Proxied {
  readonly direct: boolean
  readonly scheme: string
  readonly hostname: string
  readonly port: string
  readonly hasUser: boolean
  readonly username: string
  readonly password: string
}

/** What can be asked of the Go originals, and what they answer. */
export interface Oracle {
  readonly reference: (text: string) => Promise<NamedImage | Refusal>
  readonly digest: (text: string) => Promise<{ readonly algorithm: string; readonly encoded: string } | Refusal>
  readonly platform: (text: string) => Promise<PlatformForms | Refusal>
  readonly match: (node: OciPlatform, image: OciPlatform, other: OciPlatform) => Promise<Match>
  readonly placement: (pod: object, on: object) => Promise<Placed>
  readonly challenges: (lines: readonly string[]) => Promise<readonly FoundChallenge[]>
  readonly route: (settings: ProxySettings, url: string) => Promise<Proxied | Refusal>
  readonly close: () => Promise<void>
}

/** Starts the program that test/oracle/setup has built. */
export const startOracle = (): Oracle => {
  const { ask, close } = startGoProgram('oracle')
  return {
    reference: text => ask({ ask: 'reference', text }),
    digest: text => ask({ ask: 'digest', text }),
    platform: text => ask({ ask: 'platform', text }),
    match: (node, image, other) => ask({ ask: 'match', node, image, other }),
    placement: (pod, on) => ask({ ask: 'placement', pod, on }),
    challenges: lines => ask({ ask: 'challenges', lines }),
    route: (settings, url) => ask({ ask: 'route', ...settings, url }),
    close,
  }
}
