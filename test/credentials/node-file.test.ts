import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeFileKeys } from '../../src/credentials/node-file.ts'
import { directoryForTest } from './programs.ts'

const puller = { namespace: 'ns', serviceAccount: 'default' }
const config = (username: string, place = 'registry.example'): string =>
  JSON.stringify({ auths: { [place]: { username, password: 'p' } } })

const stage = async () => {
  const file = join(await directoryForTest(), 'config.json')
  let now = 0
  const find = nodeFileKeys(file, () => now)
  const ask = (name = 'registry.example/web') => find(name, puller, AbortSignal.timeout(1000))
  const pass = (seconds: number): void => {
    now += seconds * 1000
  }
  return { file, ask, pass }
}

describe("the node's docker config", () => {
  test('is held against the image as a secret is', async () => {
    const { file, ask } = await stage()
    const auths = { 'registry.example/team': { auth: 'dXNlcjpwYXNz' }, '*.example': { username: 'any', password: 'p' } }
    await writeFile(file, JSON.stringify({ auths, credsStore: 'desktop' }))
    expect(await ask('registry.example/team/web')).toEqual({
      credentials: [
        { username: 'user', password: 'pass' },
        { username: 'any', password: 'p' },
      ],
      notes: [],
    })
    expect((await ask('registry.example/web')).credentials).toEqual([{ username: 'any', password: 'p' }])
    expect(await ask('elsewhere.test/web')).toEqual({ credentials: [], notes: [] })
  })

  test('serves for Docker Hub under the key that docker login writes', async () => {
    const { file, ask } = await stage()
    await writeFile(file, config('hub', 'https://index.docker.io/v1/'))
    expect((await ask('docker.io/library/nginx')).credentials).toEqual([{ username: 'hub', password: 'p' }])
  })

  test.each<[string, (file: string) => Promise<unknown>]>([
    ['is not there', async () => {}],
    ['is a directory', file => mkdir(file)],
    ['is no JSON', file => writeFile(file, 'auths:')],
    ['is empty', file => writeFile(file, '')],
    ['has an entry that cannot be decoded', file => writeFile(file, '{"auths":{"r":{"auth":"%"}}}')],
    ['is larger than any', file => writeFile(file, Buffer.alloc(1024 * 1024 + 1, 32))],
    // Of the old format there is another file, which is none of this one's business.
    ['is a list', file => writeFile(file, '[]')],
  ])('that %s gives nothing, and that is said', async (_, make) => {
    const { file, ask } = await stage()
    await make(file)
    expect(await ask()).toEqual({
      credentials: [],
      notes: [{ kind: 'unreadable', source: 'docker-config', name: file }],
    })
  })

  test('is read anew after ten seconds, whatever it was before', async () => {
    const { file, ask, pass } = await stage()
    const seen = async () => (await ask()).credentials.map(({ username }) => username).join(' ')
    expect(await seen()).toBe('')
    await writeFile(file, config('first'))
    pass(9)
    expect(await seen()).toBe('')
    pass(1)
    expect(await seen()).toBe('first')
    await writeFile(file, config('second'))
    expect(await seen()).toBe('first')
    pass(10)
    expect(await seen()).toBe('second')
    await rm(file)
    pass(10)
    expect(await seen()).toBe('')
  })

  test('is read once for all who ask together', async () => {
    const { file, ask } = await stage()
    await writeFile(file, config('first'))
    const found = await Promise.all(Array.from({ length: 100 }, () => ask()))
    expect(new Set(found.map(keys => keys.notes))).toHaveLength(1)
    expect(found.every(({ credentials }) => credentials[0]?.username === 'first')).toBe(true)
  })
})
