import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept } from '../../src/demo/registry.ts'
import { basicAuthorization, type Credential } from '../../src/registry/auth/credential.ts'
import type { Dialogue } from '../../src/registry/dialogue.ts'
import { placesFromRegistriesYaml } from '../../src/registry/hosts/k3s/registries-yaml-places.ts'
import { closedAfterTest, dialogueForTest, registryFor } from '../support/lifetime.ts'
import { pullOf } from '../support/reference-of.ts'
import { basicGate, bearerGate, startTokenServer } from '../support/token-server.ts'

const node: Credential = { username: 'node', password: 'NODE-SECRET' }
const pod: Credential = { username: 'pod', password: 'POD-SECRET' }
const image = singleImage('linux/amd64')
const found = { ok: true, value: { digest: image.top.digest } }
const signal = (): AbortSignal => AbortSignal.timeout(5000)

const stocked = async (
  intercept: Intercept,
): Promise<EmbeddedRegistry & { readonly proofs: (string | undefined)[] }> => {
  const proofs: (string | undefined)[] = []
  const registry = await registryFor({
    intercept: (request, response) => {
      proofs.push(request.headers.authorization)
      return intercept(request, response)
    },
  })
  registry.put('shop/web', '1', image)
  return { ...registry, proofs }
}

const nodeWith = async (registriesYaml: string): Promise<Dialogue> => {
  const root = await mkdtemp(join(tmpdir(), 'own-credentials-'))
  closedAfterTest({ close: () => rm(root, { recursive: true }) })
  const file = join(root, 'registries.yaml')
  await writeFile(file, registriesYaml)
  const findPlaces = placesFromRegistriesYaml({ file, defaultEndpoint: true, nowMs: () => 0, complain: () => {} })
  return dialogueForTest({ findPlaces })
}

const configFor = ({ host }: EmbeddedRegistry, { username, password }: Credential): string =>
  `configs: {"${host}": {auth: {username: ${username}, password: ${password}}}}`

describe('a node of K3s that holds a credential for a registry', () => {
  test('shows it once it is challenged, where the pod has none', async () => {
    const registry = await stocked(basicGate([node]))
    const dialogue = await nodeWith(configFor(registry, node))
    expect(await dialogue.resolve(pullOf(`${registry.host}/shop/web:1`), signal())).toMatchObject(found)
    expect(registry.proofs).toEqual([undefined, basicAuthorization(node)])
  })

  test('shows the pod’s and not its own where the pod has one, though it is refused', async () => {
    const registry = await stocked(basicGate([node]))
    const dialogue = await nodeWith(configFor(registry, node))
    expect(await dialogue.resolve(pullOf(`${registry.host}/shop/web:1`, pod), signal())).toMatchObject({
      error: { kind: 'refused', askedAs: 'credentials' },
    })
    expect(registry.proofs).not.toContain(basicAuthorization(node))
  })

  test('shows nothing where the pod has a credential without a name', async () => {
    const registry = await stocked(basicGate([node]))
    const dialogue = await nodeWith(configFor(registry, node))
    const empty = { username: '', password: '' }
    expect(await dialogue.resolve(pullOf(`${registry.host}/shop/web:1`, empty), signal())).toMatchObject({
      error: { kind: 'refused', askedAs: 'anonymous' },
    })
  })

  test('fetches a token with it', async () => {
    const tokens = closedAfterTest(await startTokenServer({ accounts: [node] }))
    const registry = await stocked(bearerGate({ tokens, readers: ['node'] }))
    const dialogue = await nodeWith(configFor(registry, node))
    expect(await dialogue.resolve(pullOf(`${registry.host}/shop/web:1`), signal())).toMatchObject(found)
    expect(tokens.requests.map(({ method }) => method)).toEqual(['POST'])
  })

  test('fetches a token with an identity token', async () => {
    const identity = { username: '', password: 'IDENTITY' }
    const tokens = closedAfterTest(await startTokenServer({ accounts: [identity] }))
    const registry = await stocked(bearerGate({ tokens, readers: ['identity'] }))
    const dialogue = await nodeWith(`configs: {"${registry.host}": {auth: {identity_token: IDENTITY}}}`)
    expect(await dialogue.resolve(pullOf(`${registry.host}/shop/web:1`), signal())).toMatchObject(found)
  })

  test('is refused with it as anybody is: that is the last word', async () => {
    const registry = await stocked(basicGate([pod]))
    const dialogue = await nodeWith(configFor(registry, node))
    expect(await dialogue.resolve(pullOf(`${registry.host}/shop/web:1`), signal())).toMatchObject({
      error: { kind: 'refused', askedAs: 'credentials' },
    })
  })

  test('shows it to no other registry, and a mirror’s to the mirror', async () => {
    const [near, far] = [await stocked(basicGate([node])), await stocked(basicGate([pod]))]
    near.untag('shop/web', '1')
    const mirrors = `mirrors: {"${far.host}": {endpoint: ["http://${near.host}"]}}`
    const dialogue = await nodeWith(`${mirrors}\n${configFor(near, node)}`)
    await dialogue.resolve(pullOf(`${far.host}/shop/web:1`), signal())
    expect(near.proofs).toContain(basicAuthorization(node))
    expect(far.proofs.filter(proof => proof !== undefined)).toEqual([])
  })

  test('that cannot be read is not asked with, and nothing is decided', async () => {
    const registry = await stocked(basicGate([node]))
    const dialogue = await nodeWith(`configs: {"${registry.host}": {auth: {auth: "not base64"}}}`)
    expect(await dialogue.resolve(pullOf(`${registry.host}/shop/web:1`), signal())).toMatchObject({
      error: { kind: 'unreachable', problem: 'hosts-mistaken' },
    })
    expect(registry.requests).toEqual([])
    await dialogue.resolve(pullOf(`${registry.host}/shop/web:1`, pod), signal())
    expect(registry.proofs).toContain(basicAuthorization(pod))
  })
})
