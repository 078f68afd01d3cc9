import { type Check, createCheck } from '../check/check.ts'
import { createProbe } from '../check/probe.ts'
import type { Platform } from '../image/platform.ts'
import { createDialogue } from '../registry/dialogue.ts'
import { createExchange } from '../registry/exchange.ts'
import { landingAnywhere, landingOn } from '../workload/landing.ts'
import { version } from './version.ts'

/** Options of an engine. */
export interface EngineOptions {
  /** The platforms of the nodes; none: platforms are not judged. */
  readonly platforms: readonly Platform[]
}

/** The core that the faces share, put together. */
export interface Engine {
  readonly check: Check
  readonly close: () => Promise<void>
}

/** Puts the core together. */
export const createEngine = ({ platforms }: EngineOptions): Engine => {
  const { exchange, close } = createExchange({ userAgent: `pullgate/${version}`, connectionsPerHost: 8 })
  const dialogue = createDialogue(exchange)
  const probe = createProbe({ dialogue, foundSeconds: 60, entries: 100_000, now: () => performance.now() })
  const check = createCheck({
    probe,
    tags: dialogue.tags,
    landing: ({ placement }) => (platforms.length === 0 ? landingAnywhere : landingOn(placement, platforms, undefined)),
  })
  return { check, close }
}
