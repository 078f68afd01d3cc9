import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Digest } from '../image/digest.ts'
import type { ImageReference } from '../image/reference.ts'
import { deadlineIn, remainingMs } from '../lib/deadline.ts'
import { fail, ok } from '../lib/result.ts'
import type { Credential } from '../registry/auth/credential.ts'
import type { Dialogue } from '../registry/dialogue.ts'
import { readDocument } from '../registry/manifest.ts'
import { commonLook, lookAtProgram } from '../registry/program/look.ts'
import type { Program } from '../registry/program/program.ts'
import { readImageStart, readLayers, startOf } from '../registry/program/program-fields.ts'
import type { Pull } from '../registry/pull.ts'
import type { ContainerStart } from '../workload/container-start.ts'
import { inTurn } from './in-turn.ts'

/** What is asked about the program inside a single image. */
export interface ProgramQuestion {
  readonly reference: ImageReference
  readonly credentials: readonly Credential[]
  readonly digest: Digest
  /** What the container says of how it is started. */
  readonly start: ContainerStart
}

/** Finds out what the program inside an image was built for, whatever its label says. */
export type FindProgram = (question: ProgramQuestion, signal: AbortSignal) => Promise<Program>

const notFound: Program = { kind: 'not-found' }

// Images with a wrong label are few.
const mostKept = 10_000
// For the way back from what was seen to a verdict.
const reserveMs = 100

/** A signal that fires a little before another, so that what was seen until then still counts. */
const inTimeFor = (signal: AbortSignal): AbortSignal => {
  const leftMs = remainingMs(signal)
  return leftMs === undefined ? signal : AbortSignal.any([signal, deadlineIn(leftMs - reserveMs)])
}

/** Makes the look at programs. What was found in a repository is kept: a digest does not change. */
export const createFindProgram = (dialogue: Dialogue): FindProgram => {
  const known = new LRUCache<string, Program>({ max: mostKept })

  const look = async (pull: Pull, { digest, start }: ProgramQuestion, signal: AbortSignal) => {
    const manifest = await dialogue.manifest(pull, digest, signal)
    if (!manifest.ok) return manifest
    const document = readDocument(manifest.value.bytes, manifest.value.mediaType)
    if (!document.ok || document.value.kind !== 'manifest') return ok(notFound)
    const config = await dialogue.config(pull, document.value.config, signal)
    if (!config.ok) return fail(config.error)
    const started = startOf(readImageStart(config.value.bytes), start)
    const layers = readLayers(manifest.value.bytes)
    const open = (layer: { readonly digest: Digest }, until: AbortSignal) => dialogue.layer(pull, layer.digest, until)
    return ok(await lookAtProgram({ ...started, layers }, open, commonLook, signal))
  }

  return async (question, signal) => {
    const { reference, credentials, digest, start } = question
    // With the repository, since layers are not hashed: what one registry shows counts for none other. A pod may have a
    // million characters in its command.
    const { registry, repository } = reference
    const place = JSON.stringify([registry, repository, digest, start])
    const key = createHash('sha256').update(place).digest('base64url')
    const before = known.get(key)
    if (before !== undefined) return before
    const until = inTimeFor(signal)
    const seen = await inTurn(credentials, credential => look({ reference, credential }, question, until))
    const program = seen.ok ? seen.value : notFound
    // That nothing was found may be for want of time.
    if (program.kind === 'found') known.set(key, program)
    return program
  }
}
