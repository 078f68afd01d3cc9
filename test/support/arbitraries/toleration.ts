import fc from 'fast-check'
import { labelKey, labelValue, numberText } from './label.ts'
import { orNull } from './perhaps.ts'

/** A taint as JSON carries it. */
export interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect: string
}

const effect = fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule')
const value = fc.oneof({ arbitrary: numberText, weight: 2 }, { arbitrary: labelValue, weight: 1 })

/** Taints of nodes. */
export const taints: fc.Arbitrary<Taint[]> = fc.array(
  fc.record({ key: labelKey, value, effect }, { requiredKeys: ['key', 'effect'] }),
  { maxLength: 2 },
)

const operator = fc.oneof(
  { arbitrary: fc.constantFrom('Exists', 'Equal', '', 'Gt', 'Lt', 'Gt', 'Lt'), weight: 9 },
  { arbitrary: fc.constantFrom('exists', 'In'), weight: 1 },
)

const anyToleration = fc.record(
  {
    key: fc.oneof(labelKey, fc.constant('')),
    operator,
    value,
    effect: fc.oneof(effect, fc.constantFrom('', 'noschedule')),
    tolerationSeconds: fc.constantFrom(0, 300),
  },
  { requiredKeys: [] },
)

/** A toleration that was written for the taint, and may miss it narrowly. */
const tolerationFor = (taint: Taint) =>
  fc.record({
    key: fc.constantFrom(taint.key, taint.key, ''),
    operator,
    value: fc.oneof(fc.constant(taint.value ?? ''), value),
    effect: fc.oneof({ arbitrary: fc.constantFrom(taint.effect, ''), weight: 5 }, { arbitrary: effect, weight: 1 }),
  })

/** Tolerations of a pod, most of them written for one of the taints. */
export const tolerationsOf = (taints: readonly Taint[]): fc.Arbitrary<(object | null)[]> =>
  fc.array(orNull(fc.oneof(anyToleration, ...taints.map(tolerationFor))), { maxLength: 4 })
