// Stands in for Azure's credential provider as AKS configures it (cloud-provider-azure, cmd/acr-credential-provider and
// pkg/credentialprovider): same addresses, same settings in azure.json, same answers. In particular it offers an empty name and
// password for every registry of Azure's, for those that anybody may pull from.
import { readFile } from 'node:fs/promises'
import { fetched } from './fetched.ts'
import { type Auth, type Question, readQuestion, respond } from './provider-response.ts'

const directory = 'http://169.254.169.254/metadata/identity/oauth2/token'
const audience = 'https://containerregistry.azure.net'
// What stands for a name where the password is a refresh token.
const nobody = '00000000-0000-0000-0000-000000000000'
const registries = ['*.azurecr.io', '*.azurecr.cn', '*.azurecr.de', '*.azurecr.us']

const [, , file] = process.argv
if (file === undefined) throw new Error('no file of settings was given')
const settings = JSON.parse(await readFile(file, 'utf8'))

const machineToken = async (): Promise<string> => {
  const identity = settings.userAssignedIdentityID
  const query = new URLSearchParams({ 'api-version': '2018-02-01', resource: audience, client_id: identity })
  const told = await fetched(`${directory}?${query}`, { method: 'GET', headers: { Metadata: 'true' }, body: '' })
  return JSON.parse(told).access_token
}

const podToken = async ({
  serviceAccountToken = '',
  serviceAccountAnnotations: annotations = {},
}: Question): Promise<string> => {
  const [client, tenant] = ['client-id', 'tenant-id'].map(key => annotations[`azure.workload.identity/${key}`])
  if (client === undefined || tenant === undefined) throw new Error('an annotation is missing')
  const form = {
    client_id: client,
    client_assertion: serviceAccountToken,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    grant_type: 'client_credentials',
    scope: `${audience}/.default`,
  }
  return JSON.parse(await posted(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, form)).access_token
}

const posted = (url: string, form: Record<string, string>): Promise<string> => {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  return fetched(url, { method: 'POST', headers, body: `${new URLSearchParams(form)}` })
}

const refreshToken = async (registry: string, question: Question): Promise<string> => {
  const token = await (question.serviceAccountToken === undefined ? machineToken() : podToken(question))
  const form = {
    grant_type: 'access_token_refresh_token',
    service: registry,
    tenant: settings.tenantId,
    access_token: token,
  }
  return JSON.parse(await posted(`https://${registry}/oauth2/exchange`, form)).refresh_token
}

const authFor = async (registry: string, question: Question): Promise<Readonly<Record<string, Auth>>> => {
  const anybody = { '*.azurecr.*': { username: '', password: '' } }
  if (settings.useManagedIdentityExtension)
    return { ...anybody, [registry]: { username: nobody, password: await refreshToken(registry, question) } }
  const principal = { username: settings.aadClientId, password: settings.aadClientSecret }
  return { ...anybody, ...Object.fromEntries(registries.map(each => [each, principal])) }
}

const question = await readQuestion()
const registry = /^.+?\.azurecr\.(?:io|cn|de|us)(?=\/)/.exec(question.image)?.[0]
if (registry === undefined) respond('Registry', '0s', {})
else respond('Registry', '5m0s', await authFor(registry, question))
