import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { multiArchImage, singleImage } from '../../src/demo/images.ts'
import { makeCertificate } from '../../src/webhook/certificate.ts'
import { registryFor } from '../support/lifetime.ts'
import { folder, pullgate } from './run-pullgate.ts'

test('an image that is there passes, with its digest and what it holds', async () => {
  const registry = await registryFor()
  const image = multiArchImage(['linux/amd64', 'linux/arm64'])
  registry.put('shop/web', '1', image)
  const { code, stdout, stderr } = await pullgate(['check', '--image', `${registry.host}/shop/web:1`])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(`pass  ${registry.host}/shop/web:1`)
  expect(stdout).toContain(image.top.digest)
  expect(stdout).toContain('an index of linux/amd64, linux/arm64')
})

test('the worst of several images decides the exit code: 1 before 3 before 0', async () => {
  const registry = await registryFor()
  registry.put('shop/web', '1.4.0', multiArchImage(['linux/amd64']))
  registry.put('shop/arm', '1', singleImage('linux/arm64'))
  const [found, lost, arm] = ['shop/web:1.4.0', 'shop/web:1.4', 'shop/arm:1'].map(name => `${registry.host}/${name}`)
  const refused = '127.0.0.1:1/x'
  const ask = (...images: readonly (string | undefined)[]) =>
    pullgate(['check', '--platform', 'linux/amd64', ...images.flatMap(image => ['--image', String(image)])])
  expect((await ask(found)).code).toBe(0)
  expect((await ask(found, refused)).code).toBe(3)
  const all = await ask(found, refused, lost, arm)
  expect(all.code).toBe(1)
  expect(all.stdout).toContain('did you mean 1.4.0?')
  expect(all.stdout).toContain('other-platform: ')
  expect(all.stdout).toContain('the connection was refused')
})

test('--trace shows each request, and no more of it than its method, address, status and time', async () => {
  const registry = await registryFor()
  registry.put('shop/web', '1', singleImage('linux/amd64'))
  const { stderr } = await pullgate(['check', '--trace', '--image', `${registry.host}/shop/web:1`])
  const shown = stderr.replace(/sha256:[0-9a-f]{64}/g, 'DIGEST').replaceAll(registry.host, 'HOST')
  expect(shown.split('\n').map(line => line.replace(/ {2}\d+ ms$/, ''))).toEqual([
    'HEAD https://HOST/v2/shop/web/manifests/1  unreachable',
    'HEAD http://HOST/v2/shop/web/manifests/1  200',
    'GET  http://HOST/v2/shop/web/manifests/DIGEST  200',
    'GET  http://HOST/v2/shop/web/blobs/DIGEST  200',
    '',
  ])
})

test('--certs-dir leads to the mirror that a hosts.toml names, and a broken one is complained of', async () => {
  const mirror = await registryFor()
  mirror.put('shop/web', '1', singleImage('linux/amd64'))
  const certs = await folder()
  await mkdir(join(certs, 'registry.example'))
  const file = join(certs, 'registry.example', 'hosts.toml')
  await writeFile(file, `[host."http://${mirror.host}"]\n`)
  const ask = ['check', '--certs-dir', certs, '--image', 'registry.example/shop/web:1']
  expect((await pullgate(ask)).code).toBe(0)
  expect(mirror.requests[0]?.path).toBe('/v2/shop/web/manifests/1?ns=registry.example')
  await writeFile(file, `[host."http://${mirror.host}"]\nskip_verify = maybe\n`)
  expect((await pullgate(ask)).stderr).toMatch(/hosts\.toml:2:\d+: .*The file is passed over, as containerd does/)
})

