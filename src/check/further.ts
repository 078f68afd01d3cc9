import type { ImageReference } from '../image/reference.ts'
import type { Firing } from '../lib/abort.ts'
import { createFlights } from '../lib/flights.ts'
import { fail, type Result } from '../lib/result.ts'
import type { Credential } from '../registry/auth/credential.ts'
import type { ProbeFailure } from '../registry/failure.ts'
import type { Pull } from '../registry/pull.ts'
import type { TagList } from '../registry/tag-list.ts'
import type { Evidence, Program } from '../verdict/evidence.ts'
import { inTurn } from './in-turn.ts'
import { type Judged, judgedOn } from './judged.ts'
import { nearTags } from './near-tags.ts'
import type { FindProgram } from './program.ts'

/** Lists the tags of an image's repository. */
export type ListTags = (pull: Pull, signal: AbortSignal) => Promise<Result<TagList, ProbeFailure>>

// As long as any other question to a registry.
const mostListingMs = 5000

/** Lists tags together with whoever wants the same list: a hundred pods may want one image that is not there. */
export const listingTogether = (tags: ListTags): ListTags => {
  const flights = createFlights<Result<TagList, ProbeFailure>>(mostListingMs)
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
  /** Whether tags are listed to settle what other credentials would be told; they are not unless told otherwise. */
  readonly settles?: boolean
}

const notSeen: Program = { kind: 'not-found' }

/** Makes the function that asks the one further question that would better a judgement, and judges again. */
export const createFurther = (options: FurtherOptions, over: Firing, signal: AbortSignal) => {
  const { tags, program, settles = false } = options
  const tagsOf = (reference: ImageReference, credentials: readonly Credential[]) => {
    const listed = inTurn(credentials, credential => tags({ reference, credential }, signal))
    return Promise.race([listed, over.fired.then(() => undefined)])
  }

  const withTags = async (before: Judged, reference: ImageReference): Promise<Judged> => {
    const listed = await tagsOf(reference, before.credentials)
    const failedWith = (failure: ProbeFailure): Judged =>
      judgedOn({ ...before.evidence, answer: { kind: 'failed', failure } }, before)
    if (listed === undefined) return before
    if (!listed.ok) return isRepositoryMissing(listed.error) ? failedWith(listed.error) : before
    const { target, registry: host } = reference
    // It says that there is no such tag, and lists it.
    if (target.kind === 'tag' && listed.value.names.includes(target.tag))
      return failedWith({ host, step: 'tags', kind: 'bad-answer', problem: 'contradiction', status: undefined })
    const tagsShown = showsAll(listed.value, before.evidence)
    return judgedOn({ ...before.evidence, tagsShown, nearTags: nearTags(reference, listed.value.names) }, before)
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
        return withTags(before, reference)
      case 'shown-tags':
        return settles ? withTags(before, reference) : before
      case 'program':
        return withProgram(before, reference)
    }
  }
}

// Some registries say that it is the repository which is missing only when they are asked for its tags.
const isRepositoryMissing = (failure: ProbeFailure): boolean =>
  failure.kind === 'absent' && failure.missing === 'repository'

/** Some registries list nothing for whatever name; who says no has to be who lists. */
const showsAll = ({ host, names, showsAll }: TagList, { answer }: Evidence): boolean =>
  showsAll && names.length > 0 && answer.kind === 'failed' && answer.failure.host === host
