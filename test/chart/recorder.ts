import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A webhook that lets everything pass, and notes what it was asked. */
export interface Recorder {
  readonly port: number
  /** What was asked since the last look: `CREATE pods default/web`. */
  readonly asked: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Starts a recorder at an address, with a certificate. */
export const startRecorder = async (
  address: string,
  certificate: { readonly cert: string; readonly key: string },
): Promise<Recorder> => {
  let asked: string[] = []
  const server = createServer(certificate, async (incoming, outgoing) => {
    const { request } = JSON.parse(await text(incoming))
    const { operation, resource, subResource, namespace, name, uid } = request
    const what = subResource ? `${resource.resource}/${subResource}` : resource.resource
    asked.push(`${operation} ${what} ${namespace}/${name}`)
    const response = { uid, allowed: true }
    outgoing.setHeader('content-type', 'application/json')
    outgoing.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }))
  })
  server.listen(0, address)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked: () => {
      const noted = asked
      asked = []
      return noted
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
