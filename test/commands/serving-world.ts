import { writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { apiServerFor } from '../support/api-server/connect.ts'
import { type ApiRequest, type FakeApiServer, refuse } from '../support/api-server/server.ts'
import type { ApiObject } from '../support/api-server/store.ts'
import { collector, folder } from './run-pullgate.ts'

/** Where the Secret and the registration of these tests are. */
export const secretPath = '/api/v1/namespaces/pullgate/secrets/pullgate-ca'
/** The ValidatingWebhookConfiguration's. */
export const registrationPath = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/pullgate'

/** A cluster in which the webhook may be installed. */
export interface ServingWorld {
  readonly api: FakeApiServer
  readonly path: string
  readonly kubeconfig: string
  /** Rights that are not given: what the resource is called, with its subresource. */
  readonly withheld: Set<string>
}

interface Operation {
  readonly path: string
  readonly value: unknown
}

interface Patched {
  readonly metadata: { readonly resourceVersion: string }
  readonly [field: string]: unknown
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** As an API server does with a patch: in vain for whoever read an older version. */
const patched = (object: ApiObject, operations: readonly Operation[]): ApiObject | undefined => {
  const copy = structuredClone(object) as unknown as Patched & ApiObject
  for (const { path, value } of operations) {
    const steps = path.split('/').slice(1)
    const last = steps.pop() ?? ''
    const target = steps.reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], copy)
    if (last === 'resourceVersion' && value !== copy.metadata.resourceVersion) return undefined
    Object.assign(target as object, { [last]: value })
  }
  return { ...copy, metadata: { ...copy.metadata, resourceVersion: `${Number(copy.metadata.resourceVersion) + 1}` } }
}

const answerJson = (response: ServerResponse, status: number, body: unknown): true => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  return true
}

const meetPatch = ({ objects }: FakeApiServer, { path, body }: ApiRequest, response: ServerResponse): true => {
  const before = objects.get(path)
  if (before === undefined) return refuse(response, 404, 'NotFound')
  const after = patched(before, JSON.parse(body) as readonly Operation[])
  if (after === undefined) return refuse(response, 409, 'Conflict')
  objects.set(path, after)
  return answerJson(response, 200, after)
}

interface Attributes {
  readonly resource: string
  readonly subresource?: string
}

const accessPath = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

/** Makes the world: an empty Secret, and a registration without a bundle. */
export const servingWorld = async (): Promise<ServingWorld> => {
  const [api, path] = await Promise.all([apiServerFor(), folder()])
  const withheld = new Set<string>()
  api.objects.set(secretPath, { kind: 'Secret', metadata: { name: 'pullgate-ca', resourceVersion: '1' } })
  const metadata = { name: 'pullgate', resourceVersion: '1' }
  api.objects.set(registrationPath, { metadata, webhooks: [{ clientConfig: {} }] } as ApiObject)
  api.namespaces.put({ metadata: { name: 'shop', labels: { 'pullgate.dev/mode': 'audit' } } })
  api.willMeet((request, response) => {
    if (request.method === 'PATCH') return meetPatch(api, request, response)
    if (request.path.endsWith('/events')) return answerJson(response, 201, {})
    if (request.path !== accessPath) return false
    const { resource, subresource } = JSON.parse(request.body).spec.resourceAttributes as Attributes
    const what = subresource === undefined ? resource : `${resource}/${subresource}`
    return answerJson(response, 201, { status: { allowed: !withheld.has(what) } })
  })
  const kubeconfig = join(path, 'kubeconfig')
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'real' },
    clusters: [{ name: 'real', cluster: { server: api.url, 'certificate-authority-data': base64(api.caPem) } }],
    users: [{ name: 'me', user: { token: 'TOKEN' } }],
    contexts: [{ name: 'real', context: { cluster: 'real', user: 'me' } }],
  }
  await writeFile(kubeconfig, JSON.stringify(config))
  return { api, path, kubeconfig, withheld }
}

/** A stream of which one can wait until it said something. */
export const attentive = () => {
  const { stream, text } = collector()
  const until = (words: string): Promise<string> =>
    new Promise(resolve => {
      const look = (): void => {
        if (text().includes(words)) resolve(text())
        else setImmediate(look)
      }
      look()
    })
  return { stream, text, until }
}
