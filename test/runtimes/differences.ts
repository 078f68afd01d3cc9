import type { Pulled } from './pull-both.ts'

/** Where we mean to differ from CRI-O, and why. None of them is a "no" to what CRI-O gets. */
export interface Difference {
  readonly name: string
  readonly reason: string
  readonly isIt: (pulled: Pulled) => boolean
}

/** The differences that there are; the first that fits counts. */
export const differences: readonly Difference[] = [
  {
    name: 'a mirror that could not be asked',
    reason: 'we do not stand where the nodes do: what fails for us there may have the image for them',
    isIt: ({ scene, answer, theirs }) =>
      scene.hosts.length > 1 &&
      !answer.ok &&
      answer.error.kind === 'unreachable' &&
      answer.error.problem === 'mirror-unasked' &&
      theirs.outcome.end !== 'got',
  },
  {
    name: 'a part that one place lacks',
    reason: 'CRI-O fetches all parts where it found the name, and from library 5.42 on looks further; we look further',
    isIt: ({ scene, theirs }) => scene.hosts.length > 1 && theirs.outcome.end === 'part absent',
  },
  {
    name: 'what an entry of an index lacks',
    reason:
      'of the entry we ask whether it is there, and for nothing that it names: it costs a request for each platform',
    isIt: ({ scene, judged, ours }) =>
      scene.image === 'index' && judged.step === 'config' && judged.status === 404 && ours.outcome.end === 'got',
  },
  {
    name: 'a registry that contradicts itself',
    reason: 'CRI-O fetches by the name; we fetch what the name stands for, get something else, and decide nothing',
    isIt: ({ scene, answer }) =>
      scene.by === 'tag' &&
      scene.hosts.some(({ shelf }) => shelf === 'another image') &&
      !answer.ok &&
      answer.error.kind === 'bad-answer' &&
      answer.error.problem === 'digest-mismatch',
  },
  {
    name: 'an empty token',
    reason: 'CRI-O shows it to the registry; we show nothing that is none, and decide nothing',
    isIt: ({ scene, ours, theirs }) =>
      scene.hosts.some(({ tokens }) => tokens.form === 'empty') &&
      theirs.shown.some(each => each.endsWith('a bad token')) &&
      !(ours.outcome.isCertain && ours.outcome.end === 'refused'),
  },
]
