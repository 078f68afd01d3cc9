/** A schema, as far as it says where fields lead. */
interface Schema {
  readonly type?: string
  readonly $ref?: string
  readonly allOf?: readonly Schema[]
  readonly items?: Schema
  readonly additionalProperties?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[]
}

interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

interface Operation {
  readonly 'x-kubernetes-group-version-kind'?: GroupVersionKind
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> }
}

/** The OpenAPI v3 document of one group and version. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> }
}

/** A kind that people write, with the fields in it that name images. */
export interface Carrier extends GroupVersionKind {
  readonly images: readonly string[]
}

type Schemas = Readonly<Record<string, Schema>>

const nameIn = ({ $ref, allOf }: Schema): string | undefined => ($ref ?? allOf?.[0]?.$ref)?.split('/').at(-1)

// Policies, secrets and IDs of images; and a disk of Ceph's, which is called image there.
const isNoReference = (path: string): boolean =>
  /(pullpolicy|imagepullpolicy|imagepullsecrets\[\*\]\.name|rbd\.image)$/.test(path.toLowerCase())

// A string whose name, or whose holder's name, speaks of images.
const isImage = (path: string): boolean =>
  path
    .split('.')
    .slice(-2)
    .some(step => /image/i.test(step)) && !isNoReference(path)

const below = (path: string, step: string): string => (path === '' ? step : `${path}.${step}`)

/** The paths of strings that name images; what comes back to a schema that it is in is not followed. */
const imagesIn = (schema: Schema, schemas: Schemas, path: string, within: readonly string[]): readonly string[] => {
  const name = nameIn(schema)
  if (name !== undefined) {
    const target = schemas[name]
    return target === undefined || within.includes(name) ? [] : imagesIn(target, schemas, path, [...within, name])
  }
  if (schema.items !== undefined) return imagesIn(schema.items, schemas, `${path}[*]`, within)
  if (schema.additionalProperties !== undefined)
    return imagesIn(schema.additionalProperties, schemas, `${path}.*`, within)
  if (schema.properties !== undefined)
    return Object.entries(schema.properties).flatMap(([step, each]) =>
      imagesIn(each, schemas, below(path, step), within),
    )
  return schema.type === 'string' && isImage(path) ? [path] : []
}

// What nobody but controllers and kubelets writes says what was pulled, not what will be.
const isWritten = (path: string): boolean => !path.startsWith('status.')

const writing = ['post', 'put', 'patch']

/** The names of the schemas that a path takes, by any verb that writes. */
const takenBy = (operations: Readonly<Record<string, Operation>>): readonly string[] =>
  writing.flatMap(verb =>
    Object.values(operations[verb]?.requestBody?.content ?? {}).flatMap(
      ({ schema }) => (schema && nameIn(schema)) ?? [],
    ),
  )

/** The kinds of a document that people may write and that name images. */
export const carriersIn = ({ paths, components }: Document): readonly Carrier[] => {
  const schemas = components?.schemas ?? {}
  const resources = Object.entries(paths).filter(([path]) => /\/\{name\}$/.test(path) || !path.includes('{name}'))
  const taken = new Set(resources.flatMap(([, operations]) => takenBy(operations)))
  return [...taken].flatMap(name => {
    const schema = schemas[name]
    const [gvk] = schema?.['x-kubernetes-group-version-kind'] ?? []
    if (schema === undefined || gvk === undefined) return []
    const images = imagesIn(schema, schemas, '', [name]).filter(isWritten)
    return images.length === 0 ? [] : [{ ...gvk, images }]
  })
}

/** The subresources of a document that take objects with images: `pods/ephemeralcontainers`. */
export const imageSubresourcesIn = (document: Document): readonly string[] => {
  const schemas = document.components?.schemas ?? {}
  return Object.entries(document.paths).flatMap(([path, operations]) => {
    const [, resource, subresource] = /\/([a-z]+)\/\{name\}\/([a-z]+)$/.exec(path) ?? []
    if (resource === undefined) return []
    const images = takenBy(operations).flatMap(name =>
      imagesIn(schemas[name] ?? {}, schemas, '', [name]).filter(isWritten),
    )
    return images.length === 0 ? [] : [`${resource}/${subresource}`]
  })
}
