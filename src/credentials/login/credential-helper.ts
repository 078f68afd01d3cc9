import { endingIn } from '../../lib/deadline.ts'
import { jsonIn } from '../../lib/json.ts'
import { fail, ok, type Result } from '../../lib/result.ts'
import { asText, ownProperty } from '../../lib/untrusted.ts'
import type { Credential } from '../../registry/auth/credential.ts'
import { runProgram } from '../run-program.ts'
import { textOfBytes } from '../utf8.ts'

/** Options of the helpers. */
export interface HelperOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** How long a helper may take: one that asks its user for a password never ends. */
  readonly runMs: number
}

/** Asks a helper for the login to a server: undefined where it has none. */
export type AskHelper = (
  helper: string,
  server: string,
  signal: AbortSignal,
) => Promise<Result<Credential | undefined, 'failed'>>

/** The program of a helper. */
export const helperProgram = (helper: string): string => `docker-credential-${helper}`

// A token of a cloud has some kilobytes.
const mostOutputBytes = 256 * 1024

// The helpers' words, on standard output (docker/docker-credential-helpers, credentials/error.go).
const notFound = /credentials not found in native keychain/i

const readAnswer = (output: Buffer): Result<Credential | undefined, 'failed'> => {
  const answer = jsonIn(textOfBytes(output))
  const [username, secret] = [asText(ownProperty(answer, 'Username')), asText(ownProperty(answer, 'Secret'))]
  if (username === undefined || secret === undefined) return fail('failed')
  if (secret === '') return ok(undefined)
  // The word that stands for an identity token (docker/cli, cli/config/credentials/native_store.go tokenUsername).
  return ok({ username: username === '<token>' ? '' : username, password: secret })
}

/** Makes what asks helpers, by the protocol of docker-credential-helpers: the server goes in, JSON comes out. */
export const createHelpers =
  ({ environment, runMs }: HelperOptions): AskHelper =>
  async (helper, server, signal) => {
    // What is no plain name would be a path, and run from there.
    if (!/^[\w.-]+$/.test(helper)) return fail('failed')
    const run = { program: helperProgram(helper), args: ['get'], environment, input: `${server}\n`, mostOutputBytes }
    const output = await runProgram(run, endingIn(runMs, signal))
    if (output.ok) return readAnswer(output.value)
    return notFound.test(output.error.output.toString('latin1')) ? ok(undefined) : fail('failed')
  }
