import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { describe, expect, test } from 'vitest'
import { ok } from '../../../src/lib/result.ts'
import { commonLook, lookAtProgram, type OpenLayer } from '../../../src/registry/program/look.ts'
import { closedAfterTest } from '../../support/lifetime.ts'
import { archiveOf, entryBytes, program } from './archive.ts'
import { arm64 } from './headers.ts'

const layer = { digest: `sha256:${'a'.repeat(64)}`, mediaType: '', sizeBytes: 2 ** 40 } as const
const question = { layers: [layer], argv: ['/app'], path: '/bin', workingDirectory: '/' }

/** A server of one layer. `closed` comes when the other side has closed the connection. */
const serverFor = async (answer: (response: ServerResponse) => void) => {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const server = createServer((_, response) => {
    response.on('close', resolve)
    answer(response)
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  closedAfterTest({ close: () => new Promise(done => server.close(done)) })
  const agent = closedAfterTest(new Agent())
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const openLayer: OpenLayer = async (_, signal) => {
    const { body } = await agent.request({ origin, path: '/', method: 'GET', signal })
    return ok(body)
  }
  return { openLayer, closed }
}

const withProgram = archiveOf(program('app', Buffer.concat([arm64, Buffer.alloc(4000)])))

describe('a look at a registry', () => {
  test('closes the connection as soon as it has seen the program, whatever would follow', async () => {
    const { openLayer, closed } = await serverFor(response => response.write(withProgram))
    const found = await lookAtProgram(question, openLayer, commonLook, new AbortController().signal)
    expect(found).toMatchObject({ kind: 'found', platform: { os: 'linux', architecture: 'arm64' } })
    await closed
  })

  test('closes the connection of a file that has no end', async () => {
    const { openLayer, closed } = await serverFor(response => {
      const send = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      }
      response.write(entryBytes({ path: 'big', mode: 0o644, size: 2 ** 32 }))
      response.on('drain', send)
      send()
    })
    const found = await lookAtProgram(question, openLayer, commonLook, new AbortController().signal)
    expect(found).toEqual({ kind: 'not-found' })
    await closed
  })

  test('closes the connection when its time is over', async () => {
    const stop = new AbortController()
    const { openLayer, closed } = await serverFor(response => {
      response.write(withProgram.subarray(0, 512))
      setImmediate(() => stop.abort())
    })
    await lookAtProgram(question, openLayer, commonLook, stop.signal)
    await closed
  })
})
