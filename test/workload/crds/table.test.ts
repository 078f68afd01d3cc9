import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { builtInKinds, findKind, type Kind, type PodPlace, podContainers } from '../../../src/workload/kinds.ts'
import { compilePath } from '../../../src/workload/path.ts'
import type { KindFacts, SchemaFacts } from './facts.ts'

// What the Go types say of an object whose schema keeps unknown fields; paths below it.
interface Preserved {
  readonly group: string
  readonly kind: string
  readonly path: string
  readonly podSpecs: readonly string[]
  readonly images: readonly string[]
}

interface Exception {
  readonly kinds: RegExp
  readonly path: RegExp
  readonly why: string
}

const folder = new URL('.', import.meta.url)
const readJson = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
const factFiles = readdirSync(folder).filter(name => name.endsWith('.json') && name !== 'preserved.json')
const facts: readonly KindFacts[] = factFiles.flatMap(readJson)
const preserved: readonly Preserved[] = readJson('preserved.json')

const nameOf = ({ group, kind }: { readonly group: string; readonly kind: string }) => `${kind}.${group}`
const factsOf = (row: Kind) => facts.filter(fact => nameOf(fact) === nameOf(row))
const schemasOf = (row: Kind) => factsOf(row).flatMap(({ schemas }) => schemas)
const below = (parent: string, child: string) => (child === '' ? parent : `${parent}.${child}`)

const pathsOf = ({ podSpec, containers }: PodPlace) => containers.map(container => below(podSpec, container))

const preservedImages = ({ path, podSpecs, images }: Preserved) => [
  ...podSpecs.flatMap(spec => podContainers.map(container => `${path}.${spec}.${container}`)),
  ...images.map(image => below(path, image)),
]

const imagesOf = (row: Kind, schema: SchemaFacts) => [
  ...schema.images,
  ...preserved
    .filter(entry => nameOf(entry) === nameOf(row) && schema.opaque.includes(entry.path))
    .flatMap(preservedImages),
]

const each = builtInKinds.map(row => [nameOf(row), row] as const)
const excepted = (list: readonly Exception[], row: Kind) => (path: string) =>
  list.some(exception => exception.kinds.test(nameOf(row)) && exception.path.test(path))

// Places that not every version has.
const newer: readonly Exception[] = [
  { kinds: /\.ray\.io$/, path: /historyServerOptions\.collectorOptions$/, why: 'in v1 alone' },
]

// Images in a schema that the table does not reach.
const unreached: readonly Exception[] = [
  { kinds: /^Flink/, path: /\.podTemplate\.status\./, why: 'a status, which the type only drags along' },
  { kinds: /^AutoscalingRunnerSet/, path: /\.listenerTemplate\./, why: "runs in the controller's namespace" },
  { kinds: /^InferenceService/, path: /\.ephemeralContainers\[\*\]$/, why: 'refused in any new pod' },
]

// Lists of volumes that the table does not reach.
const unreachedVolumes: readonly Exception[] = [
  ...unreached,
  { kinds: /^TrainJob/, path: /^spec\.runtimePatches/, why: 'a patch to the pods of its runtime, without images' },
]

// Objects of unknown fields in which no image is looked for.
const unread: readonly Exception[] = [
  { kinds: /./, path: /\.(limits|requests)$/, why: 'amounts' },
  {
    kinds: /./,
    path: /(\.volumes|\.volumes\[\*\]\.\w+|\.volumeClaimTemplates)$/,
    why: 'volumes: read beside containers',
  },
  { kinds: /./, path: /\.(affinity|tolerations\[\*\]|topologySpreadConstraints\[\*\])$/, why: 'placement' },
  {
    kinds: /./,
    path: /\.(securityContext|dnsConfig|hostAliases\[\*\]|metadata)$/,
    why: 'parts of a pod without images',
  },
  { kinds: /./, path: /\.valueFrom\.\w+$/, why: "a variable's source" },
  { kinds: /^(Rollout|Analysis|ClusterAnalysis)/, path: /\.(config|plugins?|jsonBody)$/, why: "a plugin's settings" },
  { kinds: /Workflow/, path: /\.(plugin|withItems)$/, why: "a plugin's settings; a loop's values" },
  { kinds: /Workflow/, path: /\.templateDefaults\.(steps|dag)/, why: 'steps cannot be defaults' },
  { kinds: /^Flink/, path: /\.flinkConfiguration$/, why: 'settings by name' },
  { kinds: /^ContainerSource/, path: /\.extensions$/, why: 'attributes of events' },
  { kinds: /^UnitedDeployment/, path: /^spec\.topology\.subsets\[\*\]\.patch$/, why: 'a patch to the template' },
]

