import { createApiServer } from '../../../src/cluster/api-server.ts'
import { findCluster } from '../../../src/cluster/find-cluster.ts'
import { openCertificate } from '../../../src/commands/certificates.ts'
import { settingsOf, withFlags } from '../../../src/commands/configuration.ts'
import { startWebhook } from '../../../src/commands/webhook.ts'
import { defaultConfiguration } from '../../../src/config/defaults.ts'
import type { Lives } from '../../../src/webhook/own-certificate.ts'
import type { ClusterAccess } from '../../cluster/real/access.ts'
import { home, port, registrationName, secretName, serverName } from './installation.ts'

/** A webhook in this process, whose authority changes when it is told to. */
export interface Rotating {
  /** Makes another authority, and ends when the webhook serves with it. */
  readonly renew: () => Promise<void>
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
  let renewed = Promise.withResolvers<void>()
  certificate.value.follow(next => {
    webhook.value.server.useCertificate(next)
    renewed.resolve()
  })
  return {
    renew: async () => {
      renewed = Promise.withResolvers()
      // Without an authority in it, another one is made: what served until then stays trusted until nobody serves with it.
      await cluster.client.request('PATCH', secretPath, { data: null }, 'application/merge-patch+json')
      await renewed.promise
    },
    close: async () => {
      await certificate.value.close()
      await webhook.value.close()
      api.close()
    },
  }
}
