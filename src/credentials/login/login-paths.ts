import { join } from 'node:path'

/** Where the files of logins are looked for. */
export interface LoginPlaces {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
}

/** A file of logins; one that was named in so many words has to be there. */
export interface LoginPath {
  readonly file: string
  readonly isNamed: boolean
}

const isText = (text: string | undefined): text is string => text !== undefined && text !== ''

/** Docker's file, or that of the environment (docker/cli, cli/config/config.go). */
const dockerPath = ({ environment, home }: LoginPlaces): LoginPath => {
  const directory = environment['DOCKER_CONFIG']
  return isText(directory)
    ? { file: join(directory, 'config.json'), isNamed: true }
    : { file: join(home, '.docker/config.json'), isNamed: false }
}

/** The files of podman and its kin, or the one of the environment alone (containers-auth.json(5)). */
const podmanPaths = ({ environment, home }: LoginPlaces): readonly LoginPath[] => {
  const file = environment['REGISTRY_AUTH_FILE']
  if (isText(file)) return [{ file, isNamed: true }]
  const runtime = environment['XDG_RUNTIME_DIR']
  const config = environment['XDG_CONFIG_HOME']
  const directories = [isText(runtime) ? runtime : undefined, isText(config) ? config : join(home, '.config')]
  return directories
    .filter(isText)
    .map(directory => ({ file: join(directory, 'containers/auth.json'), isNamed: false }))
}

/** The files of a user's logins, in the order in which they are tried: what the environment names comes first. */
export const loginPathsOf = (places: LoginPlaces): readonly LoginPath[] =>
  [dockerPath(places), ...podmanPaths(places)].sort((a, b) => Number(b.isNamed) - Number(a.isNamed))
