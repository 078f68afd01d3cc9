import { writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/commands/program.ts'
import { multiArchImage } from '../../src/demo/images.ts'
import { makeCertificate } from '../../src/webhook/certificate.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { podWith, reviewOf } from '../support/reviews.ts'
import { post } from './ask-webhook.ts'
import { folder, pullgate } from './run-pullgate.ts'
import { attentive, registrationPath, type ServingWorld, secretPath, servingWorld } from './serving-world.ts'

const shared = ['--ca-secret', 'pullgate/pullgate-ca', '--webhook-configuration', 'pullgate', '--name', '127.0.0.1']
const usual = ['--port', '0', '--platform', 'linux/amd64', '--allow-address', '127.0.0.1']

interface Served {
  readonly url: string
  readonly metricsUrl: string
  readonly log: ReturnType<typeof attentive>
  /** Asks it to end, and gives its exit code. */
  readonly stop: () => Promise<number>
}

const serve = async ({ path, kubeconfig }: ServingWorld, more: readonly string[] = []): Promise<Served> => {
  const config = join(path, 'pullgate.yaml')
  await writeFile(config, 'serve: { drainSeconds: 0 }')
  const [stdout, log, stopping] = [attentive(), attentive(), new AbortController()]
  const argv = ['serve', '--config', config, '--context', 'real', '--metrics-port', '0', ...shared, ...usual, ...more]
  const ended = run({
    ...{ argv, folder: path, environment: { KUBECONFIG: kubeconfig } },
    ...{ stdout: stdout.stream, stderr: log.stream, onReload: () => {} },
    onStop: stop => stopping.signal.addEventListener('abort', stop),
  })
  const stop = (): Promise<number> => {
    stopping.abort()
    return ended
  }
  closedAfterTest({ close: stop })
  const said = await Promise.race([stdout.until('its metrics'), ended.then(() => log.text())])
  const [url = '', metricsUrl = ''] = said.match(/https?:\/\/[^/\s]+/g) ?? []
  return { url, metricsUrl, log, stop }
}

const bundleOf = ({ api }: ServingWorld): string => {
  const { webhooks } = api.objects.get(registrationPath) as unknown as {
    readonly webhooks: readonly { readonly clientConfig: { readonly caBundle?: string } }[]
  }
  return Buffer.from(webhooks[0]?.clientConfig.caBundle ?? '', 'base64').toString()
}

describe('a webhook in a cluster', () => {
  test('answers with a certificate that the API server was told to trust, and leaves an Event where the mode lets pass', async () => {
    const world = await servingWorld()
    const registry = await registryFor()
    registry.put('shop/web', '1', multiArchImage(['linux/amd64']))
    const { url, log, metricsUrl, stop } = await serve(world)
    expect(Object.keys((world.api.objects.get(secretPath)?.['data'] ?? {}) as object)).toEqual(['ca.crt', 'ca.key'])
    const body = JSON.stringify(reviewOf(podWith([`${registry.host}/shop/web:9`])))
    const answer = await post({ url, caPem: bundleOf(world) }, body)
    expect(answer.body.response).toMatchObject({
      allowed: true,
      auditAnnotations: { mode: 'audit', denial: 'logged', verdicts: 'spec.containers[0].image: fail [not-found]' },
    })
    expect(await log.until('self-test:')).toContain('trials went well')
    const events = () => world.api.requests.filter(({ path }) => path === '/api/v1/namespaces/shop/events')
    // Nobody waits for it.
    await expect.poll(() => events().map(each => JSON.parse(each.body).reason)).toEqual(['ImageNotPullable'])
    const figures = await (await fetch(`${metricsUrl}/metrics`)).text()
    expect(figures).toMatch(/pullgate_certificate_expiry_timestamp_seconds\{certificate="server"\} 1/)
    expect((await fetch(`${metricsUrl}/readyz`)).status).toBe(200)
    expect(await stop()).toBe(0)
  })

  test('two of them that begin at once share one authority', async () => {
    const world = await servingWorld()
    const both = await Promise.all([serve(world), serve(world)])
    const body = JSON.stringify(reviewOf({ kind: 'ConfigMap' }))
    for (const { url } of both) expect((await post({ url, caPem: bundleOf(world) }, body)).status).toBe(200)
  })

  test('does not try to read pull secrets where it was told not to, and cannot find out what needs them', async () => {
    const refuse = (_: IncomingMessage, response: ServerResponse): boolean => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="shop"' }).end()
      return true
    }
    const [world, registry] = [await servingWorld(), await registryFor({ intercept: refuse })]
    const { url } = await serve(world, ['--no-pull-secrets', '--mode', 'enforce'])
    const containers = [{ name: 'web', image: `${registry.host}/shop/web:9` }]
    const pod = podWith([], { spec: { containers, imagePullSecrets: [{ name: 'mine' }] } })
    const answer = await post({ url, caPem: bundleOf(world) }, JSON.stringify(reviewOf(pod)))
    expect(answer.body.response?.auditAnnotations?.['verdicts']).toContain('unknown [unknown-credentials')
    expect(world.api.requests.filter(({ path }) => path.endsWith('/secrets/mine'))).toEqual([])
  })

  test('says at the start which right it lacks, what that costs, and which rule gives it', async () => {
    const world = await servingWorld()
    world.withheld.add('secrets')
    const { log } = await serve(world)
    expect(await log.until('patch secrets')).toContain(
      'self-test: we may not get secrets, and so pull secrets count as unknown: add the rule {apiGroups: [\\"\\"], resources: [secrets], verbs: [get]}',
    )
  })
})

