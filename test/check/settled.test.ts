import { describe, expect, test } from 'vitest'
import { singleImage } from '../../src/demo/images.ts'
import type { EmbeddedRegistry, Intercept } from '../../src/demo/registry.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import { certsD } from '../support/certs-d.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { bearerGate, startTokenServer } from '../support/token-server.ts'
import { inTime, type Stage, type StageOptions, said, secretFor, stageFor, workloadWith } from './stage.ts'

const bob: Credential = { username: 'bob', password: 'right' }
const noDigest = `sha256:${'0'.repeat(64)}`

/** What tells this registry from one that gives everybody a token. */
type Oddity = (path: string, response: Parameters<Intercept>[1]) => boolean | undefined

/** A registry that gives everybody a token, as Docker Hub does, but for its oddity. */
const tokenRegistry = async (oddity: Oddity = () => undefined): Promise<EmbeddedRegistry> => {
  const gate = bearerGate({ tokens: closedAfterTest(await startTokenServer({ accounts: [bob] })) })
  const registry = await registryFor({
    intercept: async (request, response) =>
      (await gate(request, response)) || oddity(request.url ?? '', response) === true,
  })
  registry.put('shop/web', '1.4.0', singleImage('linux/amd64'))
  return registry
}

/** A core as that of a pipeline, with a secret that is not known. */
const gateStage = (options: StageOptions = {}): Stage => {
  const stage = stageFor({ settles: true, ...options })
  stage.secrets.set('shop/shut', 'unreadable')
  return stage
}

const lists = ({ requests }: EmbeddedRegistry): number => requests.filter(({ path }) => path.includes('/tags/')).length

const isList = (path: string): boolean => path.includes('/tags/list')

const answering =
  (document: object, headers: Readonly<Record<string, string>> = {}): Oddity =>
  (path, response) => {
    if (!isList(path)) return undefined
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(document))
    return true
  }

const tags = ['1.4.0']

describe('a "no" to whom the tags are shown', () => {
  test('counts, though a secret is not known: the repository is open to who asks', async () => {
    const registry = await tokenRegistry()
    const { check } = gateStage()
    const { verdicts } = await check(workloadWith([`${registry.host}/shop/web:1.40`], ['shut']), inTime())
    expect(verdicts).toMatchObject([{ findings: [{ code: 'not-found', missing: 'tag', near: ['1.4.0'] }] }])
    expect(lists(registry)).toBe(1)
  })

  test('counts for whatever is not known: an account, a controller, what nodes may hold', async () => {
    const { host } = await tokenRegistry()
    const { check, accounts } = gateStage({ nodesMayHold: () => true })
    accounts.set('shop/default', 'unreadable')
    const template = workloadWith([`${host}/shop/web:1.40`], [], { kind: 'Deployment', account: 'default' })
    expect(said(await check(template, inTime()))).toEqual(['not-found'])
    expect(said(await check(workloadWith([`${host}/shop/web:1.40`]), inTime()))).toEqual(['not-found'])
  })

  test('counts for credentials that are known, of which another may be better', async () => {
    const { host } = await tokenRegistry()
    const { check, secrets } = gateStage()
    secrets.set('shop/right', secretFor(bob, host))
    const workload = workloadWith([`${host}/shop/web:1.40`], ['right', 'shut'])
    expect(said(await check(workload, inTime()))).toEqual(['not-found'])
  })

  test('counts for a digest', async () => {
    const { host } = await tokenRegistry()
    const { check } = gateStage()
    const { verdicts } = await check(workloadWith([`${host}/shop/web@${noDigest}`], ['shut']), inTime())
    expect(verdicts).toMatchObject([{ findings: [{ code: 'not-found', missing: 'digest' }] }])
  })

  test('counts only where nodes do not hold the image', async () => {
    const { host } = await tokenRegistry()
    const { check } = gateStage({ nodes: 'unknown' })
    const kept = workloadWith([`${host}/shop/web:1.40`], ['shut'], { policy: 'IfNotPresent' })
    expect(said(await check(kept, inTime()))).toEqual(['cached-only'])
    expect(said(await check(workloadWith([`${host}/shop/web:1.40`], ['shut']), inTime()))).toEqual(['not-found'])
  })
})

describe('a "no" stays in doubt', () => {
  test.each<[string, Oddity]>([
    ['where the list is refused', (path, response) => isList(path) && Boolean(response.writeHead(403).end())],
    ['where there is no list', (path, response) => isList(path) && Boolean(response.writeHead(404).end())],
    ['where the list is empty, as some registries have one for every name', answering({ tags: [] })],
    ['where the list is none', answering({ tags: null })],
    ['at Artifactory, which may hide tags', answering({ tags }, { 'x-jfrog-version': 'Artifactory/7.90.1' })],
    ['at an older Artifactory', answering({ tags }, { server: 'Artifactory/4.16.1' })],
    ['at Artifactory behind a proxy', answering({ tags }, { 'x-artifactory-id': 'a1', server: 'nginx' })],
    ['at Nexus, which may hide tags', answering({ tags }, { server: 'Nexus/3.70.1-02 (COMMUNITY)' })],
  ])('%s', async (_, oddity) => {
    const { host } = await tokenRegistry(oddity)
    const { check } = gateStage()
    const images = [`${host}/shop/web:1.40`, `${host}/shop/web@${noDigest}`]
    expect(said(await check(workloadWith(images, ['shut']), inTime()))).toEqual(images.map(() => 'unknown-credentials'))
  })

  test('where a mirror lists tags, and not the registry behind it', async () => {
    const [near, far] = [await tokenRegistry(), await tokenRegistry()]
    const { findPlaces } = await certsD(`server = "http://${far.host}"\n[host."http://${near.host}"]`)
    const { check } = gateStage({ registry: { findPlaces } })
    const image = 'registry.example/shop/web:1.40'
    expect(said(await check(workloadWith([image], ['shut']), inTime()))).toEqual(['unknown-credentials'])
  })

  test('where the tag is listed after all', async () => {
    const { host } = await tokenRegistry(answering({ tags: ['1.40'] }))
    const { check } = gateStage()
    const workload = workloadWith([`${host}/shop/web:1.40`], ['shut'])
    expect(said(await check(workload, inTime()))).toEqual(['registry-error'])
  })

  test('for the webhook, which lists nothing to settle it', async () => {
    const registry = await tokenRegistry()
    const { check } = gateStage({ settles: false })
    const workload = workloadWith([`${registry.host}/shop/web:1.40`], ['shut'])
    expect(said(await check(workload, inTime()))).toEqual(['unknown-credentials'])
    expect(lists(registry)).toBe(0)
  })
})
