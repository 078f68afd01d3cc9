import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { brokenRules } from './house.ts'

const src = join(import.meta.dirname, '../../src')
const files = globSync('**/*.ts', { cwd: src }).map(path => ({ path, text: readFileSync(join(src, path), 'utf8') }))

describe('the house', () => {
  test('has its files where the table of floors says, and each imports only from below', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(files.flatMap(brokenRules)).toEqual([])
  })

  test('has no rooms that are named after nothing', () => {
    const nameless = /(^|\/)(utils?|helpers?|common|types|index)(\/|\.ts$)/
    expect(files.map(({ path }) => path).filter(path => nameless.test(path))).toEqual([])
  })
})

describe('a broken rule is said in a sentence', () => {
  test.each([
    [
      'an import from above',
      'registry/exchange.ts',
      "import { judge } from '../verdict/judge.ts'",
      ['registry/exchange.ts may not import verdict/judge.ts: registry stands below verdict'],
    ],
    [
      'an import of a type from above, which is an import all the same',
      'image/facts.ts',
      "import type { Check } from '../check/check.ts'",
      ['image/facts.ts may not import check/check.ts: image stands below check'],
    ],
    [
      'a dynamic import from above',
      'webhook/server.ts',
      "await import('../commands/serve.ts')",
      ['webhook/server.ts may not import commands/serve.ts: webhook stands below commands'],
    ],
    [
      'faces that know each other',
      'cli/run.ts',
      "export { x } from '../webhook/server.ts'",
      ['cli/run.ts may not import webhook/server.ts: cli and webhook do not know each other'],
    ],
    [
      'configuration outside the commands',
      'check/check.ts',
      "import { x } from '../config/schema.ts'",
      ['check/check.ts may not import config/schema.ts: check stands below config'],
    ],
    [
      'a room that nobody planned',
      'misc/thing.ts',
      '',
      ['misc/thing.ts stands in no room: misc is not in the table of floors'],
    ],
    [
      "another room's package",
      'check/probe.ts',
      "import { request } from 'undici'",
      [
        'check/probe.ts may not import undici: only registry and demo may, because the registry floor talks to strangers, and the demo plays the API server',
      ],
    ],
    [
      'the process outside main.ts',
      'verdict/judge.ts',
      'const home = process.env.HOME',
      ['verdict/judge.ts may not use process: main.ts alone does, and hands on what is needed'],
    ],
    ['an import from below, which breaks nothing', 'check/probe.ts', "import { x } from '../lib/result.ts'", []],
    ['an import from the own room, which breaks nothing', 'image/facts.ts', "import { x } from './digest.ts'", []],
  ])('%s', (_, path, text, sentences) => {
    expect(brokenRules({ path, text })).toEqual(sentences)
  })
})