it.each(each)('%s is named as its project names it', (_, row) => {
  const names = new Set(factsOf(row).map(({ plural, namespaced }) => `${plural} ${namespaced}`))
  expect(names).toEqual(new Set([`${row.resource} ${row.namespaced}`]))
})

it.each(each)('%s says where it was read', (_, row) => {
  const sources = factsOf(row).map(({ project, file }) => `${project} ${file}`)
  expect(new Set(sources)).toEqual(new Set(row.sources))
})

it.each(each)('%s has the versions that its project serves', (_, row) => {
  const served = schemasOf(row).flatMap(({ versions }) => versions)
  expect(new Set(served)).toEqual(new Set(row.versions))
})

it.each(each)('%s has its containers where each version of the schema has them', (_, row) => {
  for (const schema of schemasOf(row)) {
    const places = row.pods.flatMap(pathsOf).filter(path => !excepted(newer, row)(path))
    expect(imagesOf(row, schema)).toEqual(expect.arrayContaining(places))
  }
})

it.each(each)('%s has every image of the schema in reach', (_, row) => {
  const reached = row.pods.flatMap(pathsOf)
  const missed = schemasOf(row).flatMap(schema => imagesOf(row, schema).filter(path => !reached.includes(path)))
  expect(missed.filter(path => !excepted(unreached, row)(path))).toEqual([])
})

it.each(each)('%s has every volume of the schema in reach', (_, row) => {
  const reached = row.pods.map(({ podSpec }) => `${podSpec}.volumes[*]`)
  const missed = schemasOf(row).flatMap(({ volumes }) => volumes.filter(path => !reached.includes(path)))
  expect(missed.filter(path => !excepted(unreachedVolumes, row)(path))).toEqual([])
})

it.each(each)('%s has no object of unknown fields that nobody looked into', (_, row) => {
  const read = preserved.filter(entry => nameOf(entry) === nameOf(row)).map(({ path }) => path)
  const unknown = schemasOf(row).flatMap(({ opaque }) => opaque.filter(path => !read.includes(path)))
  expect(unknown.filter(path => !excepted(unread, row)(path))).toEqual([])
})

it.each(each)('%s takes what a pod leaves out from objects that can say it', (_, row) => {
  const placements = schemasOf(row).flatMap(schema => [
    ...schema.placements,
    ...imagesOf(row, schema).map(path => path.replace(/\.containers\[\*\]$/, '')),
  ])
  expect(placements).toEqual(expect.arrayContaining(row.pods.flatMap(({ fallbacks }) => fallbacks)))
})

it('has read the types only of objects that a schema leaves open', () => {
  const open = (entry: Preserved) =>
    facts.some(fact => nameOf(fact) === nameOf(entry) && fact.schemas.some(({ opaque }) => opaque.includes(entry.path)))
  expect(preserved.filter(entry => !open(entry))).toEqual([])
})

it.each([
  ['newer', newer, (row: Kind) => row.pods.flatMap(pathsOf)],
  ['unreached', unreached, (row: Kind) => schemasOf(row).flatMap(({ images }) => images)],
  [
    'unreached volumes',
    unreachedVolumes,
    (row: Kind) => schemasOf(row).flatMap(({ images, volumes }) => [...images, ...volumes]),
  ],
  ['unread', unread, (row: Kind) => schemasOf(row).flatMap(({ opaque }) => opaque)],
] as const)('makes no exception (%s) that nothing needs', (_, exceptions, pathsIn) => {
  const idle = exceptions.filter(exception => !builtInKinds.some(row => pathsIn(row).some(excepted([exception], row))))
  expect(idle).toEqual([])
})

it('knows no kind twice', () => {
  const names = builtInKinds.map(nameOf)
  expect(names).toEqual([...new Set(names)])
})

it('writes every path in the grammar', () => {
  const paths = builtInKinds.flatMap(({ pods }) => pods.flatMap(place => [...pathsOf(place), ...place.fallbacks]))
  expect(paths.filter(path => !compilePath(path).ok)).toEqual([])
})

it('has no facts that the table does not use', () => {
  const unused = facts.filter(({ group, kind }) => !findKind(builtInKinds, group, kind)).map(nameOf)
  expect(unused).toEqual([])
})
