import type { AnswerProblem, AskedAs, Missing, ProbeFailure, Step } from '../../../src/registry/failure.ts'
import type { As } from './asked.ts'

/** What comes of a question. */
export interface Outcome {
  /** What the probe says. */
  readonly told: string
  /** What is thought of it where all credentials are known. */
  readonly verdict: string
  /** What is thought of it where the nodes may hold credentials of their own. */
  readonly noted: string
}

/** One question to one registry. */
export interface Cell extends Outcome {
  readonly as: As
  /** One of the shape's images. */
  readonly image: string
  /** The requests in their order, with the statuses of their answers. */
  readonly wire: string
}

/** What the probe says, in a few words. */
export const toldBy = (failure: ProbeFailure): string => {
  switch (failure.kind) {
    case 'absent':
      return `absent ${failure.missing}, ${failure.askedAs}`
    case 'refused':
      return `refused ${failure.status} at ${failure.step}, ${failure.askedAs}`
    case 'bad-answer':
      return `${failure.problem} ${failure.status} at ${failure.step}`
    case 'rate-limited':
    case 'unreachable':
    case 'timed-out':
    case 'blocked':
    case 'oversized':
    case 'wrong-content':
      return failure.kind
  }
}

/**
 * What it takes to be told that something is missing: the body of GET has the reason, and the last HEAD, for a digest that
 * nothing has, shows whether the registry says so because it cannot find out.
 */
export const absence = 'HEAD 404, GET 404, HEAD 404'

/** The image is there, and the node gets it. */
export const facts: Outcome = { told: 'facts', verdict: 'pass', noted: 'pass' }

/** The node is turned away for good, unless it has something better to show. */
export const denied = (step: Step, status: 401 | 403, askedAs: AskedAs): Outcome => ({
  told: `refused ${status} at ${step}, ${askedAs}`,
  verdict: 'denied',
  noted: 'node-credentials',
})

/** The node is told that there is no such thing; one that shows what we have not may be told otherwise. */
export const absent = (missing: Missing, askedAs: AskedAs): Outcome => ({
  told: `absent ${missing}, ${askedAs}`,
  verdict: 'not-found',
  // A registry may hide what one may not see, and another credential may see it.
  noted:
    askedAs === 'anonymous' || (askedAs === 'credentials' && missing === 'repository')
      ? 'node-credentials'
      : 'not-found',
})

/** An answer from which nothing follows. */
export const unsure = (problem: AnswerProblem, status: number, step: Step = 'manifest'): Outcome => ({
  told: `${problem} ${status} at ${step}`,
  verdict: 'registry-error',
  noted: 'registry-error',
})

/** Not now. */
export const limited: Outcome = { told: 'rate-limited', verdict: 'rate-limited', noted: 'rate-limited' }

/** The cells of all the images of which the same comes. */
export const cells = (as: As, images: string, outcome: Outcome, wire: string): readonly Cell[] =>
  images.split(', ').map(image => ({ as, image, ...outcome, wire }))
