import { describe, expect, test } from 'vitest'
import { type AnswerOptions, type Asking, createAnswers } from '../../src/check/answers.ts'
import type { Freshness, Probed, Question } from '../../src/check/probe.ts'
import type { Keys } from '../../src/credentials/keys.ts'
import { noKeys } from '../../src/credentials/keys.ts'
import { firing } from '../../src/lib/abort.ts'
import { fail, ok } from '../../src/lib/result.ts'
import type { ProbeFailure } from '../../src/registry/failure.ts'
import { landingAnywhere } from '../../src/workload/landing.ts'
import type { ImageUse, Workload } from '../../src/workload/workload.ts'
import { nodes, single } from '../verdict/evidence.ts'
import { workloadWith } from './stage.ts'

const ada = { username: 'ada', password: 'p' }
const image = single('linux/amd64')
const facts = image.kind === 'facts' ? image.facts : undefined
const found = (freshness: Freshness) => {
  if (facts === undefined) throw new Error('an image has facts')
  return ok<Probed>({ facts, freshness, quotaUsedUpAt: undefined })
}
const refused: ProbeFailure = { host: 'r', step: 'manifest', kind: 'refused', status: 401, askedAs: 'credentials' }

/** Answers for the images of one workload, with what was asked of probe and keychain on the way. */
const stage = (workload: Workload, options: Partial<AnswerOptions> & { readonly keys?: Keys } = {}) => {
  const questions: Question[] = []
  const pods: unknown[] = []
  const leaving = new AbortController()
  const { signal } = leaving
  const all: AnswerOptions = {
    probe: async question => {
      questions.push(question)
      return found('fresh')
    },
    keychain: async (pod, anew) => {
      pods.push([pod, anew])
      return async () => options.keys ?? noKeys
    },
    addsAccountSecrets: ({ isTemplate }) => isTemplate,
    ...options,
  }
  const asking: Asking = { workload, landing: landingAnywhere, over: firing(signal), signal }
  const [use] = workload.images as [ImageUse]
  const answers = (anew: boolean, more: Partial<AnswerOptions> = {}) => createAnswers({ ...all, ...more }, asking, anew)
  return { answers, use, questions, pods, leave: () => leaving.abort() }
}

const web = workloadWith(['registry.example/web'])

describe('no registry and no secret is asked for', () => {
  test.each([
    [{ ...web, images: [{ image: { kind: 'placeholder', text: '$(x)' } }] }, 'placeholder'],
    [workloadWith(['Not An Image']), 'invalid'],
    [workloadWith(['web'], ['s'], { policy: 'Never' }), 'unasked'],
  ] as const)('%#: an answer of its own', async (workload, kind) => {
    const { answers, use, questions, pods } = stage(workload as Workload)
    expect((await answers(false)(use)).answer.kind).toBe(kind)
    expect([questions, pods]).toEqual([[], []])
  })

  test('when the time is over', async () => {
    const { answers, use, questions, pods, leave } = stage(web)
    leave()
    expect((await answers(false)(use)).answer).toMatchObject({ kind: 'failed', failure: { kind: 'timed-out' } })
    expect([questions, pods]).toEqual([[], []])
  })
})

