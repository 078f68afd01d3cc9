// Reduces published definitions of kinds to facts; run by hand, in a clone of the project, when a project moves:
//   node test/workload/crds/extract.ts <owner/name> <clone> <ref>:<file>… > test/workload/crds/<name>.json
// A file is YAML with CustomResourceDefinitions; `<ref>:<file>@<types>` takes their schemas from the OpenAPI document
// that the project makes of its Go types, `{version}` filled in; `<ref>:<file>#<kind>,…` reads OpenAPI alone.
// The facts name the files to ask for again; python3 with its yaml module reads the YAML; biome lays the facts out.
import { execFileSync } from 'node:child_process'
import type { KindFacts, SchemaFacts } from './facts.ts'
import { type Definitions, readSchema, type Schema } from './schema.ts'

interface Origin {
  readonly project: string
  readonly commit: string
  readonly file: string
  readonly types: string
}

interface CustomResourceDefinition {
  readonly kind: string
  readonly spec: {
    readonly group: string
    readonly scope: string
    readonly names: { readonly kind: string; readonly plural: string }
    readonly versions: readonly { name: string; served: boolean; schema?: { openAPIV3Schema: Schema } }[]
  }
}

interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

interface OpenApi {
  readonly definitions: Definitions
  readonly paths: Readonly<Record<string, { post?: { 'x-kubernetes-group-version-kind'?: GroupVersionKind } }>>
}

const bufferBytes = 64 * 1024 * 1024

const git = (clone: string, ...command: readonly string[]): string =>
  execFileSync('git', ['-C', clone, ...command], { encoding: 'utf8', maxBuffer: bufferBytes })

const toJson = 'import sys, yaml, json; print(json.dumps([d for d in yaml.safe_load_all(sys.stdin) if d], default=str))'

const readYaml = (input: string): readonly CustomResourceDefinition[] =>
  JSON.parse(execFileSync('python3', ['-c', toJson], { input, encoding: 'utf8', maxBuffer: bufferBytes }))

const grouped = (schemas: readonly SchemaFacts[]): readonly SchemaFacts[] => {
  const bySchema = Object.groupBy(schemas, ({ versions: _, ...facts }) => JSON.stringify(facts))
  return Object.entries(bySchema).map(([facts, same = []]) => ({
    versions: same.flatMap(({ versions }) => versions),
    ...JSON.parse(facts),
  }))
}

type Served = CustomResourceDefinition['spec']['versions'][number]
type SchemaOf = (version: Served, kind: string) => Omit<SchemaFacts, 'versions'>

const ownSchema: SchemaOf = ({ schema }) => readSchema(schema?.openAPIV3Schema ?? {}, {})

const schemaOfTypes =
  (clone: string, ref: string, types: string): SchemaOf =>
  ({ name }, kind) => {
    const { definitions }: OpenApi = JSON.parse(git(clone, 'show', `${ref}:${types.replace('{version}', name)}`))
    return readSchema(definitions[`${name}.${kind}`] ?? {}, definitions)
  }

const ofDefinition = (origin: Origin, { spec }: CustomResourceDefinition, schemaOf: SchemaOf): KindFacts => ({
  ...origin,
  group: spec.group,
  kind: spec.names.kind,
  plural: spec.names.plural,
  namespaced: spec.scope === 'Namespaced',
  schemas: grouped(
    spec.versions
      .filter(({ served }) => served)
      .map(version => ({ versions: [version.name], ...schemaOf(version, spec.names.kind) })),
  ),
})

const ofOpenApi = (origin: Origin, api: OpenApi, kind: string): readonly KindFacts[] =>
  Object.entries(api.paths).flatMap(([path, { post }]) => {
    const gvk = post?.['x-kubernetes-group-version-kind']
    const plural = /\/([a-z]+)$/.exec(path)?.[1]
    if (gvk?.kind !== kind || !plural) return []
    const schema = Object.entries(api.definitions).find(([name]) => name.endsWith(`.${gvk.version}.${kind}`))?.[1]
    const schemas = [{ versions: [gvk.version], ...readSchema(schema ?? {}, api.definitions) }]
    return [{ ...origin, group: gvk.group, kind, plural, namespaced: path.includes('/namespaces/'), schemas }]
  })

const read = (project: string, clone: string, argument: string): readonly KindFacts[] => {
  const [, ref = '', file = '', types = '', kinds = ''] = /^([^:]+):([^#@]+)(?:@(.+))?(?:#(.+))?$/.exec(argument) ?? []
  const origin = { project, commit: git(clone, 'rev-parse', `${ref}^{commit}`).trim(), file, types }
  const text = git(clone, 'show', `${ref}:${file}`)
  if (kinds) return kinds.split(',').flatMap(kind => ofOpenApi(origin, JSON.parse(text), kind))
  return readYaml(text)
    .filter(({ kind }) => kind === 'CustomResourceDefinition')
    .map(definition => ofDefinition(origin, definition, types ? schemaOfTypes(clone, ref, types) : ownSchema))
}

const [project = '', clone = '', ...files] = process.argv.slice(2)
const carriesPods = ({ schemas }: KindFacts) => schemas.some(({ images, opaque }) => images.length + opaque.length > 0)
const facts = files.flatMap(file => read(project, clone, file)).filter(carriesPods)
process.stdout.write(`${JSON.stringify(facts, undefined, 2)}\n`)
