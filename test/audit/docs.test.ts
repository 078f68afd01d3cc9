import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { multiArchImage } from '../../src/demo/images.ts'
import { folder, pullgate } from '../commands/run-pullgate.ts'
import { apiServerFor } from '../support/api-server/connect.ts'
import { registryFor } from '../support/lifetime.ts'
import { kubeConfig, settle } from './town.ts'

const page = join(import.meta.dirname, '../../docs/audit.md')

const commandsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) => block.trim().split('\n'))

it('each command of docs/audit.md does what the page says, one after the other', async () => {
  const [api, registry, home] = await Promise.all([apiServerFor(), registryFor({}), folder()])
  registry.put('shop/web', '1', multiArchImage(['linux/amd64']))
  await writeFile(join(home, 'kubeconfig'), kubeConfig(api))
  const spec = { template: { spec: { containers: [{ name: 'app', image: `${registry.host}/shop/web:1` }] } } }
  settle(api, { 'apps/v1/Deployment': [{ metadata: { name: 'web', namespace: 'shop', uid: 'u' }, spec }] })
  const environment = { KUBECONFIG: join(home, 'kubeconfig'), HOME: home }
  const commands = commandsIn(await readFile(page, 'utf8'))
  expect(commands.length).toBeGreaterThan(2)
  for (const command of commands) {
    const [program, ...argv] = command.split(' ')
    const { code, stderr } = await pullgate(argv, { environment, folder: home })
    expect({ program, command, code, stderr }).toEqual({ program: 'pullgate', command, code: 0, stderr: '' })
  }
  expect(await readFile(join(home, 'audit.html'), 'utf8')).toContain('<html')
})
