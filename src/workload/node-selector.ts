import { asList, asText, ownProperty } from '../lib/untrusted.ts'
import { parseInt64 } from './int64.ts'
import { isLabelKey, isLabelValue } from './label-syntax.ts'

/** One requirement on a label or a field of a node, as written: it may be malformed. */
export interface Requirement {
  readonly key: string
  readonly operator: string
  readonly values: readonly string[]
}

/** Requirements of which all must hold. */
export interface NodeSelectorTerm {
  readonly matchExpressions: readonly Requirement[]
  readonly matchFields: readonly Requirement[]
}

/** What a node is selected by. */
export interface Selectable {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
}

type Holds = (actual: string | undefined) => boolean

/** Reads a node selector term; what is not one is an empty term, which selects nothing. */
export const termOf = (term: unknown): NodeSelectorTerm => ({
  matchExpressions: asList(ownProperty(term, 'matchExpressions')).map(requirementOf),
  matchFields: asList(ownProperty(term, 'matchFields')).map(requirementOf),
})

const requirementOf = (requirement: unknown): Requirement => ({
  key: asText(ownProperty(requirement, 'key')) ?? '',
  operator: asText(ownProperty(requirement, 'operator')) ?? '',
  values: asList(ownProperty(requirement, 'values')).map(value => asText(value) ?? ''),
})

/**
 * Makes the test whether a node fits one term at least: k8s.io/component-helpers v0.36 scheduling/corev1/nodeaffinity.
 * A term that is empty or has a malformed requirement fits no node, and spoils no other term.
 */
export const selectedByAny = (terms: readonly NodeSelectorTerm[]): ((node: Selectable) => boolean) => {
  const tests = terms.filter(isSatisfiable).map(selectedBy)
  return node => tests.some(test => test(node))
}

/** Whether a term is neither empty nor malformed. */
export const isSatisfiable = (term: NodeSelectorTerm): boolean =>
  term.matchExpressions.length + term.matchFields.length > 0 &&
  term.matchExpressions.every(isValidExpression) &&
  term.matchFields.every(isValidField)

const selectedBy = ({ matchExpressions, matchFields }: NodeSelectorTerm): ((node: Selectable) => boolean) => {
  const labelTests = matchExpressions.map(({ key, operator, values }) => [key, labelTest(operator, values)] as const)
  return node =>
    labelTests.every(([key, holds]) => holds(node.labels.get(key))) &&
    matchFields.every(field => fieldHolds(field, node.name))
}

/** Makes the test of a label's value, undefined where the node has no such label, for an operator that is well-formed. */
export const labelTest = (operator: string, values: readonly string[]): Holds => {
  const set = new Set(values)
  switch (operator) {
    case 'In':
      return actual => actual !== undefined && set.has(actual)
    case 'NotIn':
      return actual => actual === undefined || !set.has(actual)
    case 'Exists':
      return actual => actual !== undefined
    case 'DoesNotExist':
      return actual => actual === undefined
    case 'Gt':
      return comparison(values, (actual, limit) => actual > limit)
    case 'Lt':
      return comparison(values, (actual, limit) => actual < limit)
    default:
      return () => false
  }
}

const comparison = ([text = '']: readonly string[], holds: (actual: bigint, limit: bigint) => boolean): Holds => {
  const limit = parseInt64(text)
  return value => {
    const actual = value === undefined ? undefined : parseInt64(value)
    return actual !== undefined && limit !== undefined && holds(actual, limit)
  }
}

// Every value has to be a label value, with Gt and Lt too: so a negative number is malformed.
const isValidExpression = ({ key, operator, values }: Requirement): boolean =>
  isLabelKey(key) && hasValidValues(operator, values) && values.every(isLabelValue)

const hasValidValues = (operator: string, values: readonly string[]): boolean => {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
    case 'Gt':
    case 'Lt':
      return values.length === 1 && values.every(value => parseInt64(value) !== undefined)
    default:
      return false
  }
}

const isValidField = ({ operator, values }: Requirement): boolean =>
  (operator === 'In' || operator === 'NotIn') && values.length === 1

// The only field is metadata.name, any other reads as empty. A node without a name has no fields, and no requirement on them counts.
const fieldHolds = ({ key, operator, values }: Requirement, nodeName: string): boolean => {
  if (nodeName === '') return true
  const actual = key === 'metadata.name' ? nodeName : ''
  return (actual === values[0]) === (operator === 'In')
}
