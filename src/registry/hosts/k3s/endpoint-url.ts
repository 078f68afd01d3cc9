import { fail, ok, type Result } from '../../../lib/result.ts'
import { defaultHost, hubHost } from '../default-host.ts'
import { readGoUrl } from '../go-url.ts'
import { isLoopback, portOf } from '../loopback.ts'

/** Where an endpoint is. */
export interface EndpointUrl {
  /** Under what name things are said of the host: Docker Hub has another one than its host. */
  readonly registry: string
  readonly url: string
  /** Whether its path is the whole one. */
  readonly overridesPath: boolean
}

/** Without a scheme it is HTTP for a port of the node's own, but for that of HTTPS. */
const schemeOf = (host: string): string => (isLoopback(host) && !['', '443'].includes(portOf(host)) ? 'http' : 'https')

/** Reads an endpoint, a host or a URL (K3s, pkg/agent/containerd/config.go normalizeEndpointAddress). */
export const readEndpointUrl = (endpoint: string): Result<EndpointUrl, string> => {
  const hasScheme = endpoint.includes('://')
  const read = readGoUrl(hasScheme ? endpoint : `https://${endpoint}`)
  if (!read.ok) return fail(read.error)
  const { host, path } = read.value
  const scheme = hasScheme ? read.value.scheme : schemeOf(host)
  const named = defaultHost(host)
  const isWhole = !['', '/', '/v2'].includes(path)
  return ok({
    registry: named === hubHost ? 'docker.io' : host,
    url: `${scheme}://${named}${isWhole ? encodeURI(path) : '/v2'}`,
    overridesPath: isWhole,
  })
}
