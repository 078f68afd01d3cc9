import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { schema as configSchema } from '../../src/config/schema.ts'
import { admissionRules, builtInKinds } from '../../src/workload/kinds.ts'

/** The folder of the chart. */
export const chart = join(import.meta.dirname, '../../charts/pullgate')

const valuesSchema = (): unknown => {
  const written = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'))
  const { $schema: _, title: __, ...config } = configSchema
  return { ...written, properties: { ...written.properties, config } }
}

/** What the files of the chart say that are made of the sources: the rules, and the schema of the values as far as it is the configuration's. */
export const madeFiles = (): ReadonlyMap<string, unknown> =>
  new Map([
    ['files/rules.json', admissionRules(builtInKinds)],
    ['values.schema.json', valuesSchema()],
  ])
