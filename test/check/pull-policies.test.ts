import { describe, expect, test } from 'vitest'
import { multiArchImage } from '../../src/demo/images.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import { type Node, nodeOf } from '../../src/workload/node.ts'
import { registryFor } from '../support/lifetime.ts'
import { basicGate } from '../support/token-server.ts'
import { configSecret, inTime, said, secretFor, stageFor, workloadWith } from './stage.ts'

const ada: Credential = { username: 'ada', password: 'wrong' }
const bob: Credential = { username: 'bob', password: 'right' }

const fillers = Array.from({ length: 49 }, (_, at) => ({ names: [`filler.example/f:${at}`] }))
const nodeWith = (names: readonly string[], isCut = false): Node =>
  nodeOf({ status: { images: [...(isCut ? fillers : []), { names }] } })

/** What the nodes list, in the order of the columns below. */
const columns = ['nobody', 'everybody', 'one of two', 'cut lists', 'one cut list', 'unread', 'no cluster'] as const

const nodesIn = (column: (typeof columns)[number], image: string): readonly Node[] | 'unknown' => {
  const [holder, other] = [nodeWith([image]), nodeWith(['other.example/x:1'])]
  switch (column) {
    case 'nobody':
      return [other, other]
    case 'everybody':
      return [holder, holder]
    case 'one of two':
      return [other, holder]
    case 'cut lists':
      return [nodeWith(['other.example/x:1'], true), nodeWith(['other.example/y:1'], true)]
    case 'one cut list':
      return [nodeWith(['other.example/x:1'], true), other]
    case 'unread':
      return 'unknown'
    case 'no cluster':
      return []
  }
}

type Policy = 'Always' | 'IfNotPresent' | 'Never'
type Row = readonly [policy: Policy, secrets: readonly string[], ...codes: readonly string[]]

const cached = 'cached-only'
const gone = 'missing-pull-secret'
const bad = 'bad-pull-secret'
const nodesMay = 'node-credentials'
const never = 'never-pulled'
const unread = 'unknown-credentials'
/** The same in all columns. */
const always = (codes: string): readonly string[] => columns.map(() => codes)

// One row for each policy and credential. A node that lists an image of the repository has pulled from there, perhaps with a
// credential of its own; who has a pull secret for the registry is refused all the same, since the node would send that.
const table: readonly Row[] = [
  ['Always', ['right'], ...always('')],
  ['Always', ['wrong', 'right'], ...always('')],
  ['Always', ['wrong'], ...always('denied')],
  ['Always', [], 'denied', nodesMay, nodesMay, 'denied', 'denied', nodesMay, 'denied'],
  [
    'Always',
    ['gone'],
    `denied ${gone}`,
    ...[1, 2].map(() => `${gone} ${nodesMay}`),
    `denied ${gone}`,
    `denied ${gone}`,
    `${gone} ${nodesMay}`,
    `denied ${gone}`,
  ],
  ['Always', ['bad'], ...always(bad)],
  ['Always', ['shut'], ...always(unread)],
  ['IfNotPresent', ['right'], ...always('')],
  ['IfNotPresent', ['wrong', 'right'], ...always('')],
  ['IfNotPresent', ['wrong'], 'denied', cached, cached, cached, 'denied', cached, 'denied'],
  ['IfNotPresent', [], 'denied', nodesMay, nodesMay, cached, 'denied', nodesMay, 'denied'],
  [
    'IfNotPresent',
    ['gone'],
    `denied ${gone}`,
    ...[1, 2].map(() => `${gone} ${nodesMay}`),
    `${gone} ${cached}`,
    `denied ${gone}`,
    `${gone} ${nodesMay}`,
    `denied ${gone}`,
  ],
  ['IfNotPresent', ['bad'], bad, cached, cached, cached, bad, cached, bad],
  ['IfNotPresent', ['shut'], ...always(unread)],
  // Nobody is asked, and no secret is read.
  ...[['right'], ['wrong', 'right'], ['wrong'], [], ['gone'], ['bad'], ['shut']].map(
    (secrets): Row => ['Never', secrets, never, '', never, never, never, never, never],
  ),
]

const cases = table.flatMap(([policy, secrets, ...codes]) =>
  columns.map((column, at) => [policy, secrets.join(', ') || 'none', column, codes[at] ?? '?', secrets] as const),
)

describe(`${cases.length} cases of pull policies, credentials and what nodes list`, () => {
  test.each(cases)('under %s, with the secrets: %s, listed by: %s: %j', async (policy, _, column, codes, secrets) => {
    const { host, put } = await registryFor({ intercept: basicGate([bob]) })
    put('shop/web', '1', multiArchImage(['linux/amd64']))
    const image = `${host}/shop/web:1`
    const stage = stageFor({ nodes: nodesIn(column, image) })
    stage.secrets.set('shop/right', secretFor(bob, host))
    // A longer key is tried first.
    stage.secrets.set('shop/wrong', secretFor(ada, `${host}/shop`))
    stage.secrets.set('shop/bad', configSecret('{"auths":{"other.example":{"auth":"%%%"}}}'))
    stage.secrets.set('shop/shut', 'unreadable')
    expect(said(await stage.check(workloadWith([image], secrets, { policy }), inTime()))).toEqual([codes])
    if (policy === 'Never') expect([stage.asked, stage.reads]).toEqual([[], []])
  })
})
