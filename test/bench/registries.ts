import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createProbe } from '../../src/check/probe.ts'
import { singleImage } from '../../src/demo/images.ts'
import { type EmbeddedRegistry, startRegistry } from '../../src/demo/registry.ts'
import type { ImageReference } from '../../src/image/reference.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { measureCosts } from '../support/costs.ts'
import { registryOptions } from '../support/registry-options.ts'
import type { Row } from './table.ts'

const delayMs = 20
const connectionsPerHost = 8
const images = 1000

/** The table of the docs, with the time of each question over a registry that takes 20 ms a request. */
export const costTable = async (): Promise<string> => {
  const costs = await measureCosts(delayMs)
  const lines = costs.map(
    ({ question, requests, tookMs }) =>
      `| ${question} | ${requests} | ${(tookMs / delayMs).toFixed(1)} × ${delayMs} ms |`,
  )
  return ['| question | requests | time |', '| --- | --- | --- |', ...lines].join('\n')
}

const slow = (): Promise<EmbeddedRegistry> =>
  startRegistry({
    intercept: async () => {
      await new Promise(resolve => setTimeout(resolve, delayMs))
      return false
    },
  })

const tagOf = ({ host }: EmbeddedRegistry, repository: string, tag: string): ImageReference => ({
  registry: host,
  repository,
  target: { kind: 'tag', tag },
  written: `${host}/${repository}:${tag}`,
})

/** Many images of one host, at once: held against what its connections can carry. */
const manyRow = async (): Promise<Row> => {
  const registry = await slow()
  for (let index = 0; index < images; index++)
    registry.put('many', String(index), singleImage('linux/amd64', { version: String(index) }))
  const { dialogue, close } = createRegistry(registryOptions({ connectionsPerHost }))
  const probe = probeOver(dialogue)
  const signal = AbortSignal.timeout(60_000)
  await dialogue.resolve({ reference: tagOf(registry, 'many', '0'), credential: undefined }, signal)
  const before = registry.requests.length
  const began = performance.now()
  const answers = await Promise.all(
    Array.from({ length: images }, (_, index) => {
      const reference = tagOf(registry, 'many', String(index))
      return probe({ reference, credentials: [], platforms: [], anew: false }, signal)
    }),
  )
  const tookMs = performance.now() - began
  const requests = registry.requests.length - before
  await close()
  await registry.close()
  const idealMs = (requests * delayMs) / connectionsPerHost
  const answered = answers.filter(({ ok }) => ok).length
  return {
    what: `${images} images of one host at once, ${connectionsPerHost} connections, ${delayMs} ms a request`,
    figure: `${(tookMs / 1000).toFixed(1)} s, ${answered} answered by ${requests} requests`,
    against: `these requests side by side: ${(idealMs / 1000).toFixed(1)} s`,
    ratio: `${(tookMs / idealMs).toFixed(2)} ×`,
  }
}

const probeOver = (dialogue: ReturnType<typeof createRegistry>['dialogue']) =>
  createProbe({
    dialogue,
    foundSeconds: 3600,
    absentSeconds: 5,
    flightMs: 60_000,
    entries: 10_000,
    now: () => performance.now(),
    fingerprintKey: new Uint8Array(32),
  })

// What a container of 256 MiB gives Node: without such bounds the garbage of a burst is kept for long.
const nodeFlags = ['--max-old-space-size=128', '--max-semi-space-size=4']

/** What it costs to remember a hundred thousand of a million names. */
const memoryRow = async (): Promise<Row> => {
  const file = join(import.meta.dirname, 'remember.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeFlags, file])
  const { images: asked, entries, before, after } = JSON.parse(stdout) as Readonly<Record<string, number>>
  return {
    what: `${asked?.toLocaleString('en')} different images, ${entries?.toLocaleString('en')} remembered, ${nodeFlags.join(' ')}`,
    figure: `${after} MiB resident`,
    against: `before: ${before} MiB`,
    ratio: `${((after ?? 0) / (before ?? 1)).toFixed(2)} ×`,
  }
}

/** The floor that talks to registries. */
export const registryRows = async (): Promise<readonly Row[]> => [await manyRow(), await memoryRow()]
