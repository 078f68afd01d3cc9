import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** An answer that says no. */
export interface Refusal {
  readonly error: string
}

/** A name and a password, as the kubelet would send them. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** A secret as it is asked about: its data in base64. */
export interface GivenSecret {
  readonly type: string
  readonly data: Readonly<Record<string, string>>
}

/** What can be asked of the kubelet's own code, and what it answers. */
export interface KeyringOracle {
  /** Reads a docker config, given in base64; the entries come in any order. */
  readonly config: (
    content: string,
    format: string,
  ) => Promise<{ readonly entries: readonly (Login & { readonly place: string })[] } | Refusal>
  readonly glob: (pattern: string, name: string) => Promise<{ readonly matched: boolean }>
  readonly place: (pattern: string, name: string) => Promise<{ readonly matched: boolean }>
  /** The matches in the order in which they are tried; the order within a group is random. */
  readonly keyring: (
    secrets: readonly GivenSecret[],
    name: string,
  ) => Promise<{ readonly groups: readonly (readonly Login[])[] } | Refusal>
  readonly close: () => Promise<void>
}

interface Asked {
  readonly resolve: (line: string) => void
  readonly reject: (reason: Error) => void
}

/** Starts the program that test/keyring-oracle/setup has built; it answers in the order of the questions. */
export function startKeyringOracle(): KeyringOracle {
  const program = builtProgram()
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting: Asked[] = []
  createInterface({ input: child.stdout }).on('line', line => waiting.shift()?.resolve(line))
  const ended = once(child, 'close').then(([code]) => {
    for (const asked of waiting) asked.reject(new Error(`${program} ended with ${code} before it answered`))
  })
  const ask = async (question: object) => {
    const line = await new Promise<string>((resolve, reject) => {
      waiting.push({ resolve, reject })
      child.stdin.write(`${JSON.stringify(question)}\n`)
    })
    const answer = JSON.parse(line)
    if (typeof answer.panic === 'string') throw new Error(`the original panicked: ${answer.panic}`)
    return answer
  }
  return {
    config: (content, format) => ask({ ask: 'config', content, format }),
    glob: (pattern, name) => ask({ ask: 'glob', pattern, name }),
    place: (pattern, name) => ask({ ask: 'place', pattern, name }),
    keyring: (secrets, name) => ask({ ask: 'keyring', secrets, name }),
    close: () => {
      child.stdin.end()
      return ended
    },
  }
}

function builtProgram(): string {
  const sources = createHash('sha256')
  for (const name of ['go.mod', 'go.sum', 'main.go']) sources.update(readFileSync(new URL(name, import.meta.url)))
  const hash = sources.digest('hex').slice(0, 16)
  const program = new URL(`../../.cache/keyring-oracle/${hash}/oracle`, import.meta.url).pathname
  if (!existsSync(program)) throw new Error(`${program} is missing: run test/keyring-oracle/setup first`)
  return program
}
