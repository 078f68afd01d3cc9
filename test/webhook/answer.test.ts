import { describe, expect, test } from 'vitest'
import type { Remark } from '../../src/verdict/decide.ts'
import { lineOf } from '../../src/verdict/line.ts'
import { lengthOf } from '../../src/verdict/text.ts'
import { answerReview } from '../../src/webhook/answer.ts'
import { nothingToSay, type Ruling } from '../../src/webhook/ruling.ts'
import { use } from '../verdict/evidence.ts'

/** A remark on the image, whose line is of a certain length at the least. */
const remark = (image: string, action: 'deny' | 'warn' = 'warn'): Remark => ({
  action,
  code: 'never-pulled',
  subject: {
    use: { ...use, image: { kind: 'image', text: image } },
    reference: undefined,
    finding: { code: 'never-pulled', somewhere: false },
    codes: ['never-pulled'],
  },
})

const line = (image: string): string => lineOf(remark(image).subject)

const decision = (given: Partial<Ruling>): Ruling => ({ ...nothingToSay, ...given })

describe('the answer to a review', () => {
  test('that is allowed has its uid and nothing else', () => {
    expect(answerReview('u1', decision({}))).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: 'u1', allowed: true },
    })
  })

  test('that is denied is 403 Forbidden, one line an image', () => {
    const denials = [remark('first', 'deny'), remark('second', 'deny')]
    expect(answerReview('u1', decision({ allowed: false, denials })).response).toEqual({
      uid: 'u1',
      allowed: false,
      status: { code: 403, reason: 'Forbidden', message: `${line('first')}\n${line('second')}` },
    })
  })

  test('that is denied for very many images names twenty of them, and how many more there are', () => {
    const denials = Array.from({ length: 10_000 }, (_, index) => remark(`image ${index}`, 'deny'))
    const message = answerReview('u1', decision({ allowed: false, denials })).response.status?.message ?? ''
    expect(message.split('\n')).toHaveLength(21)
    expect(message).toMatch(/\nand 9980 more$/)
  })

  test('has warnings beside a denial too', () => {
    const given = decision({ allowed: false, denials: [remark('no', 'deny')], warnings: [remark('perhaps')] })
    expect(answerReview('u1', given).response.warnings).toEqual([line('perhaps')])
  })

  test('has warnings as long as the API server takes them whole', () => {
    const warnings = Array.from({ length: 16 }, () => remark('x'.repeat(100)))
    expect(answerReview('u1', decision({ warnings })).response.warnings).toHaveLength(16)
  })

  test('has no more warnings than the API server takes whole, and says how many were left out', () => {
    const warnings = Array.from({ length: 1000 }, (_, index) => remark(`${index} ${'é'.repeat(100)}`))
    const given = answerReview('u1', decision({ warnings })).response.warnings ?? []
    expect(given.reduce((sum, line) => sum + lengthOf(line), 0)).toBeLessThanOrEqual(4000)
    expect(given.at(-1)).toBe(`and ${1000 - (given.length - 1)} more images have warnings`)
  })
})
