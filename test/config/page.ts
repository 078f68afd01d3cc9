import { trustedOptions } from '../../src/config/origin.ts'
import { schema } from '../../src/config/schema.ts'

/** A part of the schema, as far as the page tells of it. */
interface Part {
  readonly description?: string
  readonly type?: string
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Part[]
  readonly const?: string
  readonly items?: Part
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Part>>
  readonly additionalProperties?: Part | false
}

const formatWords: Readonly<Record<string, string>> = {
  path: 'path',
  cidr: 'address or range',
  platform: 'platform',
  'image-pattern': 'pattern of images',
  'image-reference': 'image reference',
  'place-pattern': 'pattern of registries',
}

const takes = (part: Part): string => {
  if (part.enum !== undefined) return part.enum.map(value => `\`${value}\``).join(', ')
  if (part.const !== undefined) return `\`${part.const}\``
  if (part.anyOf !== undefined) return part.anyOf.map(takes).join(' or ')
  if (part.type === 'array') return `list: ${takes(part.items ?? {})}`
  if (part.type === 'boolean') return '`true`, `false`'
  if (part.type === 'string' && part.format === undefined) return 'text'
  if (part.type === 'object')
    return `group of ${Object.keys(part.properties ?? {})
      .map(name => `\`${name}\``)
      .join(' and ')}`
  if (part.type === 'integer') return `${part.minimum} to ${part.maximum}`
  return formatWords[part.format ?? ''] ?? 'group'
}

const byDefault = ({ default: value }: Part): string => {
  if (value === undefined) return ''
  // A long list is told below.
  if (Array.isArray(value) && value.length > 3) return 'see below'
  return `\`${JSON.stringify(value).replaceAll('"', '')}\``
}

const row = (path: string, part: Part): string =>
  `| \`${path}\` | ${[takes(part), byDefault(part), part.description ?? ''].join(' | ')} |`

/** The options of a part that are values, with those of the groups within it. */
const rowsOf = (part: Part, before: string): readonly string[] => {
  const below = Object.entries(part.properties ?? {}).flatMap(([name, inner]) => rowsFor(`${before}${name}`, inner))
  const others = part.additionalProperties
  return others === undefined || others === false ? below : [...below, ...rowsOf(others, `${before}HOST.`)]
}

const rowsFor = (path: string, part: Part): readonly string[] =>
  part.properties === undefined && !part.additionalProperties ? [row(path, part)] : rowsOf(part, `${path}.`)

const table = (rows: readonly string[]): string =>
  ['| option | takes | default | what it does |', '| --- | --- | --- | --- |', ...rows].join('\n')

const isGroup = ({ properties }: Part): boolean => properties !== undefined

const section = (name: string, part: Part): string =>
  `## \`${name}\`\n\n${part.description}\n\n${table(rowsFor(name, part))}\n`

const longDefaults = (part: Part, path: string): readonly string[] => {
  const own =
    Array.isArray(part.default) && part.default.length > 3
      ? [`\`${path}\` is by default:\n\n${part.default.map(value => `- \`${value}\``).join('\n')}\n`]
      : []
  return [
    ...own,
    ...Object.entries(part.properties ?? {}).flatMap(([name, inner]) => longDefaults(inner, `${path}.${name}`)),
  ]
}

const introduction = `# Configuration

<!-- Made from src/config/schema.ts by \`npm run docs\`. -->

${schema.description} It stands in one file, in YAML or JSON. All of it may be left out: then the defaults below hold.

\`\`\`yaml
mode: enforce
policy: { rate-limited: ignore }
ignoreImages: ["localhost:*/*"]
platforms: [linux/amd64, linux/arm64]
registries:
  refuseAddresses: [10.96.0.0/12, 10.244.0.0/16]
\`\`\`

## Which file

\`pullgate serve\`, \`pullgate check\` and \`pullgate config show\` read the file that \`--config\` names, else \`pullgate.yaml\` in the working
folder, else \`pullgate.yaml\` in the root of the repository, which is the nearest folder above that has a \`.git\`. Flags win over the file. Paths
in the file are taken from the folder that it stands in.

A folder may be a stranger's, such as the sources of a pull request. So a file that was found, and not named, may not say which programs run,
who gets passwords, and which doors are open: ${trustedOptions.map(option => `\`${option}\``).join(', ')}.

\`pullgate serve\` reads its file anew when it changes, within ten seconds, and at once on \`SIGHUP\`. Reviews that have begun end as they began,
and what was learnt of images is kept. A file with mistakes changes nothing: the log says what is wrong with it, once, and what was read before
goes on.

## What is wrong with it

An option that there is not is a mistake, and so is a key that stands twice. All mistakes are told at once:

\`\`\`text
$ pullgate config validate pullgate.yaml
pullgate.yaml:1:7: mode: "enforced" is none of enforce, warn, audit, off; did you mean enforce?
pullgate.yaml:4:3: policy.not-fond: there is no option "not-fond"; did you mean not-found?
\`\`\`

\`pullgate config schema\` prints the JSON Schema, for editors, and \`pullgate config show\` the configuration that holds.
`

/** The page on the configuration, made from its schema. */
export const configurationPage = (): string => {
  const parts = Object.entries(schema.properties as Readonly<Record<string, Part>>)
  const single = parts.filter(([, part]) => !isGroup(part)).map(([name, part]) => row(name, part))
  const groups = parts.filter(([, part]) => isGroup(part))
  const sections = groups.map(([name, part]) => [section(name, part), ...longDefaults(part, name)].join('\n'))
  return [introduction, `## Options\n\n${table(single)}\n`, ...sections].join('\n')
}
