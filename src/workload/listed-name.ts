import { namesHost } from '../image/grammar.ts'
import { formatReference, parseReference } from '../image/reference.ts'

// A path has 255 characters at the most, a host 253, a tag 128 and a digest 135. What is longer is nothing that a pod can ask for.
const mostCharacters = 1024

/**
 * The full form of a name that a runtime lists, as `formatReference` has it. containerd and CRI-O list full names, cri-dockerd short
 * ones as well; `<none>@sha256:…`, which is listed for an image that has lost its name, has no full form.
 */
export const fullName = (listed: string): string | undefined => {
  if (listed.length > mostCharacters) return undefined
  // Nearly all names are full, and there are half a million of them in a large cluster.
  if (isFull(listed)) return listed
  const parsed = parseReference(listed)
  return parsed.ok ? formatReference(parsed.value) : undefined
}

/** The repository of a full name, with its registry: `docker.io/library/nginx`. */
export const repositoryOf = (full: string): string => full.slice(0, targetAt(full))

/** Where the name ends, and its digest or else its tag begins; -1 where it has neither. */
const targetAt = (text: string): number => {
  const at = text.indexOf('@')
  return at < 0 ? text.indexOf(':', text.lastIndexOf('/')) : at
}

const isFull = (text: string): boolean => {
  const slash = text.indexOf('/')
  const host = text.slice(0, Math.max(slash, 0))
  if (!namesHost(host) || host === 'index.docker.io') return false
  const target = targetAt(text)
  const last = text.lastIndexOf('/', target)
  // Of a tag and a digest the digest alone counts.
  const hasBoth = text.charAt(target) === '@' && text.lastIndexOf(':', target) > last
  return target > slash && !hasBoth && (host !== 'docker.io' || last > slash)
}
