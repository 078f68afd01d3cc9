import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { singleImage } from '../../../src/demo/images.ts'
import { readImageStart, readLayers, startOf } from '../../../src/registry/program/program-fields.ts'
import { type ContainerStart, imagesOwnStart } from '../../../src/workload/container-start.ts'
import { anything } from '../../support/arbitraries/anything.ts'

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
const silent: ContainerStart = imagesOwnStart
const image = {
  entrypoint: ['/entry'],
  command: ['serve'],
  path: '/opt:/bin',
  workingDirectory: '/srv',
}

describe("an image's configuration", () => {
  test('says how the image is started', () => {
    const config = {
      Entrypoint: ['/entry'],
      Cmd: ['serve'],
      Env: ['PATH=/first', 'HOME=/', 'PATH=/opt:/bin', 'PATHS=/no'],
      WorkingDir: '/srv',
    }
    expect(readImageStart(bytesOf({ config }))).toEqual(image)
  })

  const nothing = {
    entrypoint: [],
    command: [],
    path: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    workingDirectory: '/',
  }
  test.each<readonly [string, Uint8Array]>([
    ['is no JSON', Buffer.from('<html>')],
    ['is a list', bytesOf([])],
    ['has no part for it', bytesOf({})],
    ['has null in its place', bytesOf({ config: null })],
    ['has nothing but null there', bytesOf({ config: { Entrypoint: null, Cmd: null, Env: null, WorkingDir: null } })],
    [
      'has the wrong things there',
      bytesOf({ config: { Entrypoint: '/x', Cmd: 1, Env: { PATH: '/' }, WorkingDir: [] } }),
    ],
    ['has an entrypoint that stands for none', bytesOf({ config: { Entrypoint: [''], WorkingDir: '' } })],
  ])('says nothing when it %s', (_, bytes) => {
    expect(readImageStart(bytes)).toEqual(nothing)
  })
})

describe('the start of a container', () => {
  test.each<readonly [string, Partial<ContainerStart>, readonly string[]]>([
    ['nothing', {}, ['/entry', 'serve']],
    ['arguments', { args: ['work'] }, ['/entry', 'work']],
    ['no arguments', { args: [] }, ['/entry', 'serve']],
    ['a command, which has no use for those of the image', { command: ['/bin/sh'] }, ['/bin/sh']],
    ['both', { command: ['/bin/sh'], args: ['-c', 'x'] }, ['/bin/sh', '-c', 'x']],
    ['an empty command', { command: [] }, ['/entry', 'serve']],
  ])('is put together when the pod says %s', (_, pod, argv) => {
    expect(startOf(image, { ...silent, ...pod }).argv).toEqual(argv)
  })

  test("has the pod's path and directory before the image's", () => {
    expect(startOf(image, { ...silent, path: '/x', workingDirectory: '/y' })).toMatchObject({
      path: '/x',
      workingDirectory: '/y',
    })
    expect(startOf(image, silent)).toMatchObject({ path: '/opt:/bin', workingDirectory: '/srv' })
  })
})

describe('a manifest', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  test('names its layers', () => {
    const { top, blobs } = singleImage('linux/arm64')
    const [, layer] = blobs
    expect(readLayers(top.bytes)).toEqual([
      {
        digest: layer?.digest,
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        sizeBytes: layer?.bytes.length,
      },
    ])
  })

  test('may name layers that are none', () => {
    const layers = [
      { digest, size: 5 },
      { digest: 'sha256:x', size: 5 },
      { digest, size: -1 },
      { digest, size: 1e300 },
      { digest, size: '5' },
      { digest },
      null,
      'layer',
    ]
    expect(readLayers(bytesOf({ layers }))).toEqual([{ digest, mediaType: '', sizeBytes: 5 }])
    expect(readLayers(bytesOf({ layers: Array(100_000).fill({ digest, size: 5 }) }))).toHaveLength(512)
    for (const document of [{}, { layers: {} }, [], null]) expect(readLayers(bytesOf(document))).toEqual([])
  })

  test('and a configuration are read whatever they are', () => {
    fc.assert(
      fc.property(anything, value => {
        const bytes = Buffer.from(
          JSON.stringify({ config: value, layers: [value] }, (_, each) => (typeof each === 'bigint' ? 1 : each)),
        )
        expect(readLayers(bytes).length).toBeLessThanOrEqual(1)
        expect(typeof readImageStart(bytes).path).toBe('string')
      }),
    )
  })
})
