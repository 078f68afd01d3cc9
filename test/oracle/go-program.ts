import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** A Go program that answers a line of JSON with a line of JSON. */
export interface GoProgram {
  /** The answer to a question, which is of the shape that the caller knows it to have. */
  // biome-ignore lint/suspicious/noExplicitAny: what Go answers is known to those who ask
  readonly ask: (question: object) => Promise<any>
  readonly close: () => Promise<void>
}

interface Asked {
  readonly resolve: (line: string) => void
  readonly reject: (reason: Error) => void
}

/** Starts the program that the set-up script of a folder below test/ has built; it answers in the order of the questions. */
export const startGoProgram = (folder: string): GoProgram => {
  const program = builtProgram(folder)
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
  const close = (): Promise<void> => {
    child.stdin.end()
    return ended
  }
  return { ask, close }
}

const builtProgram = (folder: string): string => {
  const sources = createHash('sha256')
  for (const name of ['go.mod', 'go.sum', 'main.go'])
    sources.update(readFileSync(new URL(`../${folder}/${name}`, import.meta.url)))
  const hash = sources.digest('hex').slice(0, 16)
  const program = new URL(`../../.cache/${folder}/${hash}/oracle`, import.meta.url).pathname
  if (!existsSync(program)) throw new Error(`${program} is missing: run test/${folder}/setup first`)
  return program
}