describe('pullgate serve --self-test', () => {
  const tried = async (world: ServingWorld, config: string, ...more: readonly string[]) => {
    const file = join(world.path, 'test.yaml')
    await writeFile(file, config)
    const argv = ['serve', '--self-test', '--config', file, '--context', 'real', ...shared, ...usual, ...more]
    return pullgate(argv, { environment: { KUBECONFIG: world.kubeconfig } })
  }

  test('ends with 0 where all is well', async () => {
    const registry = await registryFor()
    registry.put('shop/web', '1', multiArchImage(['linux/amd64']))
    const { code, stdout } = await tried(await servingWorld(), `serve: { testImage: "${registry.host}/shop/web:1" }`)
    expect(code).toBe(0)
    expect(stdout).toContain('ok     the configuration is valid')
    expect(stdout).toContain('ok     the certificate is good until')
    expect(stdout).toContain('ok     we may patch validatingwebhookconfigurations pullgate')
    expect(stdout).toContain(`ok     image ${registry.host}/shop/web:1 can be pulled`)
    expect(stdout).not.toMatch(/^(WRONG|unsure)/m)
  })

  test('ends with 1 where something is wrong, and says what', async () => {
    const [world, registry] = [await servingWorld(), await registryFor()]
    world.withheld.add('events')
    const { code, stdout } = await tried(world, `serve: { testImage: "${registry.host}/shop/web:1" }`)
    expect(code).toBe(1)
    expect(stdout).toContain('WRONG  we may not create events')
    expect(stdout).toContain('WRONG  image')
  })

  test('does not call it wrong that pull secrets may not be read, where that was chosen', async () => {
    const world = await servingWorld()
    world.withheld.add('secrets')
    expect((await tried(world, '')).stdout).toContain('WRONG  we may not get secrets, and so pull secrets count as unk')
    // The authority's Secret is another matter.
    const { code, stdout } = await tried(world, '', '--no-pull-secrets')
    expect(stdout).toContain('ok     pull secrets are not read, as was chosen')
    expect(stdout).not.toContain('may not get secrets, ')
    expect(stdout).toContain('WRONG  we may not get secrets pullgate-ca')
    expect(code).toBe(1)
    world.withheld.clear()
    expect(await tried(world, '', '--no-pull-secrets')).toMatchObject({ code: 0 })
  })

  const providersOf = async ({ path }: ServingWorld, ...providers: readonly object[]): Promise<string> => {
    const file = join(path, 'providers.json')
    const config = { apiVersion: 'kubelet.config.k8s.io/v1', kind: 'CredentialProviderConfig', providers }
    await writeFile(file, JSON.stringify(config))
    return `credentials: { providers: { config: ${file}, binDir: ${path} } }`
  }
  const provider = {
    name: 'plain',
    matchImages: ['registry.example'],
    defaultCacheDuration: '0s',
    apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
  }
  const tokenAttributes = { serviceAccountTokenAudience: 'a', cacheType: 'Token', requireServiceAccount: true }

  test('asks for the right to make tokens only where a credential provider is shown one', async () => {
    const world = await servingWorld()
    world.withheld.add('serviceaccounts/token')
    const without = await tried(world, await providersOf(world, provider))
    expect(without).toMatchObject({ code: 0 })
    expect(without.stdout).toContain('ok     the configuration of the credential providers is valid (plain)')
    expect(without.stdout).not.toContain('token')
    const config = await providersOf(world, provider, { ...provider, name: 'shown', tokenAttributes })
    const { code, stdout } = await tried(world, config)
    expect(code).toBe(1)
    expect(stdout).toContain('WRONG  we may not create serviceaccounts/token')
  })

  test('calls it wrong that the configuration of credential providers cannot be used', async () => {
    const world = await servingWorld()
    const { code, stdout } = await tried(world, await providersOf(world, { ...provider, matchImages: [] }))
    expect(code).toBe(1)
    expect(stdout).toMatch(/^WRONG {2}\S+providers\.json:\d+:\d+: .*matchImages.* No credential provider is asked\.$/m)
  })
})

