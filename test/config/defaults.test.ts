import { expect, test } from 'vitest'
import { defaultConfiguration } from '../../src/config/defaults.ts'
import { readConfiguration } from '../../src/config/read.ts'

test('where nobody says anything the configuration is that of an empty file', () => {
  expect({ ok: true, value: defaultConfiguration() }).toStrictEqual(readConfiguration(''))
})

test('whoever changes a default for himself changes it for nobody else', () => {
  const first = defaultConfiguration()
  Object.assign(first.registries, { certsDir: ['/elsewhere'] })
  Object.assign(first.credentials.nodesMayHave, { 0: 'elsewhere' })
  expect({ ok: true, value: defaultConfiguration() }).toStrictEqual(readConfiguration(''))
})
