import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { AccountSource } from '../../src/credentials/provider/account-proof.ts'
import { directoryForTest } from '../credentials/programs.ts'
import { credentialOf } from '../support/shapes/asked.ts'
import { acr, openAcr } from '../support/shapes/azure.ts'
import { type Azure, exchanging, startAzure } from './azure.ts'
import { type CloudNode, cloudNode } from './cloud-node.ts'
import { startCloudRegistry } from './cloud-registry.ts'
import { standInProgram } from './stand-in-program.ts'

const password = credentialOf('right')?.password ?? ''
const right = { username: '00000000-0000-0000-0000-000000000000', password }
const anybody = { username: '', password: '' }
const mayHold = { kind: 'nodes-may-hold' }
const unread = { kind: 'unreadable', source: 'provider', name: 'acr-credential-provider' }
const { app: image = '', missing: sibling = '' } = acr.images
const { app: openImage = '' } = openAcr.images
const identity = '11111111-2222-3333-4444-555555555555'
const proof = 'PROOF-CANARY'
const managed = { tenantId: 'tenant', useManagedIdentityExtension: true, userAssignedIdentityID: identity }

interface Setting {
  readonly settings?: object
  readonly shape?: typeof acr
  readonly refreshToken?: string
  readonly nodesMayHave?: readonly string[]
  readonly tokenAttributes?: object
  readonly accounts?: AccountSource
}

const nodeWith = async ({
  settings = managed,
  shape = acr,
  refreshToken = password,
  tokenAttributes,
  ...more
}: Setting = {}): Promise<{
  readonly azure: Azure
  readonly node: CloudNode
}> => {
  const registry = await startCloudRegistry(shape, exchanging(shape.hosts[0] ?? '', refreshToken))
  const azure = await startAzure({ identity, proof, portOf: registry.portOf, certificate: registry.certificate })
  const directory = await directoryForTest()
  const [settingsFile, caFile] = [join(directory, 'azure.json'), join(directory, 'ca.pem')]
  await writeFile(settingsFile, JSON.stringify(settings))
  await writeFile(caFile, registry.certificate.ca)
  const config = {
    name: 'acr-credential-provider',
    matchImages: ['*.azurecr.io', '*.azurecr.cn', '*.azurecr.de', '*.azurecr.us'],
    args: [settingsFile],
    defaultCacheDuration: '10m',
    ...(tokenAttributes && { tokenAttributes }),
  }
  const provider = { config, binDir: await standInProgram('acr-credential-provider') }
  const environment = { ...azure.environment, SSL_CERT_FILE: caFile }
  return { azure, node: await cloudNode({ registry, provider, environment, ...more }) }
}

describe("Azure's provider", () => {
  test('gives a refresh token for the managed identity of the machine, and then nobody', async () => {
    const { azure, node } = await nodeWith()
    expect(await node.keys(image)).toEqual({ credentials: [right, anybody], notes: [mayHold] })
    const directory = '169.254.169.254/metadata/identity/oauth2/token'
    expect(azure.asked).toEqual([`${directory} https://containerregistry.azure.net as ${identity}`])
    expect(await node.verdict(image)).toBe('pass')
  })

  test('gives the name and the secret of a service principal, for which nobody is asked', async () => {
    const settings = { tenantId: 'tenant', aadClientId: 'principal', aadClientSecret: password }
    const { azure, node } = await nodeWith({ settings })
    expect((await node.keys(image)).credentials).toEqual([{ username: 'principal', password }, anybody])
    expect(azure.asked).toEqual([])
    expect(await node.verdict(image)).toBe('pass')
  })

  test("gives a refresh token for the identity of the pod's ServiceAccount, which the machine has not", async () => {
    const annotations = ['azure.workload.identity/client-id', 'azure.workload.identity/tenant-id']
    const { azure, node } = await nodeWith({
      settings: { ...managed, userAssignedIdentityID: 'another' },
      tokenAttributes: {
        serviceAccountTokenAudience: 'api://AzureADTokenExchange',
        cacheType: 'ServiceAccount',
        requireServiceAccount: true,
        requiredServiceAccountAnnotationKeys: annotations,
      },
      accounts: {
        findAccount: async () => ({
          uid: 'uid-1',
          annotations: new Map(annotations.map((key, at) => [key, [identity, 'tenant'][at] ?? ''])),
        }),
        requestToken: async ({ audience }) => (audience === 'api://AzureADTokenExchange' ? proof : undefined),
      },
    })
    expect(await node.verdict(image)).toBe('pass')
    const login = 'login.microsoftonline.com/tenant/oauth2/v2.0/token'
    expect(azure.asked).toEqual([`${login} https://containerregistry.azure.net/.default as ${identity}`])
  })

  test('gives a token that may not pull: that is a refusal, though nobody is tried too', async () => {
    const { node } = await nodeWith({ refreshToken: 'TOKEN-OF-A-STRANGER', nodesMayHave: [] })
    expect(await node.verdict(image)).toBe('denied')
  })

  test('gives a token that may not pull what nobody need show one for', async () => {
    const { node } = await nodeWith({ shape: openAcr, refreshToken: 'TOKEN-OF-A-STRANGER' })
    expect(await node.verdict(openImage)).toBe('pass')
  })

  test('fails where the machine has not that identity: then nothing is known, and nothing secret is said', async () => {
    const settings = { ...managed, userAssignedIdentityID: 'another' }
    const { node } = await nodeWith({ settings })
    const { credentials, notes } = await node.keys(image)
    expect(credentials).toEqual([])
    expect(notes).toMatchObject([unread, mayHold])
    expect(node.logged()).toEqual([expect.stringMatching(/^The credential provider .* failed\./)])
    expect(JSON.stringify([notes, node.logged()])).not.toMatch(/CANARY|SECRET|PASSWORD|TOKEN/i)
    expect(await node.verdict(image)).toBe('unknown-credentials')
  })

  test('is not there: a refusal by Azure is what the nodes may know better', async () => {
    const registry = await startCloudRegistry(acr)
    expect(await (await cloudNode({ registry, provider: undefined })).verdict(image)).toBe('node-credentials')
    const node = await cloudNode({ registry, provider: undefined, nodesMayHave: [] })
    expect(await node.verdict(image)).toBe('denied')
  })

  test("is asked once in five minutes for all of a registry, whatever the kubelet's default is", async () => {
    const { azure, node } = await nodeWith()
    const asks = async (name: string): Promise<number> => {
      expect((await node.keys(name)).credentials).toEqual([right, anybody])
      return azure.asked.length
    }
    expect(await asks(image)).toBe(1)
    expect(await asks(sibling)).toBe(1)
    node.pass(5 * 60 * 1000)
    expect(await asks(image)).toBe(1)
    node.pass(1)
    expect(await asks(image)).toBe(2)
  })
})
