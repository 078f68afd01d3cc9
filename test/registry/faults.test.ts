import { describe, expect, test } from 'vitest'
import { absenceFaults, troubleFaults } from '../support/faults/absence-rows.ts'
import { type Asked, askerOf } from '../support/faults/ask.ts'
import { authFaults } from '../support/faults/auth-rows.ts'
import { bodyFaults } from '../support/faults/body-rows.ts'
import { contentFaults } from '../support/faults/content-rows.ts'
import type { Expectation, Fault } from '../support/faults/fault.ts'
import { createLab, type Lab } from '../support/faults/lab.ts'
import { familyFaults, networkFaults, tlsFaults } from '../support/faults/network-rows.ts'
import { moreFaults, oddFaults } from '../support/faults/odd-rows.ts'
import { redirectFaults } from '../support/faults/redirect-rows.ts'
import { mirrorFaults, proxyFaults } from '../support/faults/route-rows.ts'
import { tokenFaults } from '../support/faults/token-rows.ts'

const usualDeadlineMs = 5000
// For a machine that has much else to do; what is measured is whether an answer waits for more than the deadline.
const patienceMs = 1500

const families: Readonly<Record<string, readonly Fault[]>> = {
  'a "no"': absenceFaults,
  'a registry in trouble': troubleFaults,
  authentication: authFaults,
  'a token': tokenFaults,
  'the network': networkFaults,
  TLS: tlsFaults,
  'a body': bodyFaults,
  content: contentFaults,
  'a redirect': redirectFaults,
  'a family of addresses': familyFaults,
  'a proxy': proxyFaults,
  'a mirror': mirrorFaults,
  'an odd answer': oddFaults,
  'what else happens': moreFaults,
}
const allFaults = Object.values(families).flat()

const expectAsExpected = ({ codes, failure, requests, mostBytes }: Expectation, asked: Asked, lab: Lab): void => {
  expect(asked.findings.map(({ code }) => code)).toEqual(codes)
  if (failure === undefined && codes.length === 0) expect(asked.failure).toBeUndefined()
  if (failure !== undefined) expect(asked.failure).toMatchObject(failure)
  const [least, most] = typeof requests === 'number' ? [requests, requests] : requests
  expect(lab.requests()).toBeGreaterThanOrEqual(least)
  expect(lab.requests()).toBeLessThanOrEqual(most)
  if (mostBytes !== undefined) expect(lab.bytes()).toBeLessThanOrEqual(mostBytes)
}

const drive = async ({ given, expect: expected }: Fault): Promise<void> => {
  const lab = createLab()
  const scene = await given(lab)
  const ask = askerOf(scene)
  await scene.before?.(() => ask(AbortSignal.timeout(usualDeadlineMs)))
  const deadlineMs = scene.deadlineMs ?? usualDeadlineMs
  const signal = AbortSignal.timeout(deadlineMs)
  const beganMs = performance.now()
  const asked = await ask(signal)
  expect(performance.now() - beganMs).toBeLessThan(deadlineMs + patienceMs)
  // A fault that is no matter of time does not cost all the time there is.
  if (scene.deadlineMs === undefined) expect(signal.aborted).toBe(false)
  expectAsExpected(expected, asked, lab)
  scene.afterwards?.()
}

for (const [family, faults] of Object.entries(families))
  describe(`of faults of ${family},`, () => {
    for (const fault of faults) test(`${fault.id} ${fault.name}`, () => drive(fault))
  })

test('every fault from F01 to F60 has its row', () => {
  const ids = new Set(allFaults.map(({ id }) => id))
  const wanted = Array.from({ length: 60 }, (_, index) => `F${String(index + 1).padStart(2, '0')}`)
  expect(wanted.filter(id => !ids.has(id))).toEqual([])
})

test('no two rows have the same name', () => {
  const names = allFaults.map(({ id, name }) => `${id} ${name}`)
  expect(new Set(names).size).toBe(names.length)
})
