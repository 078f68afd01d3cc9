import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { startRegistry } from '../../src/demo/registry.ts'
import { holdSilentPort } from '../../src/demo/silent-port.ts'

it('a silent port refuses connections', async () => {
  const registry = await startRegistry()
  const nobody = await holdSilentPort(registry.host)
  const socket = connect({ host: '127.0.0.1', port: Number(nobody.host.split(':')[1]) })
  await expect(once(socket, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  nobody.close()
  await registry.close()
})
