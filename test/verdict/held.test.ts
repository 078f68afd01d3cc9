import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CredentialNote } from '../../src/credentials/note.ts'
import type { AskedAs } from '../../src/registry/failure.ts'
import type { Held } from '../../src/verdict/evidence.ts'
import { heldOn } from '../../src/verdict/held.ts'
import { judge } from '../../src/verdict/judge.ts'
import { outcomeOf } from '../../src/verdict/verdict.ts'
import { type Node, nodeOf } from '../../src/workload/node.ts'
import type { PullPolicy } from '../../src/workload/pull-policy.ts'
import { referenceText } from '../support/arbitraries/reference.ts'
import { referenceOf } from '../support/reference-of.ts'
import { evidence, failed, use } from './evidence.ts'
import { type HeldRow, idRows, type ListingNode, nameRows, nodeRows, policyRows, referenceRows } from './held-rows.ts'

const nodeFrom = ({ lists, kubelet, isFull }: ListingNode): Node => {
  const fillers = Array.from({ length: isFull ? 50 : 0 }, (_, index) => ({ names: [`filler.example/f:${index}`] }))
  return nodeOf({
    status: { nodeInfo: { kubeletVersion: kubelet }, images: [...fillers.slice(1), { names: lists }] },
  })
}

const tables = { policyRows, referenceRows, nameRows, nodeRows, idRows }

describe('what nodes are known to hold', () => {
  for (const [name, rows] of Object.entries(tables)) {
    test.each(rows)(`${name}: %s, since %s (%s)`, (held, _, policy, image, nodes) => {
      expect(heldOn(nodes.map(nodeFrom), referenceOf(image), policy, 50)).toBe(held)
    })
  }

  const rows = Object.values(tables).flat()

  test(`these are ${rows.length} cases of pull policies and images on nodes`, () => {
    expect(rows.length).toBeGreaterThanOrEqual(60)
    expect(new Set(rows.map(([, why]) => why)).size).toBe(rows.length)
  })
})

describe('an image that a node does not list', () => {
  const nodeOfMany = (count: number, names = 1): Node =>
    nodeOf({
      status: {
        images: Array.from({ length: count }, (_, index) => ({
          names: Array.from({ length: names }, (_, name) => `filler.example/f${name}:${index}`),
        })),
      },
    })

  test.each<readonly [Held, string, number, readonly Node[]]>([
    ['no-node-known', 'below the limit', 50, [nodeOfMany(49)]],
    ['untold', 'at the limit', 50, [nodeOfMany(50)]],
    ['untold', 'above it, by a kubelet that was told another', 50, [nodeOfMany(110)]],
    ['untold', 'at a lower limit', 20, [nodeOfMany(20)]],
    ['no-node-known', 'below a lower one', 20, [nodeOfMany(19)]],
    ['no-node-known', 'below a higher one', 200, [nodeOfMany(110)]],
    ['no-node-known', 'where nodes list all', -1, [nodeOfMany(110)]],
    ['untold', 'where they list all, but not all names', -1, [nodeOfMany(3, 5)]],
    ['untold', 'where they list nothing', 0, [nodeOfMany(0)]],
    ['no-node-known', 'at the limit on one of two', 50, [nodeOfMany(50), nodeOfMany(49)]],
  ])('is %s %s (%i)', (held, _, mostListed, nodes) => {
    expect(heldOn(nodes, referenceOf('registry.example/team/app:1'), 'IfNotPresent', mostListed)).toBe(held)
  })
})

const refused = (askedAs: AskedAs) => failed({ kind: 'refused', status: 401, askedAs })
const absent = failed({ kind: 'absent', missing: 'tag', askedAs: 'credentials' })
const malformed: CredentialNote = { kind: 'malformed-secret', secret: 'pull', problem: 'no-colon' }
const answers = [
  ['the registry has no such tag', { answer: absent }],
  ['the registry refuses whoever it is', { answer: refused('anonymous') }],
  ["the registry refuses the pod's credentials", { answer: refused('credentials') }],
  ['a secret of the pod is malformed', { answer: { kind: 'unasked' }, notes: [malformed] }],
] as const

describe('a node that lists the image softens a denial to a warning, where it need not be pulled', () => {
  const codesOf = ([, , pullPolicy, image, nodes]: HeldRow, given: (typeof answers)[number][1]) => {
    const held = heldOn(nodes.map(nodeFrom), referenceOf(image), pullPolicy, 50)
    const { findings } = judge(evidence({ ...given, held, use: { ...use, pullPolicy } }))
    return findings.map(({ code }) => code)
  }
  const asked = Object.values(tables)
    .flat()
    .filter(([, , policy]) => policy !== 'Never')

  test.each(answers)('when %s', (_, given) => {
    for (const row of asked) {
      const isHeld = row[0] !== 'no-node-known'
      expect.soft([row[1], codesOf(row, given).includes('cached-only')]).toEqual([row[1], isHeld])
      expect.soft([row[1], codesOf(row, given).some(code => outcomeOf(code) === 'fail')]).toEqual([row[1], !isHeld])
    }
  })
})

const text = referenceText.filter(each => each.length < 300)
const policy = fc.constantFrom<PullPolicy>('Always', 'IfNotPresent', 'Never')
const nodeList = fc.array(
  fc.array(text, { maxLength: 4 }).map(names => nodeOf({ status: { images: [{ names }] } })),
  { maxLength: 5 },
)
const app = referenceOf('registry.example/team/app:1')
const lacking = nodeOf({})
const holding = nodeOf({ status: { images: [{ names: ['registry.example/team/app:1'] }] } })

describe('whatever nodes list', () => {
  test('what must be pulled is held by nobody', () => {
    fc.assert(
      fc.property(nodeList, nodes => {
        expect(heldOn([...nodes, holding], app, 'Always', 50)).toBe('no-node-known')
      }),
    )
  })

  test('one that lists it makes it some, one that does not keeps it from being all', () => {
    fc.assert(
      fc.property(nodeList, policy, (nodes, pullPolicy) => {
        fc.pre(pullPolicy !== 'Always')
        expect(heldOn([...nodes, holding], app, pullPolicy, 50)).not.toBe('no-node-known')
        expect(heldOn([lacking, ...nodes], app, pullPolicy, 50)).not.toBe('every-node')
      }),
    )
  })

  test('their order and their names beside do not count', () => {
    fc.assert(
      fc.property(nodeList, fc.array(text, { maxLength: 4 }), fc.nat({ max: 6 }), (others, names, holders) => {
        const also = nodeOf({ status: { images: [{ names }, { names: ['registry.example/team/app:1'] }] } })
        const nodes = [...others, ...Array.from({ length: holders }, () => also)]
        expect(heldOn(nodes.toReversed(), app, 'Never', 50)).toBe(heldOn(nodes, app, 'Never', 50))
        expect(heldOn([also, also], app, 'Never', 50)).toBe('every-node')
      }),
    )
  })
})
