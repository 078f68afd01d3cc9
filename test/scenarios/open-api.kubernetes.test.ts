import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admissionRules, builtInKinds, findKind } from '../../src/workload/kinds.ts'
import { type StandingCluster, standingCluster } from '../cluster/real/standing-cluster.ts'
import { chartHooks } from './chart-objects.ts'
import { type Carrier, carriersIn, type Document, imageSubresourcesIn } from './open-api.ts'

let cluster: StandingCluster
let carriers: readonly Carrier[]
let documents: readonly Document[]

beforeAll(async () => {
  cluster = await standingCluster()
  const read = async (path: string): Promise<unknown> => (await cluster.client.request('GET', path)).body
  const { paths } = (await read('/openapi/v3')) as {
    readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>>
  }
  // Kubernetes' own: what others install is in the table, or in somebody's configuration.
  const own = Object.entries(paths).filter(([path]) => /^api(s\/([a-z]+|[a-z.]+\.k8s\.io))?\/v/.test(path))
  documents = (await Promise.all(
    own.map(([, { serverRelativeURL }]) => read(serverRelativeURL)),
  )) as readonly Document[]
  carriers = documents.flatMap(carriersIn)
  console.log(
    `OpenAPI: ${documents.length} group versions, ${carriers.length} kinds that carry images: ${carriers.map(({ kind }) => kind).join(', ')}`,
  )
})
afterAll(() => cluster.client.close())

describe('the OpenAPI of a real API server', () => {
  test('has no kind with an image or a pod template that is not in the table', () => {
    const unknown = carriers.filter(({ group, kind }) => findKind(builtInKinds, group, kind) === undefined)
    expect(unknown).toEqual([])
  })

  test('has no field for an image that the table does not lead to', () => {
    const missed = carriers.flatMap(({ group, kind, images }) => {
      const row = findKind(builtInKinds, group, kind)
      const known = (row?.pods ?? []).flatMap(({ podSpec, containers }) => [
        ...containers.map(container => `${podSpec}.${container}.image`),
        `${podSpec}.volumes[*].image.reference`,
      ])
      return images.filter(image => !known.includes(image)).map(image => `${kind} ${image}`)
    })
    expect(missed).toEqual([])
  })

  test('is read to the bottom: a pod has its four places', () => {
    const pod = carriers.find(({ kind }) => kind === 'Pod')
    expect(pod?.images.toSorted()).toEqual([
      'spec.containers[*].image',
      'spec.ephemeralContainers[*].image',
      'spec.initContainers[*].image',
      'spec.volumes[*].image.reference',
    ])
  })

  test('has no kind of the table by a version that the table does not have', () => {
    const versions = carriers.filter(
      ({ group, kind, version }) => findKind(builtInKinds, group, kind)?.versions.includes(version) === false,
    )
    expect(versions).toEqual([])
  })

  test('has all of Kubernetes’ own kinds that the table has', () => {
    const own = builtInKinds.filter(({ group }) => ['', 'apps', 'batch'].includes(group)).map(({ kind }) => kind)
    expect(carriers.map(({ kind }) => kind).toSorted()).toEqual(own.toSorted())
  })

  test('has no subresource that could bring an image and is not asked about', () => {
    // These change what stands below `status`, the resources of containers, or nothing; an image in them counts for nothing.
    const harmless = ['status', 'resize']
    const found = [...new Set(documents.flatMap(imageSubresourcesIn))].filter(
      path => !harmless.includes(path.split('/')[1] ?? ''),
    )
    expect(found).toEqual(['pods/ephemeralcontainers'])
  })
})

describe('the rules that the chart registers', () => {
  test('are those of the table', () => {
    const rules = chartHooks('x').flatMap(hook => hook.rules)
    const asked = rules.flatMap(({ apiGroups, apiVersions, resources }) =>
      apiGroups.flatMap(group =>
        apiVersions.flatMap(version => resources.map(resource => `${group}/${version} ${resource}`)),
      ),
    )
    const known = admissionRules(builtInKinds).flatMap(({ apiGroups, apiVersions, resources }) =>
      apiGroups.flatMap(group =>
        apiVersions.flatMap(version => resources.map(resource => `${group}/${version} ${resource}`)),
      ),
    )
    expect(asked.toSorted()).toEqual(known.toSorted())
    expect(new Set(rules.flatMap(({ operations }) => operations))).toEqual(new Set(['CREATE', 'UPDATE']))
  })
})
