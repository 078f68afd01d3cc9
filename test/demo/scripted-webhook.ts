import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { RunningWebhook } from '../../src/demo/stage.ts'
import { makeCertificate } from '../../src/webhook/certificate.ts'

/** What a scripted webhook puts into its response. */
export type Script = (reviewNumber: number) => object

/** A webhook that gives the answers it was told to, in their order, and knows whether it was closed. */
export const startScriptedWebhook = async (script: Script): Promise<RunningWebhook & { isClosed(): boolean }> => {
  const { cert, key, ca } = await makeCertificate(['127.0.0.1'], new Date(), 60_000)
  let count = 0
  const server = createServer({ cert, key }, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { uid } = JSON.parse(Buffer.concat(chunks).toString()).request
    const answer = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, ...script(count) } }
    count += 1
    response.end(JSON.stringify(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caPem: ca,
    isClosed: () => !server.listening,
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
