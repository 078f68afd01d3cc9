import { createCheck } from '../../src/check/check.ts'
import { observedCheck, observedProbe } from '../../src/check/observe.ts'
import { createProbe } from '../../src/check/probe.ts'
import { createFindProgram } from '../../src/check/program.ts'
import { createKeychain } from '../../src/credentials/keychain.ts'
import { fail, ok } from '../../src/lib/result.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { decide } from '../../src/verdict/decide.ts'
import type { Mode } from '../../src/verdict/policy.ts'
import { mergeReports } from '../../src/verdict/verdict.ts'
import { observedReviewer } from '../../src/webhook/observe.ts'
import { readReview } from '../../src/webhook/review.ts'
import type { Reviewer } from '../../src/webhook/server.ts'
import { builtInKinds, findKind } from '../../src/workload/kinds.ts'
import { landingAnywhere } from '../../src/workload/landing.ts'
import { workloadsOf } from '../../src/workload/read.ts'
import { closedAfterTest, registryOptions } from '../support/lifetime.ts'
import { podWith, reviewOf } from '../support/reviews.ts'
import type { CanaryWorld } from './canary-world.ts'
import type { TelemetryForTest } from './telemetry-for-test.ts'

const nowMs = (): number => performance.now()
const fingerprintKey = new Uint8Array(32)

const checkIn = (world: CanaryWorld, telemetry: TelemetryForTest) => {
  const observers = { observe: telemetry.exchanged, notify: telemetry.noticed }
  const options = registryOptions({ ...observers, findPlaces: world.findPlaces, nowMs })
  const { dialogue } = closedAfterTest(createRegistry(options))
  const limits = { foundSeconds: 60, absentSeconds: 5, entries: 100, flightMs: 2000 }
  const probe = createProbe({ ...limits, dialogue, fingerprintKey, now: nowMs })
  const check = createCheck({
    mostListed: 50,
    probe: observedProbe(probe, telemetry.probed, nowMs),
    keychain: createKeychain({
      sources: {
        secret: async (_, name) => {
          const text = world.secrets.get(name)
          if (text === undefined) return fail('missing')
          return ok({
            type: 'kubernetes.io/dockerconfigjson',
            data: new Map([['.dockerconfigjson', Buffer.from(text)]]),
          })
        },
        accountSecrets: async () => ok([]),
      },
      held: [
        async name => {
          const credential = world.held.get(name.split('/')[0] ?? '')
          return { credentials: credential === undefined ? [] : [credential], notes: [] }
        },
      ],
      nodesMayHold: () => false,
    }),
    addsAccountSecrets: () => false,
    tags: dialogue.tags,
    program: createFindProgram(dialogue),
    landing: () => landingAnywhere,
    nodes: () => [],
    isIgnored: () => false,
  })
  return observedCheck(check, telemetry.judged)
}

const reviewerIn = (world: CanaryWorld, telemetry: TelemetryForTest, mode: Mode): Reviewer => {
  const check = checkIn(world, telemetry)
  const review: Reviewer = async ({ object, namespace }, signal) => {
    const kind = findKind(builtInKinds, '', 'Pod')
    const workloads = kind === undefined ? [] : workloadsOf(object, kind, namespace)
    const report = mergeReports(await Promise.all(workloads.map(workload => check(workload, signal))))
    if (report === undefined) throw new Error('there is no pod')
    return { ...decide(report, { actions: {} }, mode), mode, verdicts: report.verdicts }
  }
  return observedReviewer(review, telemetry.reviewed, nowMs)
}

/** Reviews every pod of the world in this mode, and a review that fails for a reason of our own. */
export const play = async (world: CanaryWorld, telemetry: TelemetryForTest, mode: Mode): Promise<void> => {
  const review = reviewerIn(world, telemetry, mode)
  for (const [images, secrets] of world.pods) {
    const spec = {
      containers: images.map((image, index) => ({ name: `c${index}`, image })),
      imagePullSecrets: secrets.map(name => ({ name })),
    }
    const asked = readReview(reviewOf(podWith([], { spec })))
    if (!asked.ok) throw new Error(asked.error)
    await review(asked.value, AbortSignal.timeout(5000))
  }
  for (const text of world.secrets.values())
    try {
      JSON.parse(`${text}}`)
    } catch (error) {
      telemetry.bug(error, 'in a review')
    }
  telemetry.bug(new Error(`no answer\n    at ${world.password} (${world.password}:1:2)`), 'in a look')
  telemetry.log(`GET https://bob:${world.password}@registry.example/v2/?key=${world.password} failed`)
  telemetry.close()
}
