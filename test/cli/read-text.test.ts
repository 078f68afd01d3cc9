import { describe, expect, test } from 'vitest'
import { deployment, read } from './read.ts'

describe('images are found, each with its line and column', () => {
  test('in every document of a file', () => {
    const text = `# first\n---\n${deployment('a:1')}---\n---\n${deployment('b:2', 'other')}...\n`
    expect(read(text).places).toEqual(['a:1 12:18', 'b:2 24:18'])
  })

  test('in a list, and in what a list of one kind leaves out', () => {
    const text = `apiVersion: v1
kind: PodList
items:
  - metadata: {name: a}
    spec: {containers: [{name: x, image: a:1}]}
  - kind: List
    apiVersion: v1
    items:
      - apiVersion: v1
        kind: Pod
        spec:
          initContainers:
            - image: "b:2"
`
    expect(read(text).places).toEqual(['a:1 5:42', 'b:2 13:22'])
  })

  test('by an alias, where the alias stands; and in a map that is merged in, where it is written', () => {
    const text = `x-base: &base
  name: web
  image: &image base:1
apiVersion: v1
kind: Pod
spec:
  containers:
    - <<: *base
    - {<<: [*base], image: own:1}
    - image: *image
`
    expect(read(text).places).toEqual(['base:1 3:17', 'own:1 9:28', 'base:1 10:14'])
  })

  test('in lists within lists of JSON, of whose keys that stand twice the last one counts', () => {
    const pod = (image: string) =>
      `{"kind": "Pod", "apiVersion": "v1", "spec": {"containers": [{"image": "${image}"}]}}`
    const list = (...items: readonly string[]) =>
      `{"items": [${pod('no')}], "apiVersion": "v1", "kind": "List",\n"items": [${items.join(',\n')}]}`
    const text = list(pod('a'), list(pod('b'), pod('c')), '7', list(), pod('d'))
    const places = ['a', 'b', 'c', 'd'].map(image => {
      const at = text.lastIndexOf(`"${image}"`)
      return `${image} ${text.slice(0, at).split('\n').length}:${at - text.lastIndexOf('\n', at)}`
    })
    expect(read(text).places).toEqual(places)
  })

  test('in JSON, with whatever blanks, and in JSON that hides strings in strings', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { annotations: { 'a"[{\\': '{"image": ["' } },
      spec: {
        containers: [{ image: 'a:1' }, { env: [[], {}], image: 'ü"b' }],
        volumes: [{ image: { reference: 'c' } }],
      },
    }
    for (const indent of [0, 2, '\t'] as const) {
      const text = JSON.stringify(pod, null, indent)
      const { uses } = read(text, { name: 'pod.json' })
      const pointed = uses.map(({ place }) => {
        const line = text.split('\n')[(place?.line ?? 0) - 1] ?? ''
        return line.slice((place?.column ?? 0) - 1).split(/[,}\]]/)[0]
      })
      expect(pointed).toEqual(['"a:1"', '"ü\\"b"', '"c"'])
    }
  })

  test('of a key that stands twice the last one counts, and that is said', () => {
    const text = `${deployment('old:1')}          image: new:1\n`
    const { places, notes } = read(text)
    expect(places).toEqual(['new:1 11:18'])
    expect(notes).toEqual(['web.yaml:11:11: image stands here twice: the last one counts'])
    const json = '{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"a","image":"b"}]}}'
    expect(read(json).places).toEqual(['b 1:76'])
  })

  test('in kinds whose keys are the author’s own', () => {
    const text = `apiVersion: leaderworkerset.x-k8s.io/v1
kind: LeaderWorkerSet
spec:
  leaderWorkerTemplate:
    workerTemplate:
      spec:
        containers: [{image: w:1}]
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
spec:
  pytorchReplicaSpecs:
    "Odd.Key 1":
      template: {spec: {containers: [{image: p:1}]}}
`
    expect(read(text).places).toEqual(['w:1 7:30', 'p:1 14:46'])
  })
})

