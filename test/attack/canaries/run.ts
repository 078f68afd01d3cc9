import { deadlineIn } from '../../../src/lib/deadline.ts'
import { ok, type Result } from '../../../src/lib/result.ts'
import type { Dialogue } from '../../../src/registry/dialogue.ts'
import type { ProbeFailure } from '../../../src/registry/failure.ts'
import type { Place } from '../../../src/registry/hosts/place.ts'
import type { Pull } from '../../../src/registry/pull.ts'
import type { Registry, RegistryOptions } from '../../../src/registry/registry.ts'
import { referenceOf } from '../../support/reference-of.ts'
import { wordsOf } from '../words.ts'
import { configDigest, manifestDigest } from './answers.ts'
import { createDraw } from './draw.ts'
import { drawScene } from './draw-scene.ts'
import { type Clock, openFloors } from './floors.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { listeningToLogs } from './log.ts'
import { imageOf, placesOf } from './places.ts'
import { beginPlay, type Play } from './play.ts'
import type { Question, Way } from './scene.ts'
import { openTheatre } from './theatre.ts'

/** What is run. */
export interface RunOptions {
  readonly seed: number
  readonly dialogues: number
  /** Makes the registry floor: the real one, or one with a leak in it. */
  readonly make: (options: RegistryOptions) => Registry
  /** Ends the run early. */
  readonly isEnough?: (ledger: Ledger) => boolean
}

/** What came of a run. */
export interface Outcome extends Pick<Ledger, 'violations' | 'sightings'> {
  readonly dialogues: number
  readonly questions: number
  readonly answered: number
  readonly requests: number
  /** How the other questions ended. */
  readonly failures: ReadonlyMap<string, number>
}

// Enough for dialogues to get in each other's way, and few enough for none to wait.
const atOnce = 12
const perGeneration = 5000
// Longer than five failures in a row may take to count as one breakdown.
const questionTakesMs = 4000
// What a dialogue sent may arrive when hundreds that began after it are over: it waits in a queue, or its own patience is long.
const remembered = perGeneration

const readThrough = async <E>(layer: Result<AsyncIterable<Uint8Array>, E>): Promise<Result<unknown, E>> => {
  if (!layer.ok) return layer
  for await (const _ of layer.value);
  return ok(undefined)
}

const put = async (
  dialogue: Dialogue,
  pull: Pull,
  question: Question,
  signal: AbortSignal,
): Promise<Result<unknown, ProbeFailure>> => {
  switch (question) {
    case 'resolve':
      return dialogue.resolve(pull, signal)
    case 'manifest':
      return dialogue.manifest(pull, manifestDigest, signal)
    case 'exists':
      return dialogue.exists(pull, manifestDigest, signal)
    case 'config':
      return dialogue.config(pull, configDigest, signal)
    case 'layer':
      return readThrough(await dialogue.layer(pull, configDigest, signal))
    case 'tags':
      return dialogue.tags(pull, signal)
  }
}

const increment = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)

/** Plays dialogues against the servers of a theatre, and tells where the canaries were seen. */
export const run = async (options: RunOptions): Promise<Outcome> => {
  const ledger = createLedger()
  const theatre = await openTheatre(ledger)
  const clock: Clock = { nowMs: 1 }
  const places = new Map<string, readonly Place[]>()
  const failures = new Map<string, number>()
  const { seed, dialogues, make, isEnough = () => false } = options
  let [played, questions, answered] = [0, 0, 0]

  const ask = async (play: Play, { dialogue }: Registry, question: Question, signal: AbortSignal): Promise<void> => {
    const image = imageOf(play)
    const pull: Pull = { reference: referenceOf(image), credential: play.holdings.get(play.tenant)?.credential }
    questions += 1
    const answer = await put(dialogue, pull, question, signal)
    if (answer.ok) {
      answered += 1
      return
    }
    increment(failures, 'problem' in answer.error ? `${answer.error.kind} ${answer.error.problem}` : answer.error.kind)
    ledger.read('a failure', wordsOf(answer.error, image))
  }

  const converse = async (id: number, floors: ReadonlyMap<Way, Registry>): Promise<void> => {
    const draw = createDraw(seed * 1_000_003 + id)
    const scene = drawScene(id, draw)
    const play = beginPlay(scene, theatre.ports, draw, ledger)
    theatre.plays.set(id, play)
    places.set(`d${id}/app`, placesOf(play))
    const signal = deadlineIn(scene.patienceMs)
    for (const visit of scene.visits) {
      play.tenant = visit.tenant
      for (const question of visit.questions) {
        clock.nowMs += draw.chance(0.03) ? 120_000 : questionTakesMs
        const floor = floors.get(scene.way)
        if (floor !== undefined) await ask(play, floor, question, signal)
      }
    }
    played += 1
    places.delete(`d${id}/app`)
    theatre.plays.delete(id - remembered)
    ledger.forget(id - remembered)
  }

  const playGeneration = async (from: number, until: number): Promise<void> => {
    const floors = openFloors(theatre, clock, places, make)
    let next = from
    const work = async (): Promise<void> => {
      while (next < until && !isEnough(ledger)) await converse(next++, floors)
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    for (const { close } of floors.values()) await close()
  }

  await listeningToLogs(
    text => ledger.read('a log', text),
    async () => {
      for (let from = 0; from < dialogues && !isEnough(ledger); from += perGeneration)
        await playGeneration(from, Math.min(from + perGeneration, dialogues))
    },
  )
  theatre.close()
  const { violations, sightings } = ledger
  return { dialogues: played, questions, answered, requests: theatre.requests(), failures, violations, sightings }
}
