import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createFindPlaces, type PlacesOptions, type Runtimes, runtimesOf } from '../../src/commands/places.ts'
import { nodeOf } from '../../src/workload/node.ts'
import { closedAfterTest } from '../support/lifetime.ts'
import { referenceOf } from '../support/reference-of.ts'

const none: Runtimes = { crio: false, containerd: false }

const filesWith = async (text: string): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'places-'))
  closedAfterTest({ close: () => rm(root, { recursive: true }) })
  const file = join(root, 'registries')
  await writeFile(file, text)
  return file
}

/** By whom an image is asked for, and where; or why by nobody. */
const told = async (
  options: Partial<PlacesOptions>,
  image = 'registry.example/shop/web',
): Promise<readonly string[]> => {
  const given = {
    certsDirs: [],
    registriesConf: undefined,
    registriesYaml: undefined,
    runtimes: () => none,
    ...options,
  }
  const { findPlaces, findOtherwise } = createFindPlaces(
    given,
    () => 0,
    () => {},
  )
  const ways = await Promise.all([findPlaces, ...findOtherwise()].map(find => find(referenceOf(image))))
  return ways.map(way =>
    way.ok ? way.value.map(({ host }) => `${host.askedBy} at ${host.name}`).join(', ') : way.error.kind,
  )
}

const conf = '[[registry]]\nlocation = "registry.example"\n[[registry.mirror]]\nlocation = "mirror.example"\n'
const yaml = 'mirrors: {registry.example: {endpoint: [near.example]}}'

describe('an image is looked for', () => {
  test('as containerd does where no node is known', async () =>
    expect(await told({})).toEqual(['containerd at registry.example']))

  test('as CRI-O does where all nodes run it', async () =>
    expect(await told({ runtimes: () => ({ crio: true, containerd: false }) })).toEqual(['cri-o at registry.example']))

  test('as either does where there are nodes of both kinds', async () =>
    expect(await told({ runtimes: () => ({ crio: true, containerd: true }) })).toEqual([
      'cri-o at registry.example',
      'containerd at registry.example',
    ]))

  test('as CRI-O does where its file is named, though no such node is there just now', async () => {
    const registriesConf = await filesWith(conf)
    const both = 'cri-o at mirror.example, cri-o at registry.example'
    expect(await told({ registriesConf })).toEqual([both])
    expect(await told({ registriesConf, runtimes: () => ({ crio: false, containerd: true }) })).toEqual([
      both,
      'containerd at registry.example',
    ])
  })

  test('in the file of each kind', async () => {
    const [registriesConf, registriesYaml] = [await filesWith(conf), await filesWith(yaml)]
    const runtimes = (): Runtimes => ({ crio: true, containerd: true })
    expect(await told({ registriesConf, registriesYaml, runtimes })).toEqual([
      'cri-o at mirror.example, cri-o at registry.example',
      'containerd at near.example, containerd at registry.example',
    ])
  })

  test('by CRI-O nowhere where its name has no registry, and nobody said which one it adds', async () =>
    expect(await told({ runtimes: () => ({ crio: true, containerd: true }) }, 'ubi8/ubi')).toEqual([
      'short-name',
      'containerd at registry-1.docker.io',
    ]))
})

describe('the runtimes of nodes', () => {
  const of = (...versions: readonly string[]) =>
    runtimesOf({
      nodes: {
        current: () =>
          versions.map(containerRuntimeVersion => nodeOf({ status: { nodeInfo: { containerRuntimeVersion } } })),
      },
    })()

  test('are told by their versions, and one that is unknown counts as containerd', () => {
    expect(of('containerd://2.4.2')).toEqual({ crio: false, containerd: true })
    expect(of('cri-o://1.34.1')).toEqual({ crio: true, containerd: false })
    expect(of('cri-o://1.34.1', '')).toEqual({ crio: true, containerd: true })
    expect(of()).toEqual(none)
  })

  test('are none where there is no cluster, or its nodes are not known yet', () => {
    expect(runtimesOf({ nodes: undefined })()).toEqual(none)
    expect(runtimesOf({ nodes: { current: () => undefined } })()).toEqual(none)
  })
})
