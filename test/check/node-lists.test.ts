import { describe, expect, test } from 'vitest'
import { withNodeLists } from '../../src/check/node-lists.ts'
import type { Answer } from '../../src/verdict/evidence.ts'
import { judge } from '../../src/verdict/judge.ts'
import { nodeOf } from '../../src/workload/node.ts'
import type { PullPolicy } from '../../src/workload/pull-policy.ts'
import { referenceOf } from '../support/reference-of.ts'
import { evidence, failed, use } from '../verdict/evidence.ts'

const reference = referenceOf('registry.example/shop/web:1.40')
const credential = { username: 'u', password: 'p' }
const nodeWith = (...names: readonly string[]) => nodeOf({ status: { images: names.map(name => ({ names: [name] })) } })
const holder = nodeWith('registry.example/shop/web:1.40')
const neighbour = nodeWith('registry.example/shop/cart:1')
const stranger = nodeWith('registry.example/pay/cart:1')

const refused = failed({ kind: 'refused', status: 401, askedAs: 'anonymous' })
const refusedPassword = failed({ kind: 'refused', status: 403, askedAs: 'credentials' })
const absent = failed({ kind: 'absent', missing: 'tag', askedAs: 'anonymous' })

describe('what nodes list decides', () => {
  test.each<[string, Answer, (typeof credential)[], PullPolicy, ReturnType<typeof nodeOf>[], string[]]>([
    ['nothing, where there are none', refused, [], 'IfNotPresent', [], ['denied']],
    ['nothing, where it is another place', refused, [], 'IfNotPresent', [stranger], ['denied']],
    ['that a refusal may be theirs to mend', refused, [], 'IfNotPresent', [neighbour], ['node-credentials']],
    ['that a refusal may be theirs to mend at each start', refused, [], 'Always', [holder], ['node-credentials']],
    ['nothing, where a credential was refused', refusedPassword, [credential], 'Always', [holder], ['denied']],
    ['nothing of a tag that does not exist', absent, [], 'IfNotPresent', [neighbour], ['not-found']],
    ['that a tag which is gone is still there', absent, [], 'IfNotPresent', [neighbour, holder], ['cached-only']],
    ['nothing of a tag that is asked for at each start', absent, [], 'Always', [holder], ['not-found']],
    [
      'that a refused credential is not needed',
      refusedPassword,
      [credential],
      'IfNotPresent',
      [holder],
      ['cached-only'],
    ],
    ['that nobody pulls it and nobody has it', { kind: 'unasked' }, [], 'Never', [neighbour], ['never-pulled']],
    ['that all have what nobody pulls', { kind: 'unasked' }, [], 'Never', [holder, holder], []],
  ])('%s', (_, answer, credentials, pullPolicy, nodes, codes) => {
    const given = evidence({ answer, use: { ...use, pullPolicy } })
    const { findings } = judge(withNodeLists(given, { nodes, reference, credentials, mostListed: 50 }))
    expect(findings.map(({ code }) => code)).toEqual(codes)
  })

  test('nothing of a text that is no reference', () => {
    const given = evidence({ answer: { kind: 'placeholder' } })
    expect(withNodeLists(given, { nodes: [holder], reference: undefined, credentials: [], mostListed: 50 })).toBe(given)
  })
})
