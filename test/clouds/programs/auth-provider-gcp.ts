// Stands in for Google's credential provider as GKE configures it (cloud-provider-gcp, cmd/auth-provider-gcp and
// pkg/gcpcredential): same addresses, same variables, same answers. In particular a metadata server that fails is no failure of
// the program, and an answer is not to be kept unless a variable says so.
import { parseArgs } from 'node:util'
import { fetched } from './fetched.ts'
import { type Auth, type Question, readQuestion, respond } from './provider-response.ts'

const account = 'http://metadata.google.internal./computeMetadata/v1/instance/service-accounts/default'
const sending = { method: 'GET', headers: { 'Metadata-Flavor': 'Google' }, body: '' } as const
const registries = ['container.cloud.google.com', 'gcr.io', '*.gcr.io', '*.pkg.dev']
const cacheKeys: Readonly<Record<string, string>> = { image: 'Image', registry: 'Registry', global: 'Global' }

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { v: { type: 'string' }, 'identity-provider': { type: 'string' }, 'project-id': { type: 'string' } },
})

const machineToken = async (): Promise<string> => {
  const { access_token: token } = JSON.parse(await fetched(`${account}/token`, sending))
  await fetched(`${account}/email`, sending)
  return token
}

const podToken = async (proof: string | undefined): Promise<string> => {
  const body = JSON.stringify({
    audience: `identitynamespace:${flags['project-id']}.svc.id.goog:${flags['identity-provider']}`,
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    scope: 'https://www.googleapis.com/auth/cloud-platform',
    subject_token: proof,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  })
  const exchange = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body } as const
  return JSON.parse(await fetched('https://sts.googleapis.com/v1/token', exchange)).access_token
}

const authFor = async (question: Question): Promise<Readonly<Record<string, Auth>>> => {
  const { image, serviceAccountToken: proof, serviceAccountAnnotations: annotations = {} } = question
  const isPods = flags['identity-provider'] !== undefined && annotations['iam.gke.io/enable-wi-image-pull'] === 'true'
  try {
    const password = await (isPods ? podToken(proof) : machineToken())
    const [registry = ''] = image.split('/')
    return Object.fromEntries([registry, ...registries].map(each => [each, { username: '_token', password }]))
  } catch (error) {
    console.error(`no access token: ${error}`)
    return {}
  }
}

if (positionals[0] !== 'get-credentials') throw new Error('no command was given')
const auth = await authFor(await readQuestion())
const cacheKey = cacheKeys[process.env['KUBE_SIDECAR_CACHE_TYPE'] ?? 'image']
if (cacheKey === undefined) throw new Error('the variable names no kind of cache key')
respond(cacheKey, process.env['KUBE_SIDECAR_CACHE_DURATION'] ?? '0s', auth)
