import { stringify, type ToStringOptions } from 'yaml'
import { furniture, type Made } from './make.ts'
import type { Shape } from './shapes.ts'

/** A way in which charts are written down. */
export type Style = 'as helm writes' | 'all in quotes' | 'in braces' | 'as a list in JSON'

/** All of them. */
export const styles: readonly Style[] = ['as helm writes', 'all in quotes', 'in braces', 'as a list in JSON']

const options: Readonly<Record<Exclude<Style, 'as a list in JSON'>, ToStringOptions>> = {
  // As Go's writer has it, and most charts' authors: lists stand below their keys without an indent.
  'as helm writes': { indentSeq: false, lineWidth: 0 },
  'all in quotes': { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0, indent: 4 },
  'in braces': { collectionStyle: 'flow', lineWidth: 0 },
}

/** Writes all that a chart makes, with the furniture that every chart has. */
export const written = ({ chart, objects }: Shape, style: Style): string => {
  const all: readonly Made[] = [...furniture, ...objects]
  if (style === 'as a list in JSON') return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: all }, undefined, 2)
  return all
    .map((object, at) => `---\n# Source: ${chart}/templates/${at}.yaml\n${stringify(object, options[style])}`)
    .join('')
}
