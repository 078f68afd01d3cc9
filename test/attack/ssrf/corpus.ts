import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOf } from '../../../src/image/digest.ts'
import { parseReference } from '../../../src/image/reference.ts'
import type { Guard } from '../../../src/registry/dial/guard.ts'
import type { Dialogue } from '../../../src/registry/dialogue.ts'
import type { ProbeFailure } from '../../../src/registry/failure.ts'
import { createCertsDir } from '../../../src/registry/hosts/certs-dir.ts'
import { type FindPlaces, placesFromCertsDir } from '../../../src/registry/hosts/place.ts'
import type { Pull } from '../../../src/registry/pull.ts'
import { createRegistry } from '../../../src/registry/registry.ts'
import { floorOptions } from '../registry-of.ts'
import { wordsOf } from '../words.ts'
import { type Destination, destinations, strangersAddress } from './destinations.ts'
import { type Bait, type Position, positions, proxyAddress, type Question, strangersRegistry } from './positions.ts'
import type { World } from './world.ts'

/** What came of all destinations at one position. */
export interface Tally {
  readonly position: string
  readonly isFollowed: boolean
  readonly destinations: number
  /** As many as could be written there and were asked for. */
  readonly asked: number
  /** Cases in which the stranger was heard, so that the bait lay there. */
  readonly baited: number
  /** Ways of writing that led somebody inside. */
  readonly inside: readonly string[]
  /** Texts that tell an address which nobody wrote. */
  readonly told: readonly string[]
  /** How the questions ended, and how often. */
  readonly ends: Readonly<Record<string, number>>
}

const someDigest = digestOf(Buffer.from('some content'))

const put = (dialogue: Dialogue, pull: Pull, question: Question, signal: AbortSignal) => {
  switch (question) {
    case 'resolve':
      return dialogue.resolve(pull, signal)
    case 'config':
      return dialogue.config(pull, someDigest, signal)
    case 'tags':
      return dialogue.tags(pull, signal)
  }
}

/** Finds places by a real directory with this file in it. */
export const placesBy = async (
  toml: string,
  registry: string,
): Promise<{ readonly findPlaces: FindPlaces; readonly remove: () => Promise<void> }> => {
  const root = await mkdtemp(join(tmpdir(), 'pullgate-attack-'))
  await mkdir(join(root, registry))
  await writeFile(join(root, registry, 'hosts.toml'), toml)
  const certsDir = createCertsDir({ roots: [root], nowMs: () => performance.now(), complain: () => {} })
  return { findPlaces: placesFromCertsDir(certsDir), remove: () => rm(root, { recursive: true }) }
}

const withoutPort = (text: string): string => text.replace(/[.:]+$/, '').replace(/(?<=^[^:]+):\d+$/, '')

/** The addresses that a text tells, but for those that its reader wrote. */
export const addressesIn = (text: string, { host }: Destination): readonly string[] => {
  const canonical = URL.parse(`http://${host}/`)?.hostname ?? host
  const written = [host, canonical]
  const found = (text.match(/[\da-f:.]{2,}/gi) ?? []).map(withoutPort).filter(each => isIP(each) !== 0)
  return found.filter(address => !written.some(each => each.includes(address)))
}

interface Outcome {
  readonly ends: readonly string[]
  readonly texts: readonly string[]
}

const askAll = async (bait: Bait, world: World, guard: Guard): Promise<Outcome | undefined> => {
  const reference = parseReference(bait.image)
  if (!reference.ok) return undefined
  const texts: string[] = []
  const places = bait.hostsToml === undefined ? undefined : await placesBy(bait.hostsToml, strangersRegistry)
  const proxy = bait.proxy ?? ''
  const registry = createRegistry(
    floorOptions({
      ...{ guard, resolve: world.resolve, trust: world.trust },
      proxies: { httpProxy: proxy, httpsProxy: proxy, noProxy: '' },
      observe: exchanged => void texts.push(JSON.stringify(exchanged)),
      ...(places && { findPlaces: places.findPlaces }),
    }),
  )
  const pull: Pull = { reference: reference.value, credential: bait.credential }
  const ends: string[] = []
  const note = (failure: ProbeFailure): void => {
    ends.push('problem' in failure ? `${failure.kind} ${failure.problem}` : failure.kind)
    texts.push(wordsOf(failure, bait.image))
  }
  for (const question of bait.questions) {
    const answer = await put(registry.dialogue, pull, question, AbortSignal.timeout(5000))
    if (answer.ok) ends.push('answered')
    else note(answer.error)
  }
  await registry.close()
  await places?.remove()
  return { ends, texts }
}

const ours: ReadonlySet<string> = new Set([strangersAddress, proxyAddress])

/** Lays each destination at one position, asks, and sees who went where. */
const tallyOf = async ({ name, isFollowed, lay }: Position, world: World, guard: Guard): Promise<Tally> => {
  const [inside, told]: [string[], string[]] = [[], []]
  const ends = new Map<string, number>()
  let [asked, baited] = [0, 0]
  for (const destination of destinations) {
    world.clear()
    const bait = lay(destination, world)
    const outcome = bait && (await askAll(bait, world, guard))
    if (outcome === undefined) continue
    asked += 1
    if (world.answered.includes(strangersAddress)) baited += 1
    if ([...world.accepted, ...world.tunnels].some(address => !ours.has(address))) inside.push(destination.host)
    told.push(...outcome.texts.filter(text => addressesIn(text, destination).length > 0))
    for (const end of outcome.ends) ends.set(end, (ends.get(end) ?? 0) + 1)
  }
  const counts = { destinations: destinations.length, asked, baited }
  return { position: name, isFollowed, ...counts, inside, told, ends: Object.fromEntries(ends) }
}

/** Lays every destination at every position. */
export const runCorpus = async (world: World, guard: Guard): Promise<readonly Tally[]> => {
  const tallies: Tally[] = []
  for (const position of positions) tallies.push(await tallyOf(position, world, guard))
  return tallies
}
