import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { directoryForTest } from '../credentials/programs.ts'
import { credentialOf } from '../support/shapes/asked.ts'
import { artifactRegistry, containerRegistry } from '../support/shapes/google.ts'
import { type CloudNode, type CloudNodeOptions, cloudNode } from './cloud-node.ts'
import { startCloudRegistry } from './cloud-registry.ts'
import { type Google, startGoogle } from './google.ts'
import { standInProgram } from './stand-in-program.ts'

const password = credentialOf('right')?.password ?? ''
const right = { username: '_token', password }
const mayHold = { kind: 'nodes-may-hold' }
const { private: image = '', public: open = '' } = artifactRegistry.images
const config = {
  name: 'auth-provider-gcp',
  matchImages: ['container.cloud.google.com', 'gcr.io', '*.gcr.io', '*.pkg.dev'],
  args: ['get-credentials', '--v=3'],
  defaultCacheDuration: '1m',
}

interface Setting {
  readonly env?: Readonly<Record<string, string>>
  readonly shape?: typeof artifactRegistry
  readonly nodesMayHave?: readonly string[]
}

const nodeWith = async (
  token: string | undefined,
  { env = {}, shape = artifactRegistry, ...more }: Setting = {},
): Promise<{ readonly google: Google; readonly node: CloudNode }> => {
  const registry = await startCloudRegistry(shape)
  const google = await startGoogle({ token, certificate: registry.certificate })
  const added = Object.entries(env).map(([name, value]) => ({ name, value }))
  const provider: CloudNodeOptions['provider'] = {
    config: { ...config, env: added },
    binDir: await standInProgram('auth-provider-gcp'),
  }
  return { google, node: await cloudNode({ registry, provider, environment: google.environment, ...more }) }
}

/** How many times the program ran. */
const runs = ({ asked }: Google): number => asked.filter(each => each.endsWith('/token')).length

describe("Google's provider", () => {
  test("gives the access token of the machine's or the pod's account as a password", async () => {
    const { google, node } = await nodeWith(password)
    const { credentials, notes } = await node.keys(image)
    // For the host itself and for the pattern that it matches; the second is not tried.
    expect(credentials).toEqual([right, right])
    expect(notes).toEqual([mayHold])
    const account = 'metadata.google.internal./computeMetadata/v1/instance/service-accounts/default'
    expect(google.asked).toEqual([`GET ${account}/token`, `GET ${account}/email`])
    expect(await node.verdict(image)).toBe('pass')
    expect(await node.verdict(open)).toBe('pass')
  })

  test('gives it for the older registry too', async () => {
    const { node } = await nodeWith(password, { shape: containerRegistry })
    expect(await node.verdict(`${containerRegistry.images['private']}`)).toBe('pass')
  })

  test('gives a token that may not read the repository: that is no more than a refusal', async () => {
    const { node } = await nodeWith('TOKEN-OF-A-STRANGER', { nodesMayHave: [] })
    expect(await node.verdict(image)).toBe('denied')
  })

  test('fails without a word where there is no account: what nodes have is then not known', async () => {
    const { node } = await nodeWith(undefined)
    expect(await node.keys(image)).toEqual({ credentials: [], notes: [mayHold] })
    expect(await node.verdict(image)).toBe('node-credentials')
  })

  test('is not there: a refusal by Google is what the nodes may know better', async () => {
    const registry = await startCloudRegistry(artifactRegistry)
    expect(await (await cloudNode({ registry, provider: undefined })).verdict(image)).toBe('node-credentials')
    const node = await cloudNode({ registry, provider: undefined, nodesMayHave: [] })
    expect(await node.verdict(image)).toBe('denied')
  })

  test('is not the one that was configured: then nothing is known, and nothing secret is said', async () => {
    const { node } = await nodeWith(password, { env: { KUBE_SIDECAR_CACHE_TYPE: 'everything' } })
    const { credentials, notes } = await node.keys(image)
    expect(credentials).toEqual([])
    expect(notes).toMatchObject([
      { kind: 'unreadable', source: 'provider', name: 'auth-provider-gcp', problem: { what: 'failed' } },
      mayHold,
    ])
    expect(node.logged()).toEqual([expect.stringMatching(/^The credential provider .* failed\./)])
    expect(JSON.stringify([notes, node.logged()])).not.toMatch(/CANARY|SECRET|PASSWORD|TOKEN/i)
    expect(await node.verdict(image)).toBe('unknown-credentials')
  })
})

test("Google's provider gives a token for the pod's ServiceAccount that asks for it, and for no other", async () => {
  const annotation = 'iam.gke.io/enable-wi-image-pull'
  const cluster = 'https://container.googleapis.com/v1/projects/acme/locations/europe-west1/clusters/shop'
  const exchanges = {
    proof: 'PROOF-CANARY',
    audience: `identitynamespace:acme.svc.id.goog:${cluster}`,
    token: password,
  }
  const registry = await startCloudRegistry(artifactRegistry)
  const { certificate } = registry
  const google = await startGoogle({ token: 'TOKEN-OF-THE-MACHINE', exchanges, certificate })
  const caFile = join(await directoryForTest(), 'ca.pem')
  await writeFile(caFile, certificate.ca)
  const tokenAttributes = {
    serviceAccountTokenAudience: 'acme.svc.id.goog',
    cacheType: 'ServiceAccount',
    requireServiceAccount: false,
    optionalServiceAccountAnnotationKeys: [annotation],
  }
  const args = ['get-credentials', `--identity-provider=${cluster}`, '--project-id=acme']
  let annotations = new Map([[annotation, 'true']])
  const node = await cloudNode({
    registry,
    provider: { config: { ...config, args, tokenAttributes }, binDir: await standInProgram('auth-provider-gcp') },
    environment: { ...google.environment, SSL_CERT_FILE: caFile },
    accounts: { findAccount: async () => ({ uid: 'uid-1', annotations }), requestToken: async () => exchanges.proof },
    nodesMayHave: [],
  })
  expect(await node.verdict(image)).toBe('pass')
  expect(google.asked).toEqual(['POST sts.googleapis.com/v1/token'])
  annotations = new Map()
  expect(await node.verdict(image)).toBe('denied')
})

describe("what Google's provider gave", () => {
  const other = 'europe-west1-docker.pkg.dev/acme/other/app:1'
  const elsewhere = 'eu.gcr.io/acme/app:1'

  test('is not kept, whatever the kubelet is told, since the answer says so', async () => {
    const { google, node } = await nodeWith(password)
    for (const count of [1, 2]) {
      await node.keys(image)
      expect(runs(google)).toBe(count)
    }
  })

  test.each<[kind: string, names: readonly string[], expected: number]>([
    ['image', [image, image, other, elsewhere], 3],
    ['registry', [image, image, other, elsewhere], 2],
    ['global', [image, image, other, elsewhere], 1],
  ])('is kept by %s where variables of the program say so', async (kind, names, expected) => {
    const { google, node } = await nodeWith(password, {
      env: { KUBE_SIDECAR_CACHE_TYPE: kind, KUBE_SIDECAR_CACHE_DURATION: '10m' },
    })
    for (const name of names) expect((await node.keys(name)).credentials[0]).toEqual(right)
    expect(runs(google)).toBe(expected)
    node.pass(10 * 60 * 1000)
    await node.keys(elsewhere)
    expect(runs(google)).toBe(expected)
    node.pass(1)
    await node.keys(elsewhere)
    expect(runs(google)).toBe(expected + 1)
  })
})
