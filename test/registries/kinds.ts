import { built } from './built.ts'
import { startCraneRegistry } from './crane-registry.ts'
import { type DistributionOptions, startDistribution } from './distribution.ts'

/** A real registry on this machine. */
export interface RealRegistry {
  readonly host: string
  readonly url: string
  /** What it wrote, for a test that fails. */
  readonly log: () => string
  readonly close: () => Promise<void>
}

/** A kind of registry that can be set up in several ways. */
export interface Distribution {
  readonly name: string
  readonly start: (options?: DistributionOptions) => Promise<RealRegistry>
}

/** The older one, which stands in most companies. */
export const debian: Distribution = {
  name: "Debian's docker-registry",
  start: options => startDistribution(built.debian, options),
}

/** The one that is kept today. */
export const distribution: Distribution = {
  name: 'distribution 3',
  start: options => startDistribution(built.distribution, options),
}

/** The kinds that can be set up with TLS, passwords, tokens, and as a mirror. */
export const distributions: readonly Distribution[] = [debian, distribution]

/** A kind of registry, as it comes. */
export interface Kind {
  readonly name: string
  readonly start: () => Promise<RealRegistry>
}

/** The one for tests. */
export const crane: Kind = { name: "crane's registry", start: startCraneRegistry }

/** Every kind. */
export const kinds: readonly Kind[] = [...distributions, crane]
