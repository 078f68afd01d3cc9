import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { directoryForTest } from '../credentials/programs.ts'
import { credentialOf } from '../support/shapes/asked.ts'
import { ecr } from '../support/shapes/ecr.ts'
import { ecrPublic } from '../support/shapes/ecr-public.ts'
import { type Amazon, type AmazonOptions, startAmazon } from './amazon.ts'
import { builtDirectory } from './built.ts'
import { type CloudNodeOptions, cloudNode } from './cloud-node.ts'
import { startCloudRegistry } from './cloud-registry.ts'

const password = credentialOf('right')?.password ?? ''
const right = { username: 'AWS', password }
const { private: image = '', undigested: sibling = '' } = ecr.images
const { public: publicImage = '' } = ecrPublic.images
const role = 'arn:aws:iam::123456789012:role/pullgate'
const proof = 'PROOF-CANARY'
const provider = {
  config: {
    name: 'ecr-credential-provider',
    matchImages: ['*.dkr.ecr.*.amazonaws.com', 'public.ecr.aws'],
  },
  binDir: builtDirectory,
}

const amazonWith = (options: Partial<AmazonOptions> = {}): Promise<Amazon> =>
  startAmazon({ password, proof, role, lifeSeconds: 12 * 3600, mayPull: true, ...options })

/** Where the endpoints are; the machine's is not there unless it is asked for. */
const endpoints = ({ url }: Amazon) => ({
  AWS_ENDPOINT_URL_ECR: url,
  AWS_ENDPOINT_URL_ECR_PUBLIC: url,
  AWS_ENDPOINT_URL_STS: url,
  AWS_EC2_METADATA_DISABLED: 'true',
})

const machine = ({ url }: Amazon) => ({
  AWS_EC2_METADATA_DISABLED: 'false',
  AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
})

const nodeWith = async (amazon: Amazon, more: Partial<CloudNodeOptions> = {}, shape = ecr) =>
  cloudNode({
    registry: await startCloudRegistry(shape),
    provider,
    ...more,
    environment: { ...endpoints(amazon), ...(more.environment ?? machine(amazon)) },
  })

const proofFile = async (): Promise<string> => {
  const file = join(await directoryForTest(), 'token')
  await writeFile(file, proof)
  return file
}

describe("Amazon's provider gives the registry's password", () => {
  test('to the role of the machine', async () => {
    const amazon = await amazonWith()
    const node = await nodeWith(amazon)
    expect(await node.keys(image)).toEqual({ credentials: [right], notes: [{ kind: 'nodes-may-hold' }] })
    expect(amazon.asked[0]).toBe('PUT /latest/api/token')
    expect(amazon.asked.at(-1)).toBe('ecr eu-west-1 by machine')
    expect(await node.verdict(image)).toBe('pass')
  })

  test('to the role of an association of EKS Pod Identity', async () => {
    const amazon = await amazonWith()
    const environment = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${amazon.url}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await proofFile(),
    }
    const node = await nodeWith(amazon, { environment })
    expect(await node.verdict(image)).toBe('pass')
    expect(amazon.asked).toEqual(['agent', 'ecr eu-west-1 by agent'])
  })

  test("to the role of Pullgate's own ServiceAccount", async () => {
    const amazon = await amazonWith()
    const environment = { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: await proofFile() }
    const node = await nodeWith(amazon, { environment })
    expect(await node.verdict(image)).toBe('pass')
    expect(amazon.asked).toEqual([`STS AssumeRoleWithWebIdentity ${role}`, 'ecr eu-west-1 by token'])
  })

  test("to the role of the pod's ServiceAccount, for that account alone", async () => {
    const amazon = await amazonWith()
    const annotation = 'eks.amazonaws.com/ecr-role-arn'
    const tokenAttributes = {
      serviceAccountTokenAudience: 'sts.amazonaws.com',
      cacheType: 'ServiceAccount',
      requireServiceAccount: true,
      requiredServiceAccountAnnotationKeys: [annotation],
    }
    const node = await nodeWith(amazon, {
      provider: { ...provider, config: { ...provider.config, tokenAttributes } },
      environment: {},
      accounts: {
        findAccount: async () => ({ uid: 'uid-1', annotations: new Map([[annotation, role]]) }),
        requestToken: async ({ audience }) => (audience === 'sts.amazonaws.com' ? proof : undefined),
      },
    })
    expect(await node.verdict(image)).toBe('pass')
    expect(amazon.asked).toEqual([`STS AssumeRoleWithWebIdentity ${role}`, 'ecr eu-west-1 by token'])
  })

  test('of the public gallery, whose token is of one region alone', async () => {
    const amazon = await amazonWith()
    const node = await nodeWith(amazon, {}, ecrPublic)
    expect((await node.keys(publicImage)).credentials).toEqual([right])
    expect(amazon.asked.at(-1)).toBe('ecr-public us-east-1 by machine')
    expect(await node.verdict(publicImage)).toBe('pass')
  })
})

describe("what Amazon's provider gave", () => {
  const tokens = ({ asked }: Amazon): number => asked.filter(each => each.startsWith('ecr ')).length

  test('is kept for all of the registry, for half of its life', async () => {
    const amazon = await amazonWith({ lifeSeconds: 12 * 3600 })
    const node = await nodeWith(amazon)
    const asks = async (name: string): Promise<number> => {
      expect((await node.keys(name)).credentials).toEqual([right])
      return tokens(amazon)
    }
    expect(await asks(image)).toBe(1)
    expect(await asks(sibling)).toBe(1)
    // Whole seconds of half the life, less the second that began.
    node.pass(6 * 3600 * 1000 - 2000)
    expect(await asks(image)).toBe(1)
    node.pass(3000)
    expect(await asks(image)).toBe(2)
  })

  test('is refused where the role may not read the repository, which is the last word where nodes have nothing else', async () => {
    const foreign = `${ecr.images['foreign']}`
    expect(await (await nodeWith(await amazonWith())).verdict(foreign)).toBe('node-credentials')
    const sure = await nodeWith(await amazonWith(), { nodesMayHave: [] })
    expect(await sure.verdict(foreign)).toBe('denied')
  })
})

describe('without what a node has', () => {
  test('a refusal by Amazon is what the nodes may know better', async () => {
    const registry = await startCloudRegistry(ecr)
    expect(await (await cloudNode({ registry, provider: undefined })).verdict(image)).toBe('node-credentials')
    const node = await cloudNode({ registry, provider: undefined, nodesMayHave: [] })
    expect(await node.verdict(image)).toBe('denied')
  })

  test.each<[what: string, options: Partial<AmazonOptions>, withRole: boolean]>([
    ['the role may not get a token', { mayPull: false }, true],
    ['there is no role', {}, false],
  ])('it is unknown whether a pull succeeds where %s, and nothing secret is said', async (_, options, withRole) => {
    const amazon = await amazonWith(options)
    const node = await nodeWith(amazon, withRole ? {} : { environment: {} })
    const { credentials, notes } = await node.keys(image)
    expect(credentials).toEqual([])
    expect(notes).toMatchObject([
      { kind: 'unreadable', source: 'provider', name: 'ecr-credential-provider', problem: { what: 'failed' } },
      { kind: 'nodes-may-hold' },
    ])
    expect(JSON.stringify([notes, node.logged()])).not.toMatch(/CANARY|SECRET|PASSWORD|SESSION/)
    expect(await node.verdict(image)).toBe('unknown-credentials')
  })
})
