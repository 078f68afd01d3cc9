/**
 * Whether the first part of a name is a registry to CRI-O: by its dot or port, or as localhost. Unlike Docker and the
 * kubelet it takes no capital letter for a sign (go.podman.io/image, docker/reference/normalize.go splitDockerDomain).
 */
export const namesRegistry = (first: string | undefined): boolean =>
  first !== undefined && (first === 'localhost' || /[.:]/.test(first))

/** Whether CRI-O knows such a host at all: of addresses in brackets it has not heard (docker/reference/regexp.go). */
export const isKnownHost = (host: string): boolean => !host.startsWith('[')