describe('a question', () => {
  test('is asked once for two uses of an image, whatever each is for', async () => {
    const { answers, use, questions, pods } = stage(web)
    const answer = answers(false)
    const told = await Promise.all([answer(use), answer({ ...use, role: 'init' }), answer(use)])
    expect([questions.length, pods.length]).toEqual([1, 1])
    expect(new Set(told.map(each => each.answer))).toHaveLength(1)
  })

  test('is asked with the keys, the platforms and the haste that it comes with', async () => {
    const keys: Keys = { credentials: [ada], notes: [{ kind: 'missing-secret', secret: 's' }] }
    const { use, questions } = stage(web)
    const over = firing(new AbortController().signal)
    const landing = nodes(['linux/amd64'])
    const options: AnswerOptions = {
      probe: async question => {
        questions.push(question)
        return found('remembered')
      },
      keychain: async () => async () => keys,
      addsAccountSecrets: () => false,
    }
    const asking = { workload: web, landing, over, signal: new AbortController().signal }
    const told = await createAnswers(options, asking, true)(use)
    expect(told).toMatchObject({ freshness: 'remembered', keys, answer: { kind: 'facts' } })
    expect(questions).toMatchObject([
      { credentials: [ada], anew: true, platforms: [{ platform: { os: 'linux', architecture: 'amd64' } }] },
    ])
  })

  test('is in the name of a pod as it is, or of a template that admission is yet to add to', async () => {
    for (const [kind, adds] of [
      ['Pod', false],
      ['Deployment', true],
    ] as const) {
      const { answers, use, pods } = stage(workloadWith(['web'], ['s'], { kind, account: 'robot' }))
      await answers(true)(use)
      const pullAs = {
        namespace: 'shop',
        imagePullSecrets: ['s'],
        serviceAccount: 'robot',
      }
      expect(pods).toMatchObject([[{ pullAs, addsAccountSecrets: adds }, true]])
    }
  })

  test('is not asked of a registry where a secret cannot be decoded', async () => {
    const keys: Keys = { credentials: [ada], notes: [{ kind: 'malformed-secret', secret: 's', problem: 'not-json' }] }
    const { answers, use, questions } = stage(web, { keys })
    expect(await answers(false)(use)).toMatchObject({ answer: { kind: 'unasked' }, keys })
    expect(questions).toEqual([])
  })
})

describe('a question that is asked anew', () => {
  test.each([
    ['fresh', 0],
    ['remembered', 1],
    ['stale', 1],
  ] as const)('after an answer that is %s with the same keys: %i times', async (freshness, times) => {
    const { answers, use, questions } = stage(web)
    const before = await answers(false, { probe: async () => found(freshness) })(use)
    const told = await answers(true)(use, before)
    expect(questions.length).toBe(times)
    expect(told.freshness).toBe('fresh')
  })

  test('is asked where the keys are others by now', async () => {
    const { answers, use, questions } = stage(web)
    const before = await answers(false)(use)
    await answers(true, { keychain: async () => async () => ({ credentials: [ada], notes: [] }) })(use, before)
    expect(questions.map(({ credentials }) => credentials)).toEqual([[], [ada]])
  })

  test('is told what was refused before', async () => {
    const keys: Keys = { credentials: [ada], notes: [] }
    const { answers, use, questions } = stage(web, { keys })
    const probe: AnswerOptions['probe'] = async ({ refusals }) => {
      refusals?.note(ada, refused)
      return fail(refused)
    }
    const before = await answers(false, { probe })(use)
    const others: Keys = { ...keys, notes: [{ kind: 'nodes-may-hold' }] }
    await answers(true, { keychain: async () => async () => others })(use, before)
    expect(questions[0]?.refusals?.of(ada)).toBe(refused)
    expect(questions[0]?.refusals?.of({ ...ada, password: '' })).toBe(undefined)
  })
})

describe('the time', () => {
  test('ends a question of the keychain, of the image’s keys, and of the registry', async () => {
    const never = new Promise<never>(() => {})
    for (const options of [{ keychain: () => never }, { keychain: async () => () => never }, { probe: () => never }]) {
      const { answers, use, leave } = stage(web, options)
      const told = answers(false)(use)
      leave()
      expect((await told).answer).toMatchObject({ kind: 'failed', failure: { kind: 'timed-out' } })
    }
  })

  test('leaves the word to whoever knows an earlier answer at its end', async () => {
    const asked = Promise.withResolvers<void>()
    const { answers, use, leave } = stage(web, {
      probe: (_, signal) => {
        asked.resolve()
        return new Promise(resolve => signal.addEventListener('abort', () => resolve(found('stale')), { once: true }))
      },
    })
    const told = answers(false)(use)
    await asked.promise
    leave()
    expect(await told).toMatchObject({ freshness: 'stale', answer: { kind: 'facts' } })
  })
})
