import { gzipSync } from 'node:zlib'
import { contentOf } from '../../../src/demo/content.ts'
import { singleImage } from '../../../src/demo/images.ts'
import { emptyShelf, placed } from '../../../src/demo/shelf.ts'
import { always, atBlobs, atGet, endless, inTurn } from './answers.ts'
import type { Fault } from './fault.ts'
import { web } from './lab.ts'
import { indexType, mostManifestBytes, topped } from './odd-images.ts'
import { onTheWay, scene } from './scenes.ts'

const mostConfigBytes = 4 * 1024 * 1024
const truncated = web.top.bytes.subarray(0, 200)
const singleShelf = placed(emptyShelf, 'shop/web', '1', singleImage('linux/amd64'))

/** Bodies that cannot be read, or do not end. */
export const bodyFaults: readonly Fault[] = [
  {
    id: 'F35',
    name: 'JSON that something on the way cut off',
    given: lab => scene(lab, atGet(always(200, { 'content-type': indexType }, truncated))),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'digest-mismatch' }, requests: 2 },
  },
  {
    id: 'F35',
    name: 'JSON that was stored cut off',
    given: lab => topped(lab, contentOf(indexType, truncated)),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'not-json' }, requests: 2 },
  },
  {
    id: 'F36',
    name: 'no JSON at all',
    given: lab => topped(lab, contentOf(indexType, Buffer.from([0xff, 0xfe, 0x00]))),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'not-json' }, requests: 2 },
  },
  ...[[], null, 'text', { manifests: {} }, { manifests: [{ digest: 'sha256:xyz' }] }].map(
    (document): Fault => ({
      id: 'F37',
      name: `JSON of another shape: ${JSON.stringify(document)}`,
      given: lab => topped(lab, contentOf(indexType, Buffer.from(JSON.stringify(document)))),
      expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'wrong-shape' }, requests: 2 },
    }),
  ),
  {
    id: 'F42',
    name: 'manifest without end',
    given: lab => scene(lab, atGet(endless({ 'content-type': indexType }))),
    expect: {
      codes: ['oversized-manifest'],
      failure: { kind: 'oversized', sizeBytes: undefined },
      requests: 2,
      mostBytes: mostManifestBytes + onTheWay,
    },
  },
  {
    id: 'F42',
    name: 'configuration without end',
    given: async lab => {
      const registry = await lab.registry({
        shelf: singleShelf,
        intercept: atBlobs(endless({ 'content-type': 'application/octet-stream' })),
      })
      return { image: `${registry.host}/shop/web:1` }
    },
    expect: {
      codes: ['registry-error'],
      failure: { kind: 'bad-answer', step: 'config', problem: 'too-large' },
      requests: 3,
      mostBytes: mostConfigBytes + onTheWay,
    },
  },
  {
    id: 'F42',
    name: '404 whose reason has no end',
    given: lab => scene(lab, inTurn(atGet(endless({ 'content-type': 'application/json' }, 404)), always(404))),
    expect: { codes: ['registry-error'], requests: 2, mostBytes: mostManifestBytes + onTheWay },
  },
  {
    id: 'F43',
    name: 'Content-Length of a terabyte, to GET',
    given: lab => scene(lab, atGet(endless({ 'content-type': indexType, 'content-length': '1000000000000' }))),
    expect: {
      codes: ['oversized-manifest'],
      failure: { kind: 'oversized', sizeBytes: 1_000_000_000_000 },
      requests: 2,
      mostBytes: mostManifestBytes + onTheWay,
    },
  },
  {
    id: 'F43',
    name: 'Content-Length of a terabyte, to HEAD: containerd goes no further',
    given: lab => scene(lab, endless({ 'content-type': indexType, 'content-length': '1000000000000' })),
    expect: {
      codes: ['oversized-manifest'],
      failure: { kind: 'oversized', sizeBytes: 1_000_000_000_000 },
      requests: 1,
      mostBytes: onTheWay,
    },
  },
  {
    id: 'F44',
    name: 'gzip bomb, which nobody asked to be compressed and nobody unpacks',
    given: async lab => {
      const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024, ' '))
      return scene(lab, atGet(always(200, { 'content-type': indexType, 'content-encoding': 'gzip' }, bomb)))
    },
    expect: {
      codes: ['registry-error'],
      failure: { kind: 'bad-answer', problem: 'digest-mismatch' },
      requests: 2,
      mostBytes: 1024 * 1024,
    },
  },
]
