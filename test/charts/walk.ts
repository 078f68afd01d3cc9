import { host, type Made } from './make.ts'

/** A text in which an image is named, as somebody finds it who knows nothing of Kubernetes. */
export interface Named {
  readonly object: string
  readonly kind: string
  readonly path: string
  readonly text: string
}

const names = (key: string, text: string): boolean => key === 'image' || text.includes(`${host}/`)

/** Walks through all that an object holds, and takes every text under a key `image`, and every text that has an image's name in it. */
export const namedIn = (object: Made): readonly Named[] => {
  const found: Named[] = []
  const kind = String(object['kind'])
  const id = `${kind}/${(object['metadata'] as { readonly name: string }).name}`
  const visit = (value: unknown, key: string, path: string): void => {
    if (typeof value === 'string' && names(key, value)) found.push({ object: id, kind, path, text: value })
    if (typeof value !== 'object' || value === null) return
    for (const [name, child] of Object.entries(value)) {
      const step = Array.isArray(value) ? `[${name}]` : `${path === '' ? '' : '.'}${name}`
      visit(child, name, `${path}${step}`)
    }
  }
  visit(object, '', '')
  return found
}

/** Where Pullgate does not look for images. */
export const notLookedAt = [
  'arguments',
  'environment',
  'ConfigMaps',
  'annotations',
  'parameters',
  'pipelines in pipelines',
  'other kinds',
] as const

/** One of these places. */
export type NotLookedAt = (typeof notLookedAt)[number]

// Said here once more, and not taken from the table that is put to the test.
const kindsWithPods =
  'Pod Deployment StatefulSet DaemonSet Job CronJob Fleet ScaledJob Service Task Pipeline PipelineRun WorkflowTemplate'
const hasPods: ReadonlySet<string> = new Set(kindsWithPods.split(' '))

/** In which of these places a name stands; undefined: where an image belongs, so that it has to be found. */
export const placeNotLookedAt = ({ kind, path }: Named): NotLookedAt | undefined => {
  if (kind === 'ConfigMap') return 'ConfigMaps'
  if (!hasPods.has(kind)) return 'other kinds'
  if (/\.annotations\./.test(path)) return 'annotations'
  if (/\.(?:args|command)\[\d+\]$/.test(path)) return 'arguments'
  if (/\.env\[\d+\]\.value$/.test(path)) return 'environment'
  if (/\.tasks\[\d+\]\.pipelineSpec\./.test(path)) return 'pipelines in pipelines'
  return /\.(?:params|parameters)\[\d+\]\.(?:default|value)$/.test(path) ? 'parameters' : undefined
}
