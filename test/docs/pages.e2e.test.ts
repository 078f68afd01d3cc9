import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { multiArchImage } from '../../src/demo/images.ts'
import { settle } from '../audit/town.ts'
import { apiServerFor } from '../support/api-server/connect.ts'
import { blocksOf } from './blocks.ts'
import { badManifest, goodManifest, workshopFor } from './workshop.ts'

it('the commands of docs/check.md do what the page says', async () => {
  const workshop = await workshopFor()
  await workshop.write({ 'deploy/web.yaml': badManifest })
  const [first = '', reports = '', demo = '', ...others] = await blocksOf('check.md', ['sh', 'shell'])
  expect(others).toEqual([])
  const ended = await workshop.shell(first)
  expect(ended.code).toBe(1)
  expect(ended.stdout).toMatch(
    /7:14 {2}deny {2}not-found\n.*has no tag "1\.4" in shop\/web\n.*did you mean .*1\.4\.0\?/,
  )
  expect(await workshop.shell(reports)).toMatchObject({ code: 1 })
  expect(await workshop.shell('ls pullgate.sarif pullgate.xml')).toMatchObject({ code: 0 })
  await workshop.shell('rm -r certs.d')
  const tried = await workshop.shell(demo.replace('127.0.0.1:PORT', workshop.registry.host))
  expect(tried.code).toBe(1)
  for (const code of ['not-found', 'other-platform', 'broken-image', 'invalid-reference'])
    expect(tried.stdout).toContain(code)
})

it('the pipe of docs/gitops.md judges what is piped into it', async () => {
  const workshop = await workshopFor()
  await workshop.write({ 'deploy/web.yaml': goodManifest })
  const [pipe = ''] = (await blocksOf('gitops.md')).filter(block => block.includes('| pullgate'))
  expect(await workshop.shell(pipe)).toMatchObject({ code: 0, stderr: '' })
})

it('the commands of docs/audit.md write the reports that they name', async () => {
  const [workshop, api] = await Promise.all([workshopFor(), apiServerFor()])
  workshop.registry.put('shop/web', '1', multiArchImage(['linux/amd64']))
  const image = `${workshop.registry.host}/shop/web:1`
  const metadata = { name: 'web', namespace: 'shop', uid: 'uid-web' }
  api.namespaces.put({ metadata: { name: 'shop', labels: {} } })
  settle(api, {
    'apps/v1/Deployment': [{ metadata, spec: { template: { spec: { containers: [{ name: 'app', image }] } } } }],
  })
  const authority = Buffer.from(api.caPem).toString('base64')
  const kubeconfig = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'here' },
    clusters: [{ name: 'c', cluster: { server: api.url, 'certificate-authority-data': authority } }],
    users: [{ name: 'u', user: { token: 'TOKEN' } }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
  }
  await writeFile(join(workshop.folder, 'kubeconfig'), JSON.stringify(kubeconfig))
  const blocks = await blocksOf('audit.md')
  expect(blocks.length).toBeGreaterThan(1)
  const environment = { KUBECONFIG: join(workshop.folder, 'kubeconfig') }
  for (const block of blocks)
    expect({ block, ...(await workshop.shell(block, environment)) }).toMatchObject({ block, code: 0, stderr: '' })
  expect(await workshop.shell('ls audit.html today.json')).toMatchObject({ code: 0 })
})
