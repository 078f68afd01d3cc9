import type { SchemaFacts } from './facts.ts'

/** The parts of an OpenAPI schema that say where images can stand. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
  readonly allOf?: readonly Schema[]
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
}

/** Schemas by name, to which `$ref` leads. */
export type Definitions = Readonly<Record<string, Schema>>

interface Visit {
  readonly path: string
  readonly schema: Schema
}

/** Lists the paths of a schema at which images, volumes and opaque objects stand; what `status` says is left out. */
export const readSchema = (schema: Schema, definitions: Definitions): Omit<SchemaFacts, 'versions'> => {
  const visits = [...visit({ path: '', schema }, definitions, [])]
  const where = (fits: (visited: Visit) => boolean) =>
    visits
      .filter(fits)
      .map(({ path }) => path)
      .toSorted()
  return { images: where(isImage), volumes: where(isVolume), placements: where(isPlacement), opaque: where(isOpaque) }
}

// A `monitors` beside `image` makes a Ceph block device, whose image is none of ours.
const isImage = ({ schema: { properties } }: Visit): boolean =>
  properties?.['image']?.type === 'string' && !('monitors' in properties)

const isVolume = ({ path, schema }: Visit): boolean =>
  path.endsWith('[*]') && ['emptyDir', 'hostPath'].every(name => schema.properties?.[name])

const placing = ['nodeSelector', 'imagePullSecrets', 'serviceAccount', 'serviceAccountName']

const isPlacement = ({ schema: { properties = {} } }: Visit): boolean => placing.some(name => name in properties)

const isOpaque = ({ schema: { properties, items, ...rest } }: Visit): boolean =>
  rest['x-kubernetes-preserve-unknown-fields'] === true && !items && !properties?.['image']

// A type inside itself, as Tekton's pipelines in pipelines, is visited once; a type that is not defined here has no parts.
function* visit(from: Visit, definitions: Definitions, open: readonly string[]): Generator<Visit> {
  const { $ref, schema } = resolve(from.schema, definitions)
  if (open.includes($ref)) return
  yield { path: from.path, schema }
  for (const child of children(from.path, schema)) yield* visit(child, definitions, $ref ? [...open, $ref] : open)
}

const resolve = (schema: Schema, definitions: Definitions): { readonly $ref: string; readonly schema: Schema } => {
  const $ref = schema.$ref ?? schema.allOf?.[0]?.$ref ?? ''
  return { $ref, schema: definitions[$ref.replace('#/definitions/', '')] ?? schema }
}

const children = (path: string, { properties = {}, items, additionalProperties }: Schema): readonly Visit[] => [
  ...Object.entries(properties)
    .filter(([name]) => path !== '' || name !== 'status')
    .map(([name, schema]) => ({ path: path === '' ? name : `${path}.${name}`, schema })),
  ...(items ? [{ path: `${path}[*]`, schema: items }] : []),
  ...(typeof additionalProperties === 'object' ? [{ path: `${path}.*`, schema: additionalProperties }] : []),
]
