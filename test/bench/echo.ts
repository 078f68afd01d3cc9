// The bare server that ours is held against: fastify over HTTPS, the same body parsed, the smallest answer.
import Fastify from 'fastify'
import { makeCertificate } from '../../src/webhook/certificate.ts'

const { key, cert, ca } = await makeCertificate(['127.0.0.1'], new Date(), 60 * 60 * 1000)
const server = Fastify({ https: { key, cert }, bodyLimit: 8 * 1024 * 1024 })
server.post('/validate', async request => {
  const { uid } = (request.body as { readonly request: { readonly uid: string } }).request
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } }
})
const url = await server.listen({ host: '127.0.0.1', port: 0 })
process.on('message', () => process.send?.(process.cpuUsage()))
process.send?.({ url, ca })
