/** The floors, top first; rooms on one floor do not know each other. A file imports from its own room or from floors below. */
export const floors: readonly (readonly string[])[] = [
  ['main.ts'],
  ['commands'],
  ['config', 'demo'],
  ['webhook', 'cli', 'audit'],
  ['report', 'telemetry'],
  ['check'],
  ['verdict'],
  ['cluster'],
  ['credentials'],
  ['registry'],
  ['workload'],
  ['image'],
  ['lib'],
]

/** Packages that one room alone may import, and why. */
export const ownedPackages: Readonly<Record<string, { readonly rooms: readonly string[]; readonly why: string }>> = {
  '@kubernetes/client-node': { rooms: ['cluster'], why: 'it costs 0.35 s and 50 MB to load' },
  undici: {
    rooms: ['registry', 'demo'],
    why: 'the registry floor talks to strangers, and the demo plays the API server',
  },
  fastify: { rooms: ['webhook'], why: 'only the webhook serves' },
  pino: { rooms: ['telemetry'], why: 'no floor below writes logs' },
  'prom-client': { rooms: ['telemetry'], why: 'no floor below counts' },
  commander: { rooms: ['commands'], why: 'arguments are read in one place' },
}

/** A source file, by its path below src/. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

const importPattern = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g
const roomOf = (path: string): string => path.split('/')[0] ?? ''
const floorOf = (room: string): number => floors.findIndex(floor => floor.includes(room))

const resolved = (from: string, to: string): string => new URL(to, `file:///${from}`).pathname.slice(1)

const importSentence = (path: string, to: string): string | undefined => {
  const [room, other] = [roomOf(path), roomOf(to)]
  if (room === other) return undefined
  if (floorOf(other) < 0) return `${path} may not import ${to}: ${other} is not a room of this house`
  if (floorOf(room) === floorOf(other))
    return `${path} may not import ${to}: ${room} and ${other} do not know each other`
  return floorOf(room) > floorOf(other) ? `${path} may not import ${to}: ${room} stands below ${other}` : undefined
}

const packageSentence = (path: string, from: string): string | undefined => {
  const [name = from] = /^(?:@[^/]+\/)?[^/]+/.exec(from) ?? []
  const owner = ownedPackages[name]
  if (owner === undefined || owner.rooms.includes(roomOf(path))) return undefined
  return `${path} may not import ${name}: only ${owner.rooms.join(' and ')} may, because ${owner.why}`
}

const processSentence = (path: string, text: string): string | undefined =>
  path !== 'main.ts' && /\bprocess\s*\.|'node:process'/.test(text)
    ? `${path} may not use process: main.ts alone does, and hands on what is needed`
    : undefined

/** The sentences of the house rules that a file breaks. */
export const brokenRules = ({ path, text }: SourceFile): readonly string[] => {
  const known =
    floorOf(roomOf(path)) < 0 ? `${path} stands in no room: ${roomOf(path)} is not in the table of floors` : undefined
  const imports = [...text.matchAll(importPattern)].map(match => match[1] ?? '')
  const sentences = imports.map(name =>
    name.startsWith('.') ? importSentence(path, resolved(path, name)) : packageSentence(path, name),
  )
  return [known, ...sentences, processSentence(path, text)].filter(sentence => sentence !== undefined)
}
