import type { ImageReference } from '../image/reference.ts'
import type { Firing } from '../lib/abort.ts'
import { createFlights } from '../lib/flights.ts'
import { fail, type Result } from '../lib/result.ts'
import type { Credential } from '../registry/auth/credential.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { Pull } from '../registry/pull.ts'
import type { Program } from '../verdict/evidence.ts'
import { inTurn } from './in-turn.ts'
import { type Judged, judgedOn } from './judged.ts'
import { nearTags } from './near-tags.ts'
import type { FindProgram } from './program.ts'

/** Lists the tags of an image's repository. */
export type ListTags = (pull: Pull, signal: AbortSignal) => Promise<Result<readonly string[], ProbeFailure>>

// As long as any other question to a registry.
const mostListingMs = 5000

/** Lists tags together with whoever wants the same list: a hundred pods may want one image that is not there. */
export const listingTogether = (tags: ListTags): ListTags => {
  const flights = createFlights<Result<readonly string[], ProbeFailure>>(mostListingMs)
  return (pull, signal) => {
    const { registry: host, repository } = pull.reference
    const key = JSON.stringify([host, repository, pull.credential?.username, pull.credential?.password])
    const late = () => fail({ host, step: 'tags', kind: 'timed-out' } as const)
    return flights.share(key, flight => tags(pull, flight), late, signal)
  }
}

/** Who answers further questions. */
export interface FurtherOptions {
  readonly tags: ListTags
  readonly program: FindProgram
}

const notSeen: Program = { kind: 'not-found' }

/** Makes the function that asks the one further question that would better a judgement, and judges again. */
export const createFurther = ({ tags, program }: FurtherOptions, over: Firing, signal: AbortSignal) => {
  const tagsOf = (reference: ImageReference, credentials: readonly Credential[]) => {
    const listed = inTurn(credentials, credential => tags({ reference, credential }, signal))
    return Promise.race([listed, over.fired.then(() => undefined)])
  }

  const withNearTags = async (before: Judged, reference: ImageReference): Promise<Judged> => {
    const listed = await tagsOf(reference, before.credentials)
    const failedWith = (failure: ProbeFailure): Judged =>
      judgedOn({ ...before.evidence, answer: { kind: 'failed', failure } }, before)
    if (listed === undefined) return before
    if (!listed.ok) return isRepositoryMissing(listed.error) ? failedWith(listed.error) : before
    const { target, registry: host } = reference
    // It says that there is no such tag, and lists it.
    if (target.kind === 'tag' && listed.value.includes(target.tag))
      return failedWith({ host, step: 'tags', kind: 'bad-answer', problem: 'contradiction', status: undefined })
    return judgedOn({ ...before.evidence, nearTags: nearTags(reference, listed.value) }, before)
  }

  const withProgram = async (before: Judged, reference: ImageReference): Promise<Judged> => {
    const { credentials, evidence } = before
    if (evidence.answer.kind !== 'facts') return before
    const { digest } = evidence.answer.facts
    const seen = program({ reference, credentials, digest, start: evidence.use.start }, signal)
    return judgedOn({ ...evidence, program: await Promise.race([seen, over.fired.then(() => notSeen)]) }, before)
  }

  return async (before: Judged): Promise<Judged> => {
    const { reference, judgement } = before
    if (reference === undefined || signal.aborted) return before
    switch (judgement.next) {
      case undefined:
        return before
      case 'near-tags':
        return withNearTags(before, reference)
      case 'program':
        return withProgram(before, reference)
    }
  }
}

// Some registries say that it is the repository which is missing only when they are asked for its tags.
const isRepositoryMissing = (failure: ProbeFailure): boolean =>
  failure.kind === 'absent' && failure.missing === 'repository'
