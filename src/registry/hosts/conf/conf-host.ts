import type { ImageReference } from '../../../image/reference.ts'
import { defaultHost } from '../default-host.ts'
import type { Host } from '../hosts.ts'
import { allCapabilities } from '../hosts-file.ts'
import type { HostCertificates } from './host-certificates.ts'
import type { PullSource } from './pull-sources.ts'

// Go's dialer in go.podman.io/image (pkg/tlsclientconfig NewTransport).
const dialTimeoutMs = 30_000

/**
 * The host of a place. It is asked by HTTPS; what is insecure is not verified, and then asked by HTTP (docker_client.go
 * detectProperties). No URL, no host: 1.2.3.400 for example.
 */
export const confHostOf = (
  { registry, insecure, takesCredentials }: PullSource,
  reference: ImageReference,
  { ca, client }: HostCertificates,
): Host | undefined => {
  const name = defaultHost(registry)
  const bases = (insecure ? ['https', 'http'] : ['https']).map(scheme => `${scheme}://${name}/v2`)
  if (!bases.every(base => URL.canParse(base))) return undefined
  return {
    name,
    bases,
    isUpstream: registry === reference.registry,
    capabilities: allCapabilities,
    // No mirror is told whose content is wanted: its location says where that is.
    namespace: undefined,
    tls: { verify: !insecure, ca, client },
    headers: [],
    takesCredentials,
    // Its global_auth_file is not read here.
    own: undefined,
    askedBy: 'cri-o',
    dialTimeoutMs,
  }
}
