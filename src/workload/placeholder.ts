import type { Expansion } from './kinds.ts'

const brackets = { '$()': ['$(', ')'], '{{}}': ['{{', '}}'] } as const satisfies Record<
  Expansion,
  readonly [string, string]
>

/** Whether a kind's controller would fill in part of the text. */
export const hasExpansion = (text: string, expansions: readonly Expansion[]): boolean =>
  expansions.some(expansion => {
    const [open, close] = brackets[expansion]
    const start = text.indexOf(open)
    return start >= 0 && text.includes(close, start + open.length)
  })

/**
 * Whether the image of a template stands for one that is only known at the pod: text that the controller fills in, blank text
 * (which the API server lets pass in templates, for a mutating webhook to replace), or Istio's word for its own proxy image.
 */
export const isPlaceholder = (image: string, expansions: readonly Expansion[]): boolean =>
  image.trim() === '' || image === 'auto' || hasExpansion(image, expansions)
