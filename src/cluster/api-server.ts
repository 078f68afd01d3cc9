import { fail, type Result } from '../lib/result.ts'
import { translateError } from '../registry/network-error.ts'
import { readAnswer } from './api-answer.ts'
import type { ApiFailure } from './api-failure.ts'
import { createConnections } from './connections.ts'
import type { ClusterAccess } from './identity.ts'
import { createSend, type Question } from './send.ts'
import { createWatch, type Watch } from './watch.ts'

/** Asks the API server. Paths begin with a slash; no failure holds anything of what was asked or answered. */
export interface ApiServer {
  readonly get: (path: string, signal: AbortSignal) => Promise<Result<unknown, ApiFailure>>
  readonly post: (path: string, body: object, signal: AbortSignal) => Promise<Result<unknown, ApiFailure>>
  readonly put: (path: string, body: object, signal: AbortSignal) => Promise<Result<unknown, ApiFailure>>
  /** Deletes an object, as its kind is deleted when nobody says how. */
  readonly remove: (path: string, signal: AbortSignal) => Promise<Result<unknown, ApiFailure>>
  /** Operations of RFC 6902. */
  readonly patch: (
    path: string,
    operations: readonly object[],
    signal: AbortSignal,
  ) => Promise<Result<unknown, ApiFailure>>
  readonly watch: Watch
  /** Gives up what is under way. */
  readonly close: () => void
}

/** Options of the API server's client. */
export interface ApiServerOptions {
  readonly access: ClusterAccess
  readonly userAgent: string
  /** For how long a watch waits for its answer's head, which an API server sends at once. */
  readonly headMs: number
}

// A page of 500 nodes with 50 images each has some 10 MiB, and an object no more than a few: etcd takes 1.5 MiB.
const mostAnswerBytes = 64 * 1024 * 1024
const mostUnderWay = 512

/** What an exception means, translated once. */
const failureAt = (error: unknown, signal: AbortSignal): ApiFailure => {
  const failure = translateError(error, signal)
  switch (failure.kind) {
    case 'timed-out':
    case 'unreachable':
      return failure
    case 'bad-answer':
      return { kind: 'bad-answer', status: undefined }
    // Nobody guards this way: the operator chose where it leads.
    case 'blocked':
      return { kind: 'unreachable', problem: 'connection-lost' }
  }
}

/** Makes a client of the API server. */
export const createApiServer = ({ access, userAgent, headMs }: ApiServerOptions): ApiServer => {
  const connections = createConnections()
  const send = createSend({ access, userAgent, connections })
  let underWay = 0

  /** The door: exceptions of the network are read here, and questions are kept from piling up. */
  const atTheDoor = async <T>(
    work: () => Promise<Result<T, ApiFailure>>,
    signal: AbortSignal,
  ): Promise<Result<T, ApiFailure>> => {
    if (underWay >= mostUnderWay) return fail({ kind: 'unreachable', problem: 'too-many-waiting' })
    underWay += 1
    try {
      return await work()
    } catch (error) {
      return fail(failureAt(error, signal))
    } finally {
      underWay -= 1
    }
  }

  const open = async (question: Question, signal: AbortSignal) => {
    const response = await send(question, signal)
    return response.ok ? response : fail({ kind: 'unreachable', problem: response.error } as const)
  }

  const answer = (question: Question, signal: AbortSignal): Promise<Result<unknown, ApiFailure>> =>
    atTheDoor(async () => {
      const response = await open(question, signal)
      return response.ok ? readAnswer(response.value, mostAnswerBytes) : response
    }, signal)

  return {
    get: (path, signal) => answer({ path, body: undefined }, signal),
    post: (path, body, signal) => answer({ path, body: JSON.stringify(body) }, signal),
    remove: (path, signal) => answer({ path, body: '{}', method: 'DELETE' }, signal),
    put: (path, body, signal) => answer({ path, body: JSON.stringify(body), method: 'PUT' }, signal),
    patch: (path, operations, signal) => answer({ path, body: JSON.stringify(operations), method: 'PATCH' }, signal),
    watch: createWatch({ open, atTheDoor, headMs }),
    close: connections.close,
  }
}
