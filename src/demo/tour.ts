import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '../lib/result.ts'
import { type Attempt, attempts } from './attempts.ts'
import { missOf, type Outcome, outcomeOf } from './expectation.ts'
import { keepRunning } from './keep.ts'
import { type KubectlLine, kubectlLines } from './kubectl.ts'
import { attemptText, introduction, summary } from './page.ts'
import { createPaint, type Paint } from './paint.ts'
import { type Occasion, reviewOf } from './review.ts'
import { type Stage, type StartWebhook, withStage } from './stage.ts'

/** What the tour needs from outside. */
export interface TourOptions {
  readonly write: (text: string) => void
  readonly colour: boolean
  readonly startWebhook: StartWebhook
  /** Whether registry and webhook go on running after the tour, until the signal fires. */
  readonly keep: boolean
}

const occasion = (): Occasion => ({ uid: randomUUID(), objectUid: randomUUID(), now: new Date() })

/** What kubectl would print for the attempt. */
const apply = async (
  { manifest, file }: Attempt,
  { apiServer }: Stage,
  signal: AbortSignal,
): Promise<Result<readonly KubectlLine[], string>> => {
  const now = occasion()
  const answered = await apiServer.ask(reviewOf(manifest, now), now.uid, signal)
  return answered.ok ? ok(kubectlLines(manifest, file, answered.value)) : answered
}

interface Played {
  readonly outcome: Outcome
  readonly miss: string | undefined
}

/** Plays the attempts one after another, as a person would. */
const playAll = async (
  all: readonly Attempt[],
  stage: Stage,
  show: (number: number, attempt: Attempt, lines: readonly KubectlLine[]) => void,
  signal: AbortSignal,
): Promise<Result<readonly Played[], string>> => {
  const played: Played[] = []
  for (const [index, attempt] of all.entries()) {
    const lines = await apply(attempt, stage, signal)
    if (!lines.ok) return fail(`The demo stopped at “${attempt.title}”: ${lines.error}.`)
    show(index + 1, attempt, lines.value)
    played.push({ outcome: outcomeOf(lines.value), miss: missOf(attempt, lines.value) })
  }
  return ok(played)
}

const play = async (
  { write, keep }: TourOptions,
  stage: Stage,
  paint: Paint,
  signal: AbortSignal,
): Promise<Result<undefined, string>> => {
  const all = attempts({ registry: stage.registry.host, nobody: stage.nobody.host })
  write(introduction(all.length, paint))
  const show = (number: number, attempt: Attempt, lines: readonly KubectlLine[]): void =>
    write(attemptText(number, attempt, lines, paint))
  const played = await playAll(all, stage, show, signal)
  if (!played.ok) return played
  const missed = played.value.find(({ miss }) => miss !== undefined)?.miss
  if (missed !== undefined) return fail(`The demo did not go as it should: ${missed}`)
  write(
    summary(
      played.value.map(({ outcome }) => outcome),
      paint,
    ),
  )
  const sample = all[1] ?? all[0]
  if (keep && sample !== undefined) await keepRunning(stage, reviewOf(sample.manifest, occasion()), write, signal)
  return ok(undefined)
}

/**
 * Shows what Pullgate does, with a registry, the real webhook and what kubectl would print. Fails with a sentence
 * if anything did not come as the tour promises; leaves nothing behind.
 */
export const runTour = (options: TourOptions, signal: AbortSignal): Promise<Result<undefined, string>> =>
  withStage(options.startWebhook, stage => play(options, stage, createPaint(options.colour), signal))
