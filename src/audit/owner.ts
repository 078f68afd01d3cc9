import { asList, asText, ownProperty, propertyAt } from '../lib/untrusted.ts'

/** Who made an object and looks after it: its controller. */
export interface Controller {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
}

/** The controller of an object; undefined where it has none. A node is none: its static pods are different things. */
export const controllerOf = (object: unknown): Controller | undefined => {
  const references = asList(propertyAt(object, 'metadata', 'ownerReferences'))
  const reference = references.find(each => ownProperty(each, 'controller') === true)
  const text = (name: string): string => asText(ownProperty(reference, name)) ?? ''
  const isNode = text('apiVersion') === 'v1' && text('kind') === 'Node'
  return reference === undefined || isNode
    ? undefined
    : { apiVersion: text('apiVersion'), kind: text('kind'), name: text('name'), uid: text('uid') }
}

/** What tells an object from all others, those of its name before it included. */
export const uidOf = (object: unknown): string => asText(propertyAt(object, 'metadata', 'uid')) ?? ''
