import { createTelemetry, type Telemetry } from '../telemetry/telemetry.ts'
import type { Surroundings } from './surroundings.ts'
import { version } from './version.ts'

/** The telemetry of a process that lasts: its log goes to standard error. */
export const processTelemetry = ({ stderr }: Pick<Surroundings, 'stderr'>): Telemetry =>
  createTelemetry({
    ...{ stream: stderr, isTerminal: stderr.isTTY === true, version },
    nowMs: () => performance.now(),
    wallClock: () => new Date(),
  })