test('SSL_CERT_FILE names authorities that are trusted beside the system’s own', async () => {
  const { cert, key, ca } = await makeCertificate(['127.0.0.1'], new Date(), 60_000)
  const registry = await registryFor({ tls: { cert, key } })
  registry.put('shop/web', '1', singleImage('linux/amd64'))
  const path = await folder()
  await writeFile(join(path, 'ca.pem'), ca)
  const certs = join(path, 'certs.d', registry.host)
  await mkdir(certs, { recursive: true })
  // Of a loopback host no certificate is verified unless a file says so.
  await writeFile(join(certs, 'hosts.toml'), `server = "https://${registry.host}"\n`)
  const ask = ['check', '--certs-dir', join(path, 'certs.d'), '--image', `${registry.host}/shop/web:1`]
  expect((await pullgate(ask)).stdout).toContain('its certificate is signed by an unknown authority')
  expect((await pullgate(ask, { environment: { SSL_CERT_FILE: join(path, 'ca.pem') } })).code).toBe(0)
  const missing = await pullgate(ask, { environment: { SSL_CERT_FILE: join(path, 'none.pem') } })
  expect(missing.stderr).toContain('none.pem cannot be read (ENOENT): its authorities are not trusted.')
})

test('a proxy of the environment is gone through', async () => {
  const proxy = await registryFor()
  proxy.put('shop/web', '1', singleImage('linux/amd64'))
  const certs = await folder()
  await mkdir(join(certs, 'registry.example'))
  await writeFile(join(certs, 'registry.example', 'hosts.toml'), 'server = "http://registry.example"\n')
  const ask = ['check', '--certs-dir', certs, '--image', 'registry.example/shop/web:1']
  await pullgate(ask, { environment: { HTTP_PROXY: proxy.host } })
  expect(proxy.requests[0]?.path).toMatch(/^http:\/\/registry\.example\/v2\/shop\/web\/manifests\/1/)
})

test.each([
  [['check'], 'nothing to check: name files or folders'],
  [['check', '-', '--image', '-'], 'cannot both come by standard input'],
  [['check', '.', '-f', 'live.yaml'], 'name the chart too'],
  [['check', '.', '--exlude', 'x'], 'Did you mean --exclude?'],
  [['check', '.', '--exlude', 'x'], 'For example: pullgate check deploy/'],
  [['check', '.', '-o', 'sarfi'], 'Did you mean sarif?'],
  [
    ['check', '.', '-o', 'nope'],
    '"nope" is no format: there are text, json, sarif, junit, github, gitlab, markdown, html and policyreport.\n',
  ],
  [['check', '.', '-o', 'json', '-o', 'text'], 'would both go to standard output'],
  [['check', '.', '--wait', '10'], 'such as 90s, 10m or 1h'],
  [['check', '.', '--also', 'helm'], 'There are compose and actions'],
  [['check', '--image', 'a', '--timeout', '0'], 'Seconds are a number from 1 to 9999'],
  [['check', '--image', 'a', '--platform', 'a/b/c/d'], 'a/b/c/d'],
])('%j is wrong usage, and says how', async (argv, text) => {
  const { code, stderr } = await pullgate(argv)
  expect(code).toBe(2)
  expect(stderr).toContain(text)
})

test('what is not there is said once: in the report, or beside one that is no text', async () => {
  const at = await folder()
  expect(await pullgate(['check', 'none/'], { folder: at })).toEqual({
    code: 2,
    stdout:
      'not looked at: none/ does not exist.\n\nunknown: nothing to say; 0 images in 0 objects; 1 gap in what was looked at\n',
    stderr: '',
  })
  const json = await pullgate(['check', 'none/', '-o', 'json'], { folder: at })
  expect(json).toMatchObject({ code: 2, stderr: 'none/ does not exist\n' })
  await writeFile(join(at, 'none.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: none}\n')
  const none = await pullgate(['check', 'none.yaml'], { folder: at })
  expect(none).toMatchObject({ code: 0, stderr: 'No image was found in 1 file.\n' })
})

test.each([[['--context', 'live']], [['--context', 'live', '--cluster']]])(
  '%j without a kubeconfig is told what is missing',
  async flags => {
    const at = await folder()
    await writeFile(join(at, 'pod.yaml'), 'apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: a}]}\n')
    const { code, stderr } = await pullgate(['check', 'pod.yaml', ...flags], { folder: at, environment: { HOME: at } })
    expect([code, stderr]).toEqual([
      2,
      'There is no context "live": KUBECONFIG is not set, and there is no ~/.kube/config.\n',
    ])
  },
)
