import type { ServerResponse } from 'node:http'
import { createProbe, type Probed } from '../../../src/check/probe.ts'
import type { CredentialNote } from '../../../src/credentials/note.ts'
import type { Answer as HttpAnswer } from '../../../src/demo/distribution.ts'
import { singleImage } from '../../../src/demo/images.ts'
import { startRegistry } from '../../../src/demo/registry.ts'
import { emptyShelf, placed } from '../../../src/demo/shelf.ts'
import { ok, type Result } from '../../../src/lib/result.ts'
import type { Dialogue } from '../../../src/registry/dialogue.ts'
import type { ProbeFailure } from '../../../src/registry/failure.ts'
import type { FindPlaces } from '../../../src/registry/hosts/place.ts'
import { createRegistry } from '../../../src/registry/registry.ts'
import type { Answer } from '../../../src/verdict/evidence.ts'
import { judge } from '../../../src/verdict/judge.ts'
import { evidence, nodes } from '../../verdict/evidence.ts'
import { plainPlaces } from '../plain-network.ts'
import { referenceOf } from '../reference-of.ts'
import { registryOptions } from '../registry-options.ts'
import { type As, type Asked, credentialOf, readAsked } from './asked.ts'
import { toldBy } from './cell.ts'
import type { Shape } from './shape.ts'

/** What came of a question, and what it took. */
export interface Heard {
  readonly told: string
  readonly verdict: string
  readonly noted: string
  readonly wire: string
  readonly probed: Result<Probed, ProbeFailure>
  /** What was shown to hosts that must see nothing that proves who asks. */
  readonly leaks: readonly string[]
}

/** Somebody who asks a shape and remembers what a process remembers. */
export interface Asker {
  readonly ask: (image: string, as: As) => Promise<Heard>
  readonly dialogue: Dialogue
  readonly close: () => Promise<void>
}

/** What all the hosts prove themselves with, and who vouches for it. */
export interface StageTls {
  readonly cert: string
  readonly key: string
  /** One array for all: what is made of it is kept by it. */
  readonly trusted: readonly string[]
}

/** A shape on this machine. */
export interface Stage {
  readonly asker: () => Asker
  /** Makes every token given so far worthless. */
  readonly expireTokens: () => void
  readonly close: () => Promise<void>
}

const landing = nodes(['linux/amd64'])
const platforms = landing.kind === 'platforms' ? landing.platforms : []
const nodesMayHold: readonly CredentialNote[] = [{ kind: 'nodes-may-hold' }]
const probeOptions = {
  ...{ foundSeconds: 60, absentSeconds: 5, entries: 100, flightMs: 5000 },
  ...{ now: () => 1000, fingerprintKey: new Uint8Array(32) },
}

const answerFrom = (probed: Result<Probed, ProbeFailure>): Answer => {
  if (!probed.ok) return { kind: 'failed', failure: probed.error }
  const { facts, quotaUsedUpAt } = probed.value
  return { kind: 'facts', facts, quotaUsedUpAt }
}

const verdictOf = (answer: Answer, notes: readonly CredentialNote[]): string => {
  const { findings } = judge(evidence({ landing, notes, answer }))
  return findings.map(({ code }) => code).join(' ') || 'pass'
}

const labelOf = ({ tokens, network, backend }: Shape, { host, path }: Asked): string => {
  if (host === tokens?.host && path === tokens.path) return 'token '
  if (host === network) return 'network '
  return host === backend ? 'backend ' : ''
}

const send = (response: ServerResponse, { status, headers, body }: HttpAnswer, method: string): void => {
  response.writeHead(status, headers).end(method === 'HEAD' ? undefined : body)
}

/** Sets a shape up on a free port, where all its hosts answer with one certificate. */
export const startStage = async (shape: Shape, { cert, key, trusted }: StageTls): Promise<Stage> => {
  const shelf = shape.repositories.reduce((all, name) => {
    const image = singleImage('linux/amd64', { version: name })
    return placed(placed(all, name, '1', image), name, '2', image)
  }, emptyShelf)
  const seen: { readonly asked: Asked; readonly status: number }[] = []
  let epoch = 1
  let port = ''
  const speak = shape.speak({ origin: host => `https://${host}:${port}`, shelf, epoch: () => epoch })
  const server = await startRegistry({
    tls: { cert, key },
    intercept: async (request, response) => {
      const asked = await readAsked(request)
      const answer = speak(asked)
      seen.push({ asked, status: answer.status })
      send(response, answer, asked.method)
      return true
    },
  })
  port = server.host.split(':')[1] ?? ''

  // On the port that the tests have; 443 is not theirs.
  const findPlaces: FindPlaces = async reference => {
    const found = await plainPlaces(reference)
    if (!found.ok) return found
    const ours = (base: string): string => base.replace(/^(https:\/\/[^/:]+)/, `$1:${port}`)
    return ok(found.value.map(({ host, ...rest }) => ({ ...rest, host: { ...host, bases: host.bases.map(ours) } })))
  }

  const asker = (): Asker => {
    const resolve = (name: string): Promise<readonly string[]> =>
      shape.hosts.includes(name) ? Promise.resolve(['127.0.0.1']) : Promise.reject(new Error(`${name} is not asked`))
    const { dialogue, close } = createRegistry(registryOptions({ findPlaces, resolve, trust: () => trusted }))
    const probe = createProbe({ dialogue, ...probeOptions })
    const ask = async (image: string, as: As): Promise<Heard> => {
      const credential = credentialOf(as)
      const credentials = credential === undefined ? [] : [credential]
      const first = seen.length
      const question = { reference: referenceOf(image), credentials, platforms, anew: true }
      const probed = await probe(question, AbortSignal.timeout(5000))
      const answer = answerFrom(probed)
      const since = seen.slice(first)
      const strangers = since.filter(({ asked }) => [shape.network, shape.backend].includes(asked.host))
      return {
        told: probed.ok ? 'facts' : toldBy(probed.error),
        verdict: verdictOf(answer, []),
        noted: verdictOf(answer, nodesMayHold),
        wire: since.map(({ asked, status }) => `${labelOf(shape, asked)}${asked.method} ${status}`).join(', '),
        probed,
        leaks: strangers.filter(({ asked }) => asked.isAuthorized).map(({ asked }) => asked.host),
      }
    }
    return { ask, dialogue, close }
  }
  const expireTokens = (): void => {
    epoch += 1
  }
  return { asker, expireTokens, close: server.close }
}
