import type { Configuration } from './configuration.ts'
import { schema } from './schema.ts'

interface Part {
  readonly default?: unknown
  readonly properties?: object
}

const filled = ({ default: by, properties }: Part): unknown =>
  properties === undefined
    ? structuredClone(by)
    : Object.fromEntries(
        Object.entries<Part>({ ...properties }).flatMap(([name, part]) =>
          part.default === undefined ? [] : [[name, filled(part)] as const],
        ),
      )

/** The configuration where nobody says anything, as that of an empty file: without a validator, which takes longer to load than all of it. */
export const defaultConfiguration = (): Configuration => filled(schema) as Configuration
