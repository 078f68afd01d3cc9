import fc from 'fast-check'
import { afterAll, test } from 'vitest'
import { type DockerConfigFormat, readDockerConfig } from '../../src/credentials/docker-config.ts'
import { createGlob } from '../../src/credentials/glob.ts'
import { createImagePattern, readImageName } from '../../src/credentials/image-pattern.ts'
import { createKeyring } from '../../src/credentials/keyring.ts'
import { readPullSecret } from '../../src/credentials/pull-secret.ts'
import { configBytes, imageName, placeNear, placeText, soundConfig } from '../credentials/config-texts.ts'
import { compare } from '../oracle/compare.ts'
import { mostly, oneWord, textOf } from '../support/arbitraries/text.ts'
import { type GivenSecret, type Login, startKeyringOracle } from './oracle.ts'

const oracle = startKeyringOracle()
afterAll(oracle.close)

const sorted = <T extends object>(list: readonly T[]): readonly T[] =>
  [...list].sort((a, b) => Buffer.compare(Buffer.from(JSON.stringify(a)), Buffer.from(JSON.stringify(b))))

const format: fc.Arbitrary<DockerConfigFormat> = fc.constantFrom('dockerconfigjson', 'dockercfg')

test('docker configs are read and refused as by the kubelet', async () => {
  await compare({
    name: 'docker configs',
    inputs: format.chain(name => fc.tuple(fc.constant(name), configBytes(name, placeText))),
    count: 100_000,
    ours: ([name, bytes]) => {
      const read = readDockerConfig(bytes, name)
      return read.ok ? { entries: sorted(read.value) } : { refused: true }
    },
    theirs: async ([name, bytes]) => {
      const answer = await oracle.config(bytes.toString('base64'), name)
      return 'error' in answer ? { refused: true } : { entries: sorted(answer.entries) }
    },
    sideOf: answer => ('refused' in answer ? 'refused' : 'accepted'),
  })
})

const globName = textOf('ab-]', 5)
const glob = mostly(1, textOf('*ab?', 6), textOf('*ab-?[]^\\/', 8))

test('names match patterns as by filepath.Match', async () => {
  await compare({
    name: 'globs',
    inputs: fc.oneof(
      fc.tuple(glob, globName),
      fc.tuple(fc.constantFrom('*', '[^b]*', 'a*', '*?*', '*[a-b]*', '*\\a*'), globName),
    ),
    count: 100_000,
    ours: ([pattern, name]) => createGlob(pattern)(name),
    theirs: async ([pattern, name]) => (await oracle.glob(pattern, name)).matched,
    sideOf: String,
  })
})

const place = fc.oneof(
  { arbitrary: placeText, weight: 1 },
  {
    arbitrary: oneWord(
      '*.example.com reg.*.com docker.io/library docker.* *.*.com:5000 localhost/te * *.0.0.1 [::1]:5000',
    ),
    weight: 1,
  },
)

test('images match places as by the kubelet', async () => {
  await compare({
    name: 'places',
    inputs: fc.oneof(
      fc.tuple(place, imageName),
      imageName.map(name => [name.replace('reg', '*').slice(0, 18), name] as [string, string]),
    ),
    count: 100_000,
    ours: ([pattern, name]) => createImagePattern(pattern)(readImageName(name)),
    theirs: async ([pattern, name]) => (await oracle.place(pattern, name)).matched,
    sideOf: String,
  })
})

const types = { dockerconfigjson: 'kubernetes.io/dockerconfigjson', dockercfg: 'kubernetes.io/dockercfg' }

const content = (name: DockerConfigFormat, image: string): fc.Arbitrary<Buffer> => {
  const places = fc.oneof(placeNear(image), placeText)
  return fc.oneof(
    { arbitrary: soundConfig(name, places), weight: 12 },
    { arbitrary: configBytes(name, places), weight: 1 },
  )
}

const secretFor = (image: string): fc.Arbitrary<GivenSecret> =>
  fc.tuple(format, fc.nat({ max: 40 })).chain(([name, how]) =>
    content(name, image).map(bytes => ({
      type: how === 0 ? 'Opaque' : how === 1 ? types.dockercfg : types[name],
      data: { [how === 2 ? 'config' : `.${name}`]: bytes.toString('base64') },
    })),
  )

const secretsAndImage = imageName.chain(image =>
  fc.tuple(fc.array(secretFor(image), { minLength: 1, maxLength: 3 }), fc.constant(image)),
)

const bytesOf = ({ data }: GivenSecret) =>
  new Map(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64')]))

type Answer = { readonly found: readonly Login[] } | { readonly refused: true }

const ours = ([secrets, name]: readonly [readonly GivenSecret[], string]): Answer => {
  const read = secrets.map(given => readPullSecret({ type: given.type, data: bytesOf(given) }))
  if (read.some(each => !each.ok && each.error !== 'unusable')) return { refused: true }
  return { found: createKeyring(read.flatMap(each => (each.ok ? each.value : []))).lookup(name) }
}

// The runtime drops a password without a name, and so does our keyring.
const asSent = ({ username, password }: Login): Login => ({ username, password: username === '' ? '' : password })

/** The groups one behind the other, each in the order that ours has at that place where it holds the same. */
const inOurOrder = (groups: readonly (readonly Login[])[], found: readonly Login[]): readonly Login[] => {
  const list: Login[] = []
  for (const group of groups) {
    const same = found.slice(list.length, list.length + group.length)
    const theirs = group.map(asSent)
    list.push(...(JSON.stringify(sorted(same)) === JSON.stringify(sorted(theirs)) ? same : theirs))
  }
  return list
}

const theirs = async (input: readonly [readonly GivenSecret[], string]): Promise<Answer> => {
  const answer = await oracle.keyring(...input)
  if ('error' in answer) return { refused: true }
  const own = ours(input)
  return { found: inOurOrder(answer.groups, 'found' in own ? own.found : []) }
}

test('secrets give the credentials that the kubelet tries, in its order', async () => {
  await compare({
    name: 'keyrings',
    inputs: secretsAndImage,
    count: 100_000,
    ours,
    theirs,
    sideOf: answer => ('found' in answer && answer.found.length > 0 ? 'matched' : 'not matched'),
  })
})
