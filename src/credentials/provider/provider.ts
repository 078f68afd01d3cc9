import { join } from 'node:path'
import { createFlights } from '../../lib/flights.ts'
import { fail, ok, type Result } from '../../lib/result.ts'
import type { DockerEntry } from '../docker-config.ts'
import { createImagePattern, readImageName } from '../image-pattern.ts'
import { runProgram } from '../run-program.ts'
import { type AccountProof, type AccountSource, hashOf, proofFor } from './account-proof.ts'
import { createAnswerCache } from './answer-cache.ts'
import { type ProviderAnswer, readProviderAnswer } from './provider-answer.ts'
import type { ProviderConfig, TokenTerms } from './provider-config.ts'
import { type ProviderProblem, saidIn, unsaid } from './provider-problem.ts'
import type { Puller } from './puller.ts'

/** Options of the providers. */
export interface ProviderOptions extends AccountSource {
  /** The directory of their programs. */
  readonly binDir: string
  /** The environment that they run in; what their configuration adds wins. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** How long a provider may run: the kubelet gives it a minute. */
  readonly runMs: number
  readonly nowMs: () => number
  /** How many answers of each provider are kept. */
  readonly mostAnswers: number
  /** Told of each run that gave no answer, with the program's own words: they are for whoever runs this, not for who writes pods. */
  readonly complain: (name: string, problem: ProviderProblem) => void
}

/** Entries for an image, or why there are none. */
export type Provision = Result<readonly DockerEntry[], ProviderProblem>

/** Gives the entries for an image, none where the provider is not meant for it; what fails there, a kubelet only logs. */
export type Provide = (name: string, puller: Puller, signal: AbortSignal) => Promise<Provision>

// An answer with a credential for each image of a large registry has some hundred bytes; the kubelet knows no limit.
const mostOutputBytes = 1024 * 1024

const questionOf = (apiVersion: string, image: string, { token, annotations }: AccountProof): string =>
  JSON.stringify({
    kind: 'CredentialProviderRequest',
    apiVersion,
    image,
    ...(token === '' ? {} : { serviceAccountToken: token }),
    ...(Object.keys(annotations).length === 0 ? {} : { serviceAccountAnnotations: annotations }),
  })

/** An answer must not give the token itself as a password, unless it is kept for that token alone. */
const echoes = ({ entries }: ProviderAnswer, { token }: AccountProof, terms: TokenTerms | undefined): boolean =>
  token !== '' && terms?.cache !== 'Token' && entries.some(({ password }) => password === token)

/** Makes a provider of a program, by the kubelet's protocol (kubernetes, pkg/credentialprovider/plugin/plugin.go). */
export const createProvider = (config: ProviderConfig, options: ProviderOptions): Provide => {
  const patterns = config.matchImages.map(createImagePattern)
  const { nowMs, mostAnswers } = options
  const cache = createAnswerCache({ nowMs, mostAnswers, defaultCacheMs: config.defaultCacheMs })
  const flights = createFlights<Provision>(options.runMs)
  const added = Object.fromEntries(config.env.map(({ name, value }) => [name, value]))

  const answerTo = async (name: string, proof: AccountProof, signal: AbortSignal): Promise<Provision> => {
    const run = {
      program: join(options.binDir, config.name),
      args: config.args,
      environment: { ...options.environment, ...added },
      input: questionOf(config.apiVersion, name, proof),
      mostOutputBytes,
    }
    const output = await runProgram(run, signal)
    if (!output.ok) return fail({ what: output.error.problem, said: saidIn(output.error.complaint) })
    const answer = readProviderAnswer(output.value, config.apiVersion)
    if (!answer.ok) return fail(unsaid('bad-answer'))
    if (echoes(answer.value, proof, config.token)) return fail(unsaid('gives-token'))
    cache.keep(name, proof.account, answer.value)
    return ok(answer.value.entries)
  }

  const ask = async (name: string, proof: AccountProof, signal: AbortSignal): Promise<Provision> => {
    const answer = await answerTo(name, proof, signal)
    if (!answer.ok) options.complain(config.name, answer.error)
    return answer
  }

  return async (name, puller, signal) => {
    const image = readImageName(name)
    if (!patterns.some(matches => matches(image))) return ok([])
    const proof = await proofFor(config.token, options, puller, signal)
    if (!proof.ok) return fail(unsaid('no-token'))
    if (proof.value === undefined) return ok([])
    const { account, token } = proof.value
    const known = cache.recall(name, account)
    if (known !== undefined) return ok(known)
    const key = JSON.stringify([name, account, hashOf(token)])
    const { value } = proof
    return flights.share(
      key,
      flight => ask(name, value, flight),
      () => fail(unsaid('timed-out')),
      signal,
    )
  }
}
