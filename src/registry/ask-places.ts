import { fail, ok, type Result } from '../lib/result.ts'
import type { NetworkProblem, ProbeFailure } from './failure.ts'
import { softest, wholeAnswer } from './hosts/fall-through.ts'
import { type FindPlaces, type Place, type PlaceQuestion, type PlacesProblem, placesFor } from './hosts/place.ts'
import type { Pull } from './pull.ts'

type Asked<T> = Promise<Result<T, ProbeFailure>>

/**
 * Asks one place; the last one's "no" has to be believable, while another's sends us on to the next. Where a place is the
 * only one, no node looks anywhere else.
 */
export type AskPlace<T> = (place: Place, isLast: boolean, isOnly: boolean) => Asked<T>

/** Asks the places of an image in turn until one answers. */
export type AskPlaces = <T>(pull: Pull, question: PlaceQuestion, ask: AskPlace<T>) => Asked<T>

const problemOf = ({ kind }: PlacesProblem): NetworkProblem => {
  switch (kind) {
    case 'unreadable':
      return 'hosts-unreadable'
    case 'mistake':
      return 'hosts-mistaken'
    case 'short-name':
      return 'short-name'
    case 'forbidden':
      return 'hosts-forbidden'
    case 'no-capable-host':
      return 'no-capable-host'
  }
}

const isMismatch = (failure: ProbeFailure): boolean =>
  failure.kind === 'bad-answer' && failure.problem === 'digest-mismatch'

/** The runtime verifies content only after it chose where to fetch it: a host that lies is not made good by the next. */
const isFinal = (failure: ProbeFailure): boolean => failure.kind === 'wrong-content' || isMismatch(failure)

const noOthers = (): readonly FindPlaces[] => []

/**
 * Makes the function that asks places for all the nodes. What those of one runtime get is not denied to them because
 * those of another do not: the others' places are asked after a failure, and of all the failures the softest is told.
 */
export const createAskPlaces = (first: FindPlaces, others = noOthers): AskPlaces => {
  return async (pull, question, ask) => {
    const ways = [first, ...others()]
    const failures: ProbeFailure[] = []
    for (const findPlaces of ways) {
      const answer = await askInTurn(findPlaces)(pull, question, (place, isLast, isOnly) =>
        ask(place, isLast, isOnly && ways.length === 1),
      )
      if (answer.ok) return answer
      failures.push(answer.error)
    }
    return fail(softest(failures))
  }
}

/** Asks places as containerd and CRI-O ask hosts: any failure leads to the next. */
const askInTurn = (findPlaces: FindPlaces): AskPlaces => {
  const placesOf = async ({ reference }: Pull, question: PlaceQuestion) => {
    const unreachable = (problem: NetworkProblem) =>
      fail({ host: reference.registry, step: 'hosts', kind: 'unreachable', problem } as const)
    const found = await findPlaces(reference)
    if (!found.ok) return unreachable(problemOf(found.error))
    // A reference may have a port above 65535, or a host such as 1.2.3.400, that no URL can.
    if (found.value.length === 0) return unreachable('no-such-host')
    const places = placesFor(found.value, question)
    return places.ok ? ok(places.value) : unreachable(problemOf(places.error))
  }

  return async (pull, question, ask) => {
    const places = await placesOf(pull, question)
    if (!places.ok) return places
    const [first, ...rest] = places.value
    const outcomes: [Awaited<ReturnType<typeof ask>>, ...Awaited<ReturnType<typeof ask>>[]] = [
      await ask(first, rest.length === 0, rest.length === 0),
    ]
    for (const place of rest) {
      const before = outcomes.at(-1)
      if (before === undefined || before.ok || isFinal(before.error)) break
      outcomes.push(await ask(place, place === rest.at(-1), false))
    }
    const last = outcomes.at(-1)
    // Nobody knows what it proves, but it is where the pull ended: a mirror's 404 before it tells less.
    return last?.ok === false && isMismatch(last.error) ? last : wholeAnswer(outcomes, first.host.askedBy)
  }
}
