import { createProbe } from '../../src/check/probe.ts'
import { multiArchImage, singleImage } from '../../src/demo/images.ts'
import { type EmbeddedRegistry, startRegistry } from '../../src/demo/registry.ts'
import type { ImageReference } from '../../src/image/reference.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { measureCosts } from '../support/costs.ts'
import { registryOptions } from '../support/registry-options.ts'
import type { Row } from './table.ts'

const delayMs = 20
const connectionsPerHost = 8
const images = 1000
const remembered = 100_000

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
    flightMs: 5000,
    entries: remembered,
    now: () => performance.now(),
    fingerprintKey: new Uint8Array(32),
  })

const residentMiB = (): number => process.memoryUsage().rss / 1024 / 1024

/** What it costs to remember a hundred thousand names. */
const memoryRow = async (): Promise<Row> => {
  const registry = await startRegistry()
  const image = multiArchImage(['linux/amd64'])
  registry.put('many', '1', image)
  const { dialogue, close } = createRegistry(registryOptions({ connectionsPerHost }))
  // The registry's own memory of its requests is no part of ours.
  const known = { digest: image.top.digest, content: undefined, quota: undefined }
  const probe = probeOver({ ...dialogue, resolve: () => Promise.resolve({ ok: true, value: known }) })
  const signal = AbortSignal.timeout(120_000)
  const ask = (index: number) =>
    probe({ reference: tagOf(registry, 'many', `v${index}`), credentials: [], platforms: [], anew: false }, signal)
  await ask(0)
  const before = residentMiB()
  for (let index = 0; index < remembered; index++) await ask(index)
  const after = residentMiB()
  await close()
  await registry.close()
  return {
    what: `memory after ${remembered.toLocaleString('en')} images`,
    figure: `${Math.round(after)} MiB`,
    against: `before: ${Math.round(before)} MiB`,
    ratio: `${(((after - before) * 1024 * 1024) / remembered).toFixed(0)} bytes each`,
  }
}

/** The floor that talks to registries. */
export const registryRows = async (): Promise<readonly Row[]> => [await manyRow(), await memoryRow()]
