import type { ApiFailure } from '../cluster/api-failure.ts'
import type { Wait } from '../cluster/wait.ts'
import { endingIn } from '../lib/deadline.ts'
import { fail, ok, type Result } from '../lib/result.ts'
import type { KeepingFailure, OwnCertificate } from './own-certificate.ts'

/** Options of keeping a certificate good for as long as we run. */
export interface KeepOptions {
  readonly keeper: OwnCertificate
  /** Where the authorities are kept, and the registration that they are published in, as people call them. */
  readonly secretName: string
  readonly registrationName: string
  readonly everyMs: number
  readonly wait: Wait
  readonly log: (text: string) => void
}

/** A certificate that is kept. */
export interface Keeping {
  /** As soon as there is one; a sentence where there will be none. */
  readonly first: Promise<Result<undefined, string>>
  /** Ends the keeping. */
  readonly close: () => Promise<void>
}

// Somebody else was quicker, or the API server is not there yet.
const againMs = 500
// In a cluster that is starting, the registration may come seconds after us.
const mostFirstTries = 10
// Several questions to an API server that may be busy.
const roundMs = 10_000

const isForGood = ({ kind }: ApiFailure): boolean => kind === 'forbidden' || kind === 'missing'

const why = (failure: ApiFailure): string => {
  switch (failure.kind) {
    case 'forbidden':
      return failure.status === 401 ? 'the API server does not know us' : 'we are not allowed to'
    case 'missing':
      return 'its namespace is not there'
    case 'unreachable':
      return `the API server cannot be reached: ${failure.problem}`
    case 'bad-answer':
      return `the API server answered with status ${failure.status ?? 'none'}`
    case 'expired':
    case 'busy':
    case 'too-large':
    case 'timed-out':
      return `the API server: ${failure.kind}`
  }
}

const verbs = { 'read-secret': 'get', 'write-secret': 'patch', publish: 'get and patch' } as const

/** What went wrong, and what is to be done about it. */
export const keepingSentence = (
  { what, failure }: KeepingFailure,
  { secretName, registrationName }: Pick<KeepOptions, 'secretName' | 'registrationName'>,
): string => {
  const object = what === 'publish' ? `ValidatingWebhookConfiguration ${registrationName}` : `Secret ${secretName}`
  const done = { 'read-secret': 'read', 'write-secret': 'written', publish: 'given our authority' }[what]
  const repair = failure.kind === 'forbidden' ? `: let our ServiceAccount ${verbs[what]} it` : ''
  return `${object} cannot be ${done} (${why(failure)})${repair}.`
}

/** Keeps a certificate: looks every so often, by a clock that goes on while the process is paused. */
export const keepCertificate = (options: KeepOptions): Keeping => {
  const { keeper, everyMs, wait, log } = options
  const closing = new AbortController()
  const { signal } = closing
  const first = Promise.withResolvers<Result<undefined, string>>()
  let told: string | undefined
  let [isThere, tries] = [false, 0]

  const tell = (sentence: string | undefined): void => {
    if (sentence !== undefined && sentence !== told) log(sentence)
    told = sentence
  }
  const there = (): void => {
    isThere = true
    first.resolve(ok(undefined))
  }
  const failed = (failure: KeepingFailure): void => {
    const sentence = keepingSentence(failure, options)
    if (failure.what === 'publish' && (isForGood(failure.failure) || tries >= mostFirstTries)) there()
    // Without a certificate there is nothing to go on with.
    if (!isThere && failure.what !== 'publish' && isForGood(failure.failure)) first.resolve(fail(sentence))
    else tell(sentence)
  }

  /** An authority that somebody put there may be of a sort that we cannot sign with: the old certificate holds, and it is tried on. */
  const unusable = (error: unknown): undefined => {
    const reason = error instanceof Error ? error.message : String(error)
    tell(`The certificate cannot be renewed (${reason}): Secret ${options.secretName} must hold a P-256 key as PKCS#8.`)
    return undefined
  }

  /** One look; how long to wait for the next. */
  const look = async (): Promise<number> => {
    tries += 1
    const round = await keeper.round(endingIn(roundMs, signal)).catch(unusable)
    if (signal.aborted || round === undefined) return againMs
    if (round.ok) {
      tell(undefined)
      there()
    } else failed(round.error)
    return isThere ? everyMs : againMs
  }
  const run = async (): Promise<void> => {
    while (!signal.aborted) await wait(await look(), signal)
    first.resolve(fail('It was stopped before it had a certificate.'))
  }
  const running = run()
  // A bug: whoever waits for the certificate is told.
  running.catch(first.reject)
  return {
    first: first.promise,
    close: async () => {
      closing.abort()
      await running.catch(() => undefined)
    },
  }
}
