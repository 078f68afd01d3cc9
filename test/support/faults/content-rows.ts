import { type Content, contentOf, jsonContent } from '../../../src/demo/content.ts'
import type { Answer } from '../../../src/demo/distribution.ts'
import { multiArchImage } from '../../../src/demo/images.ts'
import { digestOf } from '../../../src/image/digest.ts'
import { always, atGet, changing, inTurn } from './answers.ts'
import type { Fault } from './fault.ts'
import { web, webShelf } from './lab.ts'
import { indexType, mostManifestBytes, topped } from './odd-images.ts'
import { scene } from './scenes.ts'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const lying = `sha256:${'0'.repeat(64)}`

/** The answers of a good registry, with other headers where a manifest is served. */
const withHeaders = (change: (headers: Answer['headers']) => Answer['headers']) =>
  changing(webShelf, answer => ({ ...answer, headers: change(answer.headers) }))

const without = (headers: Answer['headers'], name: string): Answer['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name))

/** An index that is good but for its size. */
const indexOfSize = (bytes: number): Content => {
  const document = JSON.parse(Buffer.from(web.top.bytes).toString()) as object
  const padded = (filler: string) => JSON.stringify({ ...document, annotations: { filler } })
  return contentOf(indexType, Buffer.from(padded(' '.repeat(bytes - padded('').length))))
}

/** Content that is not what it is said to be, that no runtime takes, or that no node can run. */
export const contentFaults: readonly Fault[] = [
  {
    id: 'F38',
    name: 'no Content-Type: containerd does not know what to do with it, though the body says what it is',
    given: lab =>
      scene(
        lab,
        withHeaders(headers => without(headers, 'Content-Type')),
      ),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'wrong-media-type' }, requests: 2 },
  },
  {
    id: 'F38',
    name: 'Content-Type application/octet-stream: neither',
    given: lab =>
      scene(
        lab,
        withHeaders(headers => ({ ...headers, 'Content-Type': 'application/octet-stream' })),
      ),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'wrong-media-type' }, requests: 2 },
  },
  {
    id: 'F38',
    name: 'Content-Type with a parameter, which is the right one all the same',
    given: lab =>
      scene(
        lab,
        withHeaders(headers => ({ ...headers, 'Content-Type': `${headers['Content-Type']}; charset=utf-8` })),
      ),
    expect: { codes: [], requests: 3 },
  },
  {
    id: 'F39',
    name: 'mediaType in the body other than the Content-Type',
    given: lab => topped(lab, { ...web.top, mediaType: manifestType }),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'wrong-media-type' }, requests: 2 },
  },
  {
    id: 'F39',
    name: 'document that is an index and an image at a time',
    given: lab =>
      topped(lab, jsonContent(indexType, { schemaVersion: 2, mediaType: indexType, manifests: [], layers: [] })),
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'wrong-media-type' }, requests: 2 },
  },
  {
    id: 'F40',
    name: 'bytes other than the digest that a pod pins: no node takes them',
    given: async lab => {
      const other = multiArchImage(['linux/amd64']).top
      const registry = await lab.registry({
        intercept: atGet(always(200, { 'content-type': indexType }, other.bytes)),
      })
      return { image: `${registry.host}/shop/web@${web.top.digest}` }
    },
    expect: { codes: ['broken-image'], failure: { kind: 'wrong-content', wanted: web.top.digest }, requests: 2 },
  },
  {
    id: 'F40',
    name: 'Docker-Content-Digest that is not the body’s, where a tag is asked for',
    given: async lab => {
      const lie = changing(webShelf, answer => ({
        ...answer,
        headers: { ...answer.headers, 'Docker-Content-Digest': lying },
      }))
      const good = always(200, { 'content-type': indexType, 'docker-content-digest': lying }, web.top.bytes)
      return scene(lab, inTurn(atGet(good), lie))
    },
    expect: { codes: ['registry-error'], failure: { kind: 'bad-answer', problem: 'digest-mismatch' }, requests: 2 },
  },
  {
    id: 'F40',
    name: 'Docker-Content-Digest that is not the body’s, where a pod pins the digest: no node looks at it',
    given: async lab => {
      const lie = withHeaders(headers => ({ ...headers, 'Docker-Content-Digest': lying }))
      const registry = await lab.registry({ intercept: lie })
      return { image: `${registry.host}/shop/web@${web.top.digest}` }
    },
    expect: { codes: [], requests: 3 },
  },
  {
    id: 'F40',
    name: 'no Docker-Content-Digest: the body is hashed',
    given: lab =>
      scene(
        lab,
        withHeaders(headers => without(headers, 'Docker-Content-Digest')),
      ),
    expect: { codes: [], requests: 3 },
  },
  {
    id: 'F41',
    name: 'manifest of one byte more than containerd takes',
    given: lab => topped(lab, indexOfSize(mostManifestBytes + 1)),
    expect: {
      codes: ['oversized-manifest'],
      failure: { kind: 'oversized', sizeBytes: mostManifestBytes + 1 },
      requests: [1, 2],
    },
  },
  {
    id: 'F41',
    name: 'manifest of just what containerd takes',
    given: async lab =>
      topped(lab, indexOfSize(mostManifestBytes), { manifests: [indexOfSize(mostManifestBytes), ...web.manifests] }),
    expect: { codes: [], requests: 3 },
  },
  {
    id: 'F41',
    name: 'the same on a node of CRI-O, which takes no more than 4 MiB',
    given: async lab => ({
      ...(await topped(lab, indexOfSize(mostManifestBytes), {
        manifests: [indexOfSize(mostManifestBytes), ...web.manifests],
      })),
      runtime: 'cri-o://1.33.0',
    }),
    expect: { codes: ['oversized-manifest'], requests: 3 },
  },
  {
    id: 'F50',
    name: 'index without an image for the nodes',
    given: async lab => {
      const image = multiArchImage(['linux/arm64', 'linux/s390x'])
      return topped(lab, image.top, image)
    },
    expect: { codes: ['no-platform'], requests: 2 },
  },
  {
    id: 'F51',
    name: 'manifest of schema 1',
    given: lab =>
      topped(
        lab,
        jsonContent('application/vnd.docker.distribution.manifest.v1+prettyjws', {
          schemaVersion: 1,
          name: 'shop/web',
          tag: 'odd',
          fsLayers: [{ blobSum: digestOf(Buffer.from('layer')) }],
        }),
      ),
    expect: { codes: ['broken-image'], requests: 2 },
  },
]
