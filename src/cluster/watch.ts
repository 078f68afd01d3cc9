import type { IncomingMessage } from 'node:http'
import { jsonIn } from '../lib/json.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import { isSuccess, readAnswer } from './api-answer.ts'
import type { ApiFailure } from './api-failure.ts'
import { createLineCutter } from './lines.ts'
import type { Question } from './send.ts'

/** Is told what a watch brings. */
export interface Watcher {
  /** The API server has begun to answer. */
  readonly opened: () => void
  /** One event; undefined while there is use for more, else the reason to stop. */
  readonly event: (event: unknown) => ApiFailure | undefined
}

/** Watches until the answer ends, or the watcher stops. */
export type Watch = (path: string, watcher: Watcher, signal: AbortSignal) => Promise<Result<undefined, ApiFailure>>

/** What a watch is made of. */
export interface WatchParts {
  readonly open: (question: Question, signal: AbortSignal) => Promise<Result<IncomingMessage, ApiFailure>>
  readonly atTheDoor: <T>(
    work: () => Promise<Result<T, ApiFailure>>,
    signal: AbortSignal,
  ) => Promise<Result<T, ApiFailure>>
  readonly headMs: number
}

// An object has a few MiB at the most: etcd takes 1.5 MiB.
const mostLineBytes = 16 * 1024 * 1024
const mostRefusalBytes = 1024 * 1024

const take = (line: string, status: number | undefined, watcher: Watcher): ApiFailure | undefined => {
  const event = jsonIn(line)
  return event === undefined ? { kind: 'bad-answer', status } : watcher.event(event)
}

/** Reads events to the end. Whoever leaves the loop early closes the connection. */
const follow = async (response: IncomingMessage, watcher: Watcher): Promise<Result<undefined, ApiFailure>> => {
  const cut = createLineCutter(mostLineBytes)
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const lines = cut(chunk)
    if (lines === undefined) return fail({ kind: 'too-large' })
    for (const line of lines) {
      const failure = take(line, response.statusCode, watcher)
      if (failure !== undefined) return fail(failure)
    }
  }
  return ok(undefined)
}

const refusal = async (response: IncomingMessage): Promise<Result<undefined, ApiFailure>> => {
  const answer = await readAnswer(response, mostRefusalBytes)
  return answer.ok ? ok(undefined) : answer
}

/** A signal that fires after a while unless it is told that all is well. */
const unlessReleased = (milliseconds: number): { readonly signal: AbortSignal; readonly release: () => void } => {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), milliseconds)
  return { signal: controller.signal, release: () => clearTimeout(timer) }
}

/** Makes watches. */
export const createWatch =
  ({ open, atTheDoor, headMs }: WatchParts): Watch =>
  (path, watcher, signal) => {
    const head = unlessReleased(headMs)
    const either = AbortSignal.any([signal, head.signal])
    return atTheDoor(async () => {
      const response = await open({ path, body: undefined }, either).finally(head.release)
      if (!response.ok) return response
      if (!isSuccess(response.value)) return refusal(response.value)
      watcher.opened()
      return follow(response.value, watcher)
    }, either)
  }