describe('what is broken', () => {
  test.each([
    ['a: [1, 2', 'web.yaml:1:9: '],
    ['apiVersion: v1\nkind: Pod\n\tspec: 1\n', 'web.yaml:3:1: tabs are not allowed as indentation'],
    ['a: "1\n', 'web.yaml:2:1: missing closing "quote'],
    ['a: *nobody\n', 'web.yaml:1:4: nothing above is called &nobody'],
    ['a: &a {b: *a}\n', 'web.yaml:1:11: the alias *a stands within what it names'],
    ['<<: 1\n', 'web.yaml:1:1: a merge key ("<<") names something that is no map'],
    ['? [a]\n: 1\n', 'web.yaml:1:3: a key has to be text'],
  ])('%j is said with its line and column', (text, said) => {
    expect(read(text).errors[0]).toContain(said)
  })

  test('hides none of the documents beside it', () => {
    const { images, errors } = read(`${deployment('a:1')}---\nkind: [\n---\n${deployment('b:1')}`)
    expect(images).toEqual(['a:1', 'b:1'])
    expect(errors).toHaveLength(1)
  })

  test.each([
    ['3', 'a number, and an image is named by a text: put it in quotes'],
    ['1.10', 'a number, and an image is named by a text: put it in quotes'],
    ['true', 'a boolean, and an image is named by a text: put it in quotes'],
    ['[shop/web]', 'a list, and an image is named by a text'],
    ['{name: shop/web}', 'an object, and an image is named by a text'],
  ])('is an image that is no text: %s', (image, what) => {
    const { errors, images } = read(`${deployment(image)}---\n${deployment('shop/other:1')}`)
    expect(errors).toEqual([`web.yaml:10:18: spec.template.spec.containers[0].image is ${what}`])
    expect(images).toEqual(['shop/other:1'])
  })

  test('is an image that is no text beside one that is, in JSON, in a list and in a volume too', () => {
    const volumes = [{ name: 'data', image: { reference: 7 } }]
    const containers = [
      { name: 'a', image: 'shop/web:1' },
      { name: 'b', image: 5 },
    ]
    const pod = { apiVersion: 'v1', kind: 'Pod', spec: { containers, volumes } }
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod] })
    const columnOf = (written: string): number => text.indexOf(written) + written.length
    const { errors, images } = read(text)
    expect(images).toEqual(['shop/web:1'])
    expect(errors).toEqual([
      `web.yaml:1:${columnOf('"image":5')}: spec.containers[1].image is a number, and an image is named by a text: put it in quotes`,
      `web.yaml:1:${columnOf('"reference":7')}: spec.volumes[0].image.reference is a number, and an image is named by a text: put it in quotes`,
    ])
  })

  test('is no image that is not written, or is null', () => {
    const { errors, images } = read(deployment('') + deployment('null').replace(/^/, '---\n'))
    expect([errors, images]).toEqual([[], []])
  })

  test('is passed over in a folder unless it looks like a manifest, and a template says what it looks like', () => {
    const text = `a: {{ .Values.image }}\nb: [\n`
    expect(read(text, { origin: 'found' }).errors).toEqual([])
    const template = `apiVersion: v1\nkind: Pod\nspec: {{ .Values.image }} x\n`
    expect(read(template, { origin: 'found' }).errors[0]).toContain('it looks like a template')
  })

  test('and what is no Kubernetes object is passed over, with a word where somebody named it', () => {
    expect(read('image: a\nservices: {x: {image: b}}\n', { origin: 'found' }).problems).toEqual([])
    expect(read('image: a\n').notes).toEqual(['web.yaml holds no Kubernetes object'])
  })
})

describe('a comment waives a code', () => {
  test('on the line of the image, and on lines right above', () => {
    const text = `apiVersion: v1
kind: Pod
spec:
  containers:
    # pullgate:ignore denied
    # the registry is opened later
    - image: a # pullgate:ignore not-found,some-platforms comes with the release
    - image: b
`
    const [a, b] = read(text).uses
    if (a === undefined || b === undefined) throw new Error('There are two images.')
    const codes = ['not-found', 'some-platforms', 'denied', 'unreachable']
    expect(codes.map(code => a.object.waived(a.use, code))).toEqual([true, true, true, false])
    expect(b.object.waived(b.use, 'not-found')).toBe(false)
  })

  test('and one that names no code, or none that there is, is complained of', () => {
    expect(read(deployment('a # pullgate:ignore')).notes).toEqual(['web.yaml:10:22: pullgate:ignore names no code'])
    expect(read(deployment('a # pullgate:ignore notfound x')).notes).toEqual([
      'web.yaml:10:22: "notfound" is no code: did you mean not-found?',
    ])
  })
})

describe('other files, when they are asked for', () => {
  const compose = `services:
  web:
    image: nginx:1
  built:
    build: .
    image: own:1
  filled:
    image: \${IMAGE:-x}
`
  const workflow = `on: push
jobs:
  test:
    container: node:24
    services:
      db: {image: postgres:18, credentials: {username: x}}
    steps:
      - uses: docker://alpine:3
      - uses: actions/checkout@v5
`
  test('the services of Compose, but for what is built', () => {
    expect(read(compose, {}, ['compose']).places).toEqual(['nginx:1 3:12', '$'.concat('{IMAGE:-x} 8:12')])
    expect(read(compose, {}, ['compose']).uses.map(({ use }) => use.image.kind)).toEqual(['image', 'placeholder'])
    expect(read(compose, {}, ['actions']).images).toEqual([])
  })

  test('the containers of workflows', () => {
    expect(read(workflow, {}, ['actions']).places).toEqual(['node:24 4:16', 'postgres:18 6:19', 'alpine:3 8:15'])
    expect(read(workflow).images).toEqual([])
  })
})

test('of what did not change only secrets and accounts are read', () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n'
  const { images, holdings } = read(`${deployment('a:1')}---\n${secret}`, { judged: false })
  expect(images).toEqual([])
  expect(holdings.map(({ kind }) => kind)).toEqual(['secret'])
})
