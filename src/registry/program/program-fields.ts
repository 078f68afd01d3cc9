import { parseDigest } from '../../image/digest.ts'
import { asList, asRecord, asText, ownProperty, propertyAt } from '../../lib/untrusted.ts'
import type { ContainerStart } from '../../workload/container-start.ts'
import { parseJson } from '../json.ts'
import type { Layer } from './layer.ts'
import type { Start } from './resolve-program.ts'

/** What an image's configuration says of how it is started. */
export interface ImageStart {
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly path: string
  readonly workingDirectory: string
}

// containerd's, for an image that names none (pkg/oci/spec_opts.go, WithDefaultPathEnv).
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

// Docker allows 127 layers.
const mostLayers = 512

const texts = (value: unknown): readonly string[] => asList(value).filter(element => typeof element === 'string')

const pathPrefix = 'PATH='

/** Reads how an image is started from its configuration; what is missing or broken says nothing. */
export const readImageStart = (configuration: Uint8Array): ImageStart => {
  const config = propertyAt(parseJson(configuration), 'config')
  const entrypoint = texts(ownProperty(config, 'Entrypoint'))
  const path = texts(ownProperty(config, 'Env')).findLast(variable => variable.startsWith(pathPrefix))
  return {
    // A single empty text is how some say that there is none (containerd, internal/cri/opts/spec_opts.go WithProcessArgs).
    entrypoint: entrypoint.length === 1 && entrypoint[0] === '' ? [] : entrypoint,
    command: texts(ownProperty(config, 'Cmd')),
    path: path?.slice(pathPrefix.length) ?? defaultPath,
    workingDirectory: asText(ownProperty(config, 'WorkingDir')) || '/',
  }
}

/** The start of a container, as the kubelet and containerd put it together: a pod's command replaces the image's command too. */
export const startOf = (image: ImageStart, pod: ContainerStart): Start => {
  const isOwn = (list: readonly string[] | undefined): list is readonly string[] => (list?.length ?? 0) > 0
  const args = isOwn(pod.args) ? pod.args : image.command
  const argv = isOwn(pod.command) ? [...pod.command, ...(pod.args ?? [])] : [...image.entrypoint, ...args]
  return {
    argv,
    path: pod.path ?? image.path,
    workingDirectory: pod.workingDirectory || image.workingDirectory,
  }
}

const layerOf = (value: unknown): Layer | undefined => {
  const digest = parseDigest(asText(ownProperty(value, 'digest')) ?? '')
  const size = ownProperty(value, 'size')
  if (!digest.ok || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined
  return { digest: digest.value, mediaType: asText(ownProperty(value, 'mediaType')) ?? '', sizeBytes: size }
}

/** Reads the layers that a manifest names, bottom first; one that is broken is left out. */
export const readLayers = (manifest: Uint8Array): readonly Layer[] =>
  asList(ownProperty(asRecord(parseJson(manifest)), 'layers'))
    .slice(0, mostLayers)
    .map(layerOf)
    .filter(layer => layer !== undefined)
