import { createApiServer } from '../../../src/cluster/api-server.ts'
import { findCluster } from '../../../src/cluster/find-cluster.ts'
import { openCertificate } from '../../../src/commands/certificates.ts'
import { settingsOf, withFlags } from '../../../src/commands/configuration.ts'
import { startWebhook } from '../../../src/commands/webhook.ts'
import { defaultConfiguration } from '../../../src/config/defaults.ts'
import type { Lives } from '../../../src/webhook/own-certificate.ts'
import type { ClusterAccess } from '../../cluster/real/access.ts'
import { home, port, registrationName, secretName, serverName } from './installation.ts'

/** A webhook in this process, whose certificates and authorities live for a moment. */
export interface Rotating {
  /** So many there have been until now. */
  readonly certificates: () => number
  readonly authorities: () => number
  /** Connections that somebody has made to it. */
  readonly connections: () => number
  /** Ends with the next certificate. */
  readonly next: () => Promise<void>
  /** Takes the authority out of the Secret, as if somebody had emptied it. */
  readonly lose: () => Promise<void>
  readonly close: () => Promise<void>
}

const never = new AbortController().signal
const secretPath = `/api/v1/namespaces/${home}/secrets/${secretName}`

/** Starts it; it looks after its certificate much more often than a real one. */
export const startRotating = async (
  cluster: ClusterAccess,
  address: string,
  lives: Lives & { readonly everyMs: number },
): Promise<Rotating> => {
  const { path } = await cluster.accountKubeconfig(home, 'pullgate')
  const nowMs = (): number => performance.now()
  const environment = { KUBECONFIG: path }
  const access = await findCluster({ environment, homeDirectory: '/', context: 'real', nowMs })
  if (!access.ok) throw new Error('there is no cluster')
  const api = createApiServer({ access: access.value, userAgent: 'pullgate/test', headMs: 5000 })
  const authority = { secret: { namespace: home, name: secretName }, registration: registrationName }
  const parts = { names: [serverName, address], cluster: { api }, lives }
  const telemetry = { certified: () => {}, log: (text: string) => console.log(text) }
  const certificate = await openCertificate({ ...parts, choice: { kind: 'shared', authority }, telemetry }, never)
  if (!certificate.ok) throw new Error(certificate.error)
  const flags = { platform: ['linux/amd64'], allowAddress: ['127.0.0.1'] }
  const settings = settingsOf(withFlags(defaultConfiguration(), flags), {})
  const webhook = await startWebhook({
    ...{ host: address, port, names: [], settings, cluster: undefined, log: telemetry.log },
    certificate: certificate.value.current(),
  })
  if (!webhook.ok) throw new Error(webhook.error)
  const { server } = webhook.value
  // Whoever asks comes back on a new connection, and looks at the certificate again.
  server.partWithClients()
  let connections = 0
  server.instance.server.on('secureConnection', () => {
    connections += 1
  })
  const first = certificate.value.current()
  const [certificates, authorities] = [new Set([first.cert]), new Set([first.ca])]
  let renewed = Promise.withResolvers<void>()
  certificate.value.follow(next => {
    server.useCertificate(next)
    certificates.add(next.cert)
    authorities.add(next.ca)
    renewed.resolve()
    renewed = Promise.withResolvers()
  })
  return {
    certificates: () => certificates.size,
    authorities: () => authorities.size,
    connections: () => connections,
    next: () => renewed.promise,
    lose: async () => {
      await cluster.client.request('PATCH', secretPath, { data: null }, 'application/merge-patch+json')
    },
    close: async () => {
      await certificate.value.close()
      await webhook.value.close()
      api.close()
    },
  }
}
