import fc from 'fast-check'
import { labelKey, labelValue, numberText, oddKey } from './label.ts'
import { orNull, perhaps } from './perhaps.ts'

/** Names of nodes, the empty one being a special case of the original. */
export const nodeName: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom('node-a', 'node-b', 'node-c'), weight: 9 },
  { arbitrary: fc.constant(''), weight: 1 },
)

/** Labels of nodes. */
export const labels: fc.Arbitrary<object> = fc.dictionary(labelKey, orNull(labelValue), {
  maxKeys: 3,
  noNullPrototype: true,
})

const key = fc.oneof({ arbitrary: labelKey, weight: 12 }, { arbitrary: oddKey, weight: 1 })

/** Node selectors of pods. */
export const nodeSelector: fc.Arbitrary<object> = fc.dictionary(key, orNull(labelValue), {
  maxKeys: 2,
  noNullPrototype: true,
})

const setOperator = fc.constantFrom('In', 'NotIn')
const keyOperator = fc.constantFrom('Exists', 'DoesNotExist')
const orderOperator = fc.constantFrom('Gt', 'Lt')
const anyOperator = fc.oneof(setOperator, keyOperator, orderOperator, fc.constantFrom('', 'in', 'Equal', 'Gte', '!'))
const anyValues = perhaps(fc.array(labelValue, { maxLength: 3 }), [])

const expression = fc.oneof(
  {
    arbitrary: fc.record({
      key,
      operator: setOperator,
      values: fc.array(orNull(labelValue), { minLength: 1, maxLength: 3 }),
    }),
    weight: 6,
  },
  { arbitrary: fc.record({ key, operator: keyOperator }), weight: 4 },
  { arbitrary: fc.record({ key, operator: orderOperator, values: fc.tuple(numberText) }), weight: 6 },
  { arbitrary: fc.record({ key, operator: anyOperator, values: anyValues }), weight: 2 },
)

const fieldKey = fc.oneof(
  { arbitrary: fc.constant('metadata.name'), weight: 9 },
  { arbitrary: fc.constantFrom('metadata.namespace', 'a', ''), weight: 1 },
)

const field = fc.oneof(
  { arbitrary: fc.record({ key: fieldKey, operator: setOperator, values: fc.tuple(nodeName) }), weight: 9 },
  {
    arbitrary: fc.record({
      key: fieldKey,
      operator: anyOperator,
      values: perhaps(fc.array(nodeName, { maxLength: 2 }), []),
    }),
    weight: 1,
  },
)

const term = fc.oneof(
  {
    arbitrary: fc.record({ matchExpressions: fc.array(orNull(expression), { minLength: 1, maxLength: 2 }) }),
    weight: 6,
  },
  { arbitrary: fc.record({ matchFields: fc.array(orNull(field), { minLength: 1, maxLength: 2 }) }), weight: 2 },
  {
    arbitrary: fc.record({
      matchExpressions: perhaps(fc.array(orNull(expression), { maxLength: 2 }), []),
      matchFields: perhaps(fc.array(orNull(field), { maxLength: 2 }), []),
    }),
    weight: 2,
  },
)

/** Required node affinities: terms of which one must hold, a few of them empty or malformed. */
export const required: fc.Arbitrary<object> = fc.record({
  nodeSelectorTerms: perhaps(fc.array(orNull(term), { minLength: 1, maxLength: 3 }), []),
})