describe('pullgate serve does not start, and says why in one sentence,', () => {
  test('where it may not read its Secret', async () => {
    const world = await servingWorld()
    world.api.willMeet(({ path }, response) => {
      if (path !== secretPath) return false
      response.writeHead(403).end()
      return true
    })
    const environment = { KUBECONFIG: world.kubeconfig }
    const { code, stderr } = await pullgate(['serve', '--context', 'real', ...shared, ...usual], { environment })
    expect(code).toBe(2)
    expect(stderr).toContain(
      'Secret pullgate/pullgate-ca cannot be read (we are not allowed to): let our ServiceAccount get it.\n',
    )
  })

  test('where the authority is of a cluster, and there is none', async () => {
    const { code, stderr } = await pullgate(['serve', ...shared, ...usual])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^--ca-secret is of a cluster, and none is known/)])
  })

  test('where the files of the certificate do not belong together, or are not there', async () => {
    const path = await folder()
    const [a, b] = await Promise.all([1, 2].map(() => makeCertificate(['a'], new Date(), 1000)))
    const [cert, key] = [join(path, 'a.crt'), join(path, 'b.key')]
    const flags = ['--cert-file', cert, '--key-file', key]
    expect((await pullgate(['serve', ...usual, ...flags])).stderr).toContain(`${cert} is not there`)
    await Promise.all([writeFile(cert, a?.cert ?? ''), writeFile(key, b?.key ?? '')])
    expect(await pullgate(['serve', ...usual, ...flags])).toMatchObject({
      code: 2,
      stderr: `${key} is not the key of the certificate in ${cert}.\n`,
    })
    expect((await pullgate(['serve', ...usual, '--client-ca-file', key])).stderr).toContain('holds no certificate')
  })

  test.each([
    [['--cert-file', 'a'], '--cert-file and --key-file go together.'],
    [['--cert-file', 'a', '--key-file', 'b', '--ca-secret', 'a/b'], 'exclude each other.'],
    [['--webhook-configuration', 'a'], '--webhook-configuration is for the authority of --ca-secret.'],
    [['--ca-secret', 'a'], '"a" is not a Secret such as pullgate/pullgate-ca.'],
  ])('where flags contradict each other: %j', async (flags, words) => {
    const { code, stderr } = await pullgate(['serve', ...flags])
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)])
  })
})
