import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Check, createCheck } from '../../src/check/check.ts'
import { createProbe } from '../../src/check/probe.ts'
import { createFindProgram } from '../../src/check/program.ts'
import { askedImages } from '../../src/cli/asked-images.ts'
import { multiArchImage, singleImage } from '../../src/demo/images.ts'
import { type EmbeddedRegistry, startRegistry } from '../../src/demo/registry.ts'
import { parsePlatform } from '../../src/image/platform.ts'
import { deadlineIn } from '../../src/lib/deadline.ts'
import { createRegistry } from '../../src/registry/registry.ts'
import { landingOn } from '../../src/workload/landing.ts'
import { registryOptions } from '../support/registry-options.ts'
import { median, type Row } from './table.ts'

const delayMs = 20
const connectionsPerHost = 8

const amd64 = parsePlatform('linux/amd64')
const nodes = amd64.ok ? [amd64.value] : []

interface Checker {
  readonly check: Check
  readonly close: () => Promise<void>
}

const checker = (): Checker => {
  const { dialogue, close } = createRegistry(registryOptions({ connectionsPerHost }))
  const probe = createProbe({
    dialogue,
    foundSeconds: 60,
    absentSeconds: 5,
    entries: 100_000,
    now: () => performance.now(),
    fingerprintKey: new Uint8Array(32),
    flightMs: 60_000,
  })
  const check = createCheck({
    mostListed: 50,
    probe,
    keychain: async () => async () => ({ credentials: [], notes: [] }),
    addsAccountSecrets: () => false,
    tags: dialogue.tags,
    program: createFindProgram(dialogue),
    landing: ({ placement }) => landingOn(placement, nodes, undefined),
    nodes: () => [],
    isIgnored: () => false,
  })
  return { check, close }
}

const registryWith = (delay: number): Promise<EmbeddedRegistry> =>
  startRegistry({
    intercept: async () => {
      if (delay > 0) await new Promise(resolve => setTimeout(resolve, delay))
      return false
    },
  })

/** A thousand who ask for the same at once, and one who asks for what is known. */
const equalRows = async (): Promise<readonly Row[]> => {
  const registry = await registryWith(delayMs)
  registry.put('shop/web', '1', multiArchImage(['linux/amd64']))
  const { check, close } = checker()
  const workload = askedImages([`${registry.host}/shop/web:1`])
  await Promise.all(Array.from({ length: 1000 }, () => check(workload, deadlineIn(20_000))))
  const requests = registry.requests.length
  const figures: number[] = []
  for (let round = 0; round < 9; round++) {
    const began = performance.now()
    for (let call = 0; call < 2000; call++) await check(workload, deadlineIn(20_000))
    figures.push(((performance.now() - began) * 1000) / 2000)
  }
  await close()
  await registry.close()
  return [
    {
      what: '1,000 equal cold checks at once',
      figure: `${requests} requests`,
      against: 'one check: 3 requests (HEAD, GET, HEAD)',
      ratio: `${(requests / 3).toFixed(2)} ×`,
    },
    {
      what: 'a cached check of one image',
      figure: `${median(figures).toFixed(1)} µs`,
      against: 'at the most 50 µs',
      ratio: `${(median(figures) / 50).toFixed(2)} ×`,
    },
  ]
}

/** Pods whose images nobody has asked about: of one image, and of ten, which are asked for side by side. */
const coldRow = async (): Promise<Row> => {
  const registry = await registryWith(delayMs)
  const { check, close } = checker()
  let asked = 0
  const timed = async (images: number): Promise<number> => {
    const tags = Array.from({ length: images }, () => String(asked++))
    for (const tag of tags) registry.put('cold', tag, multiArchImage(['linux/amd64'], { version: tag }))
    const began = performance.now()
    await check(askedImages(tags.map(tag => `${registry.host}/cold:${tag}`)), deadlineIn(20_000))
    return performance.now() - began
  }
  await timed(10 * connectionsPerHost)
  const before = registry.requests.length
  const [one, ten]: [number[], number[]] = [[], []]
  for (let round = 0; round < 9; round++) {
    one.push(await timed(1))
    ten.push(await timed(10))
  }
  const each = (registry.requests.length - before) / (one.length * 11)
  await close()
  await registry.close()
  return {
    what: `a pod of ten cold multi-arch images, ${connectionsPerHost} connections, ${delayMs} ms a request`,
    figure: `${median(ten).toFixed(0)} ms, ${each.toFixed(1)} requests an image`,
    against: `a pod of one: ${median(one).toFixed(0)} ms`,
    ratio: `${(median(ten) / median(one)).toFixed(2)} ×`,
  }
}

/** Five hundred workloads of four images each, all different. */
const manyRow = async (): Promise<Row> => {
  const registry = await registryWith(delayMs)
  const workloads = Array.from({ length: 500 }, (_, workload) =>
    Array.from({ length: 4 }, (__, image) => `${workload * 4 + image}`),
  )
  for (const tag of workloads.flat()) registry.put('many', tag, singleImage('linux/amd64', { version: tag }))
  const { check, close } = checker()
  await check(askedImages([`${registry.host}/many:0`]), deadlineIn(20_000))
  const before = registry.requests.length
  const began = performance.now()
  const left = workloads.values()
  const work = async (): Promise<void> => {
    for (const tags of left)
      await check(askedImages(tags.map(tag => `${registry.host}/many:${tag}`)), deadlineIn(60_000))
  }
  await Promise.all(Array.from({ length: 16 }, work))
  const tookMs = performance.now() - began
  const idealMs = ((registry.requests.length - before) * delayMs) / connectionsPerHost
  await close()
  await registry.close()
  return {
    what: `500 workloads × 4 images, 16 at a time, ${connectionsPerHost} connections, ${delayMs} ms a request`,
    figure: `${(tookMs / 1000).toFixed(1)} s`,
    against: `the requests side by side: ${(idealMs / 1000).toFixed(1)} s`,
    ratio: `${(tookMs / idealMs).toFixed(2)} ×`,
  }
}

// Listens and never accepts; its queue of one is full, so that the kernel answers nobody else.
const deadEnd = `
const { createServer, connect } = require('node:net')
const { parentPort } = require('node:worker_threads')
const server = createServer(() => {}).listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  const { port } = server.address()
  for (let index = 0; index < 4; index++) connect(port, '127.0.0.1').on('error', () => {})
  setTimeout(() => { parentPort.postMessage(port); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30000) }, 100)
})`

/** A host that takes connections and says nothing, once and again. */
const deadRow = async (): Promise<Row> => {
  const worker = new Worker(deadEnd, { eval: true })
  const [port] = (await once(worker, 'message')) as [number]
  const { check, close } = checker()
  const took = async (tag: number): Promise<number> => {
    const began = performance.now()
    await check(askedImages([`127.0.0.1:${port}/shop/web:${tag}`]), deadlineIn(4500))
    return performance.now() - began
  }
  const first = await took(0)
  const later: number[] = []
  for (let tag = 1; tag <= 100; tag++) later.push(await took(tag))
  await close()
  await worker.terminate()
  return {
    what: 'a host that does not answer: each further image of it',
    figure: `${Math.max(...later).toFixed(1)} ms at the most`,
    against: `the first: ${(first / 1000).toFixed(1)} s`,
    ratio: `${(Math.max(...later) / first).toFixed(4)} ×`,
  }
}

/** The core that all faces share. */
export const checkRows = async (): Promise<readonly Row[]> => [
  ...(await equalRows()),
  await coldRow(),
  await manyRow(),
  await deadRow(),
]
