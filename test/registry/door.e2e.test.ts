import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Digest } from '../../src/image/digest.ts'
import { ok, type Result } from '../../src/lib/result.ts'
import type { Dialogue } from '../../src/registry/dialogue.ts'
import type { ProbeFailure } from '../../src/registry/failure.ts'
import type { FindPlaces, Place } from '../../src/registry/hosts/place.ts'
import type { Pull } from '../../src/registry/pull.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { askedDigests, type HttpAnswer, httpAnswer, prose } from '../support/arbitraries/http-answer.ts'
import { closedAfterTest, registryOptions } from '../support/lifetime.ts'
import { plainPlaces } from '../support/plain-network.ts'
import { pullOf } from '../support/reference-of.ts'
import { startWritingServer, type WritingServer } from '../support/writing-server.ts'

const leastAnswers = 1000
// Side by side. Each trial has a registry floor of its own, since an answer may shut the door to what comes next.
const lanes = 4
const runsPerLane = 75

const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
beforeAll(() => void process.on('unhandledRejection', note))
afterAll(() => void process.off('unhandledRejection', note))

const [digest] = askedDigests as [Digest]
type Question = (dialogue: Dialogue, pull: Pull, signal: AbortSignal) => Promise<Result<unknown, ProbeFailure>>

/** The first pieces of a layer, or as many as came before the connection broke. */
const beginning: Question = async ({ layer }, pull, signal) => {
  const opened = await layer(pull, digest, signal)
  if (!opened.ok) return opened
  let pieces = 0
  for await (const _ of opened.value) if (++pieces === 3) break
  return ok(pieces)
}

const questions: Readonly<Record<string, Question>> = {
  resolve: ({ resolve }, pull, signal) => resolve(pull, signal),
  manifest: ({ manifest }, pull, signal) => manifest(pull, digest, signal),
  exists: ({ exists }, pull, signal) => exists(pull, digest, signal),
  config: ({ config }, pull, signal) => config(pull, digest, signal),
  layer: beginning,
  tags: ({ tags }, pull, signal) => tags(pull, signal),
}

const kinds: Readonly<Record<ProbeFailure['kind'], true>> = {
  ...{ absent: true, refused: true, 'rate-limited': true, unreachable: true, 'bad-answer': true },
  ...{ 'timed-out': true, blocked: true, oversized: true, 'wrong-content': true },
}

const trial = fc.record({
  asked: fc.array(fc.constantFrom(...Object.keys(questions)), { minLength: 2, maxLength: 6 }),
  answers: fc.array(httpAnswer, { minLength: 1, maxLength: 3 }),
  isKnown: fc.boolean(),
  // Registries on the loopback are tried by HTTPS first, and then hear of what came instead of a handshake.
  isPlain: fc.boolean(),
})

// Twice what a busy machine needs to come back to a promise that is due.
const patienceMs = 2000

/** Asks until the server gets stuck or has said all; fails where there is no answer soon after that. */
const answerTo = async (
  question: Question,
  answers: readonly HttpAnswer[],
  server: WritingServer,
  dialogue: Dialogue,
  pull: Pull,
) => {
  const stuck = new AbortController()
  let stuckAtMs = Number.POSITIVE_INFINITY
  server.willAnswer(answers, () => {
    stuckAtMs = Math.min(stuckAtMs, performance.now())
    stuck.abort()
  })
  const answer = await question(dialogue, pull, AbortSignal.any([stuck.signal, AbortSignal.timeout(3000)]))
  return { answer, lateMs: performance.now() - stuckAtMs }
}

let [questionsAsked, good] = [0, 0]

const judge = ({ answer, lateMs }: Awaited<ReturnType<typeof answerTo>>): void => {
  questionsAsked++
  if (lateMs > patienceMs) throw new Error(`the answer came ${lateMs} ms late`)
  if (answer.ok) good++
  if (answer.ok) return
  const told = JSON.stringify(answer.error)
  if (!Object.hasOwn(kinds, answer.error.kind) || told.includes(prose)) throw new Error(told)
}

const overHttp: FindPlaces = async reference => {
  const places = await plainPlaces(reference)
  const plain = ({ host, repository }: Place) => ({
    repository,
    host: { ...host, bases: host.bases.filter(base => base.startsWith('http:')) },
  })
  return places.ok ? ok(places.value.map(plain)) : places
}

const credential = { username: 'robot', password: 'secret' }

const inLane = async (): Promise<number> => {
  const server = closedAfterTest(await startWritingServer())
  const property = fc.asyncProperty(trial, async ({ asked, answers, isKnown, isPlain }) => {
    const findPlaces = isPlain ? overHttp : plainPlaces
    const registry = createRegistry(registryOptions({ findPlaces, fetchMs: 500 }))
    const pull = pullOf(`${server.host}/a/b:1`, isKnown ? credential : undefined)
    for (const name of asked) {
      const question = questions[name]
      if (question !== undefined) judge(await answerTo(question, answers, server, registry.dialogue, pull))
    }
    await registry.close()
  })
  await fc.assert(property, { numRuns: runsPerLane })
  return server.answered()
}

test('whatever a server writes, every question gets an answer, and soon after it is no longer waited for', async () => {
  const answered = await Promise.all(Array.from({ length: lanes }, inLane))
  expect(answered.reduce((sum, count) => sum + count)).toBeGreaterThan(leastAnswers)
  expect(questionsAsked).toBeGreaterThan(leastAnswers)
  // Some answers are good, so that it is known that what comes behind them is reached as well.
  expect(good / questionsAsked).toBeGreaterThan(0.03)
  expect(unhandled).toEqual([])
}, 60_000)
