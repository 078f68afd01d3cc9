import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folder } from '../commands/run-pullgate.ts'
import { apiServerFor } from '../support/api-server/connect.ts'
import { registryFor } from '../support/lifetime.ts'
import { serveAudit } from './served.ts'
import { kubeConfig, settle } from './town.ts'

it('the page that an audit serves is to be read and nothing else, and has no secrets', async () => {
  const [api, registry, home] = await Promise.all([apiServerFor(), registryFor({}), folder()])
  await writeFile(join(home, 'kubeconfig'), kubeConfig(api))
  const auth = Buffer.from('ann:PASSWORD-OF-ANN').toString('base64')
  const config = Buffer.from(JSON.stringify({ auths: { [registry.host]: { auth } } })).toString('base64')
  api.objects.set('/api/v1/namespaces/shop/secrets/key', {
    ...{ type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': config } },
    metadata: { name: 'key', namespace: 'shop', resourceVersion: '1' },
  } as never)
  const spec = {
    containers: [{ name: 'app', image: `${registry.host}/shop/gone:1` }],
    imagePullSecrets: [{ name: 'key' }],
  }
  settle(api, {
    'apps/v1/Deployment': [{ metadata: { name: 'web', namespace: 'shop', uid: 'u' }, spec: { template: { spec } } }],
  })
  const { url, stop } = await serveAudit({
    environment: { KUBECONFIG: join(home, 'kubeconfig'), HOME: home },
    folder: home,
  })
  const [page, report] = await Promise.all(['', 'report.json'].map(path => fetch(`${url}${path}`)))
  const [html = '', json = ''] = await Promise.all([page?.text(), report?.text()])
  expect(html).toContain('shop/gone:1')
  expect(JSON.parse(json).summary).toMatchObject({ deny: 1 })
  for (const text of [html, json])
    for (const secret of [auth, 'PASSWORD-OF-ANN', 'TOKEN']) expect(text).not.toContain(secret)
  expect(page?.headers.get('x-content-type-options')).toBe('nosniff')
  expect((await fetch(url, { method: 'POST' })).status).toBe(405)
  expect((await fetch(`${url}etc/passwd`)).status).toBe(404)
  expect((await stop()).code).toBe(1)
})
