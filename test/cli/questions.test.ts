import { describe, expect, test } from 'vitest'
import type { Check } from '../../src/check/check.ts'
import { bareUse, bareWorkload } from '../../src/cli/asked-images.ts'
import { askUntilThere } from '../../src/cli/awaiting.ts'
import { answersByUse, askAll, questionsOf, reportOn } from '../../src/cli/questions.ts'
import type { Finding } from '../../src/verdict/finding.ts'
import type { Workload } from '../../src/workload/workload.ts'

const workload = (name: string, ...images: readonly string[]): Workload =>
  bareWorkload(
    { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name },
    images.map((text, index) => bareUse({ kind: 'image', text }, `spec.containers[${index}].image`, `c${index}`)),
  )

const absent: Finding = { code: 'not-found', host: 'r.example', missing: 'tag', near: [] }
const down: Finding = { code: 'timed-out', host: 'r.example', step: 'manifest' }

/** A check of which a test decides what each image's findings are. */
const checking = (findingsOn: (image: string) => readonly Finding[]) => {
  const asked: string[] = []
  const check: Check = async ({ object, images }) => ({
    object,
    onEveryNode: false,
    verdicts: images.map(use => {
      asked.push(use.image.text)
      return {
        kind: 'judged',
        use,
        reference: undefined,
        facts: undefined,
        freshness: 'fresh',
        findings: findingsOn(use.image.text),
      }
    }),
  })
  return { asked, check }
}

const quiet = { timeoutMs: 1000, progress: () => undefined }

describe('equal questions', () => {
  test('are asked once, and every use has the answer, with its own path', async () => {
    const workloads = [workload('a', 'x', 'y', 'x'), workload('b', 'y')]
    const questions = questionsOf(workloads)
    const { asked, check } = checking(image => (image === 'y' ? [absent] : []))
    const answers = answersByUse(questions, await askAll(questions, { ...quiet, check }))
    expect(asked).toEqual(['x', 'y'])
    const reports = workloads.map(each => reportOn(each, answers))
    expect(reports.map(({ object, verdicts }) => [object.name, verdicts.map(({ use }) => use.path)])).toEqual([
      ['a', ['spec.containers[0].image', 'spec.containers[1].image', 'spec.containers[2].image']],
      ['b', ['spec.containers[0].image']],
    ])
    expect(
      reports.flatMap(({ verdicts }) => verdicts.map(verdict => verdict.kind === 'judged' && verdict.findings.length)),
    ).toEqual([0, 1, 0, 1])
  })

  test('are not equal where something that decides pulling differs', () => {
    const base = workload('a', 'x')
    const others: readonly Workload[] = [
      { ...base, pullAs: { ...base.pullAs, namespace: 'other' } },
      { ...base, pullAs: { ...base.pullAs, imagePullSecrets: ['s'] } },
      { ...base, placement: { ...base.placement, os: 'windows' } },
      { ...base, images: base.images.map(use => ({ ...use, pullPolicy: 'Never' })) },
      { ...base, images: base.images.map(use => ({ ...use, role: 'volume' })) },
    ]
    expect(questionsOf([base, ...others])).toHaveLength(6)
    expect(questionsOf([base, { ...base, object: { ...base.object, name: 'b' } }])).toHaveLength(1)
  })
})

describe('what is waited for', () => {
  const waitFor = async (findingsOn: (image: string, nowMs: number) => readonly Finding[], waitMs: number) => {
    let nowMs = 0
    const pauses: number[] = []
    const { asked, check } = checking(image => findingsOn(image, nowMs))
    const answers = await askUntilThere(questionsOf([workload('a', 'soon', 'never', 'down')]), {
      ...quiet,
      check,
      waitMs,
      nowMs: () => nowMs,
      sleep: async pauseMs => {
        nowMs += pauseMs
        pauses.push(pauseMs)
      },
      waiting: () => undefined,
    })
    const found = answers.map(({ verdict }) =>
      verdict?.kind === 'judged' ? verdict.findings.map(({ code }) => code) : undefined,
    )
    return { asked, pauses, found }
  }
  const findingsOn = (image: string, nowMs: number): readonly Finding[] => {
    if (image === 'down') return [down]
    return image === 'soon' && nowMs >= 6000 ? [] : [absent]
  }

  test('is what was not found, and only that, with pauses that grow, until the time is over', async () => {
    const { asked, pauses, found } = await waitFor(findingsOn, 60_000)
    expect(pauses).toEqual([2000, 4000, 8000, 16_000, 30_000])
    expect(asked).toEqual(['soon', 'never', 'down', 'soon', 'never', 'soon', 'never', 'never', 'never', 'never'])
    expect(found).toEqual([[], ['not-found'], ['timed-out']])
  })

  test('is nothing without a time, and no longer than until all is there', async () => {
    expect((await waitFor(findingsOn, 0)).pauses).toEqual([])
    expect((await waitFor((_, nowMs) => (nowMs < 2000 ? [absent] : []), 600_000)).pauses).toEqual([2000])
  })
})
