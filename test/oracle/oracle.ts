import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { ProxySettings } from '../../src/registry/dial/proxy.ts'
import type { OciPlatform } from './oci-platform.ts'

interface Refusal {
  readonly error: string
}

interface NamedImage {
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
  /** The tag that the kubelet and the API server's defaulting see. */
  readonly pulledTag: string
  /** What containerd asks the registry for. */
  readonly canonical: string
}

interface PlatformForms {
  readonly parsed: OciPlatform
  readonly normalized: OciPlatform
  readonly text: string
}

/** Whether a node runs an image, and whether it takes it before, or after, another one. */
interface Choice {
  readonly runs: boolean
  readonly first: boolean
  readonly last: boolean
}

interface Match {
  readonly image: PlatformForms
  readonly local: Choice
  readonly oldLocal: Choice
  readonly strict: boolean
  readonly transfer: boolean
}

interface Placed {
  readonly selected: boolean
  readonly tolerated: boolean
}

interface FoundChallenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

/** The proxy that Go's transport would ask; the name and the password are bytes, as base64. */
interface Proxied {
  readonly direct: boolean
  readonly scheme: string
  readonly hostname: string
  readonly port: string
  readonly hasUser: boolean
  readonly username: string
  readonly password: string
}

/** What can be asked of the Go originals, and what they answer. */
export interface Oracle {
  readonly reference: (text: string) => Promise<NamedImage | Refusal>
  readonly digest: (text: string) => Promise<{ readonly algorithm: string; readonly encoded: string } | Refusal>
  readonly platform: (text: string) => Promise<PlatformForms | Refusal>
  readonly match: (node: OciPlatform, image: OciPlatform, other: OciPlatform) => Promise<Match>
  readonly placement: (pod: object, on: object) => Promise<Placed>
  readonly challenges: (lines: readonly string[]) => Promise<readonly FoundChallenge[]>
  readonly route: (settings: ProxySettings, url: string) => Promise<Proxied | Refusal>
  readonly close: () => Promise<void>
}

interface Asked {
  readonly resolve: (line: string) => void
  readonly reject: (reason: Error) => void
}

/** Starts the program that test/oracle/setup has built; it answers in the order of the questions. */
export function startOracle(): Oracle {
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
    reference: text => ask({ ask: 'reference', text }),
    digest: text => ask({ ask: 'digest', text }),
    platform: text => ask({ ask: 'platform', text }),
    match: (node, image, other) => ask({ ask: 'match', node, image, other }),
    placement: (pod, on) => ask({ ask: 'placement', pod, on }),
    challenges: lines => ask({ ask: 'challenges', lines }),
    route: (settings, url) => ask({ ask: 'route', ...settings, url }),
    close: () => {
      child.stdin.end()
      return ended
    },
  }
}

function builtProgram(): string {
  const sources = createHash('sha256')
  for (const name of ['go.mod', 'go.sum', 'main.go']) sources.update(readFileSync(new URL(name, import.meta.url)))
  const program = new URL(`../../.cache/oracle/${sources.digest('hex').slice(0, 16)}/oracle`, import.meta.url).pathname
  if (!existsSync(program)) throw new Error(`${program} is missing: run test/oracle/setup first`)
  return program
}
