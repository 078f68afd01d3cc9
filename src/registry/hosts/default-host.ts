const hub = 'docker.io'

/** The host of Docker Hub's registry. */
export const hubHost = 'registry-1.docker.io'

/** The host that a registry has (containerd, core/remotes/docker/resolver.go DefaultHost). */
export const defaultHost = (registry: string): string => (registry === hub ? hubHost : registry)
