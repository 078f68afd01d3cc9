import type { K3sEndpoint, K3sHosts } from './k3s-hosts.ts'

const quoted = (text: string): string => JSON.stringify(text)

const tlsLines = ({ tls }: K3sEndpoint): readonly string[] => {
  if (tls === undefined) return []
  const { caFile, certFile, keyFile, insecureSkipVerify } = tls
  return [
    caFile === '' ? '' : `ca = [${quoted(caFile)}]`,
    certFile === '' && keyFile === '' ? '' : `client = [[${quoted(certFile)}, ${quoted(keyFile)}]]`,
    insecureSkipVerify ? 'skip_verify = true' : '',
  ]
}

const endpointLines = (endpoint: K3sEndpoint): readonly string[] => [
  `[host."${endpoint.url}"]`,
  'capabilities = ["pull", "resolve"]',
  endpoint.overridesPath ? 'override_path = true' : '',
  ...tlsLines(endpoint),
]

/** The hosts.toml that K3s writes for a registry (pkg/agent/templates/templates.go HostsTomlTemplate), but for its rewrites. */
export const hostsTomlOf = ({ endpoints, server }: K3sHosts): string =>
  [
    server?.url === undefined ? '' : `server = "${server.url}"`,
    ...(server === undefined ? [] : tlsLines(server)),
    ...endpoints.flatMap(endpointLines),
  ].join('\n')
