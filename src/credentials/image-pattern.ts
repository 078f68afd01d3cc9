import { readGoUrl } from '../registry/hosts/go-url.ts'
import { createGlob } from './glob.ts'

interface Place {
  /** The parts of the host between its dots, those of an IPv4 address too. */
  readonly parts: readonly string[]
  readonly port: string
  readonly path: string
}

// Go's net.SplitHostPort: where it sees no port the whole is the host, the brackets of IPv6 included.
const hostAndPort = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/

const placeOf = (text: string): Place | undefined => {
  const url = readGoUrl(`https://${text}`)
  if (!url.ok) return undefined
  const { host, path } = url.value
  const [, bracketed, bare, port = ''] = hostAndPort.exec(host) ?? []
  return { parts: (bracketed ?? bare ?? host).split('.'), port, path }
}

/** The name of an image, without tag and digest, read for comparison with many patterns. */
export type ImageName = Place | undefined

/** Reads a name such as `docker.io/library/nginx`. */
export const readImageName: (name: string) => ImageName = placeOf

/**
 * Says whether names of images match a pattern such as `*.example.com/team` (kubernetes, pkg/credentialprovider/keyring.go
 * URLsMatch): the host part by part, the port by being the same or missing in both, and the path by the letters that it begins with.
 */
export const createImagePattern = (pattern: string): ((name: ImageName) => boolean) => {
  const wanted = placeOf(pattern)
  if (wanted === undefined) return () => false
  const globs = wanted.parts.map(createGlob)
  return name =>
    name !== undefined &&
    name.port === wanted.port &&
    name.parts.length === globs.length &&
    name.path.startsWith(wanted.path) &&
    globs.every((matches, index) => matches(name.parts[index] ?? ''))
}
