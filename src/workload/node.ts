import type { Platform } from '../image/platform.ts'
import { asList, asText, asTextMap, propertyAt } from '../lib/untrusted.ts'
import { type Taint, taintOf } from './toleration.ts'

/** The names of the images that a node says it holds. */
export interface NodeImages {
  /** As the runtime writes them: `registry.example/app:1.0`, `registry.example/app@sha256:…`. */
  readonly names: readonly string[]
  /** How many images are listed: the kubelet tells a number of them at the most, the largest. */
  readonly count: number
  /** Whether one of them has as many names as the kubelet tells of an image, so that it may have more. */
  readonly mayHaveMoreNames: boolean
}

/** What of a node decides whether a pod may land there and what can run there. Cordoning is not: it passes. */
export interface Node {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly taints: readonly Taint[]
  /** Without a variant, which no node tells; os and architecture are empty where the node tells neither. */
  readonly platform: Platform
  /** Name and version of the container runtime, as in `containerd://2.4.2`; empty where it is not told. */
  readonly runtime: string
  readonly images: NodeImages
}

/** The kubelet lists this many names an image: kubernetes pkg/kubelet/nodestatus/setters.go. */
const listedNames = 5

/** Reads one Node object. */
export const nodeOf = (object: unknown): Node => createNodeReader()(object)

/**
 * Makes a reader for all the nodes of a listing. It keeps equal texts once: nodes have most labels and images in common, and 5,000 nodes
 * of 50 images with two names of 100 bytes would else hold 50 MB. Make a new one for each listing, so that texts nobody has any more go.
 */
export const createNodeReader = (): ((object: unknown) => Node) => {
  const texts = new Map<string, string>()
  const once = (text: string): string => {
    const known = texts.get(text)
    if (known === undefined) texts.set(text, text)
    return known ?? text
  }
  return object => {
    const labels = new Map(
      [...asTextMap(propertyAt(object, 'metadata', 'labels'))].map(([key, value]) => [once(key), once(value)]),
    )
    return {
      name: textAt(object, 'metadata', 'name'),
      labels,
      taints: asList(propertyAt(object, 'spec', 'taints')).map(taintOf),
      platform: platformOf(object, labels),
      runtime: once(textAt(object, 'status', 'nodeInfo', 'containerRuntimeVersion')),
      images: imagesOf(object, once),
    }
  }
}

const textAt = (object: unknown, ...names: readonly string[]): string => asText(propertyAt(object, ...names)) ?? ''

const platformOf = (object: unknown, labels: ReadonlyMap<string, string>): Platform => {
  const told = (name: string, label: string): string =>
    (textAt(object, 'status', 'nodeInfo', name) || labels.get(label) || '').toLowerCase()
  const os = told('operatingSystem', 'kubernetes.io/os')
  return {
    os,
    architecture: told('architecture', 'kubernetes.io/arch'),
    variant: '',
    osVersion: os === 'windows' ? windowsVersion(object, labels) : '',
    osFeatures: [],
  }
}

// The label has major.minor.build, the kernel's version one part more: kubernetes pkg/kubelet/winstats/version.go.
const windowsVersion = (object: unknown, labels: ReadonlyMap<string, string>): string => {
  const kernel = textAt(object, 'status', 'nodeInfo', 'kernelVersion')
  return labels.get('node.kubernetes.io/windows-build') || (/^\d+\.\d+\.\d+/.exec(kernel)?.[0] ?? '')
}

const imagesOf = (object: unknown, once: (text: string) => string): NodeImages => {
  const images = asList(propertyAt(object, 'status', 'images'))
  const names = images.map(image => asList(propertyAt(image, 'names')).slice(0, listedNames))
  return {
    names: names.flat().flatMap(name => (typeof name === 'string' ? [once(name)] : [])),
    count: images.length,
    mayHaveMoreNames: names.some(({ length }) => length >= listedNames),
  }
}
