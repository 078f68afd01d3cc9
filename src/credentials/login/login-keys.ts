const hub = 'docker.io'
const hubServer = 'https://index.docker.io/v1/'
const hubHosts: ReadonlySet<string> = new Set([hub, 'index.docker.io'])

/** Under what an image's login may be kept. */
export interface LoginKeys {
  /** As helpers are asked: for Docker Hub it is a URL, for any other registry its host. */
  readonly server: string
  /** The key of helpers and logins, the longest first: the repository, what holds it, and the host. */
  readonly keys: readonly string[]
  /** Whether a key means the host as a whole, in whatever way it is written. */
  readonly isHost: (key: string) => boolean
}

const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').split('/')[0] ?? ''

/** A URL or a bare host; behind the host of a bare key stands a part of the registry, which is not all of it. */
const isWhole = (key: string): boolean => /^https?:\/\//.test(key) || !key.includes('/')

/** The keys for an image by its name without tag and digest (containers-auth.json(5); docker/cli, cli/config/credentials). */
export const loginKeysOf = (name: string): LoginKeys => {
  const parts = name.split('/')
  const host = parts[0] ?? ''
  const isHub = host === hub
  const prefixes = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))
  return {
    server: isHub ? hubServer : host,
    keys: isHub ? [...prefixes, hubServer] : prefixes,
    isHost: key => isWhole(key) && (isHub ? hubHosts.has(hostOf(key)) : hostOf(key) === host),
  }
}
