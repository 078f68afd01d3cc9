import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { singleImage } from '../../src/demo/images.ts'
import { type EmbeddedRegistry, startRegistry } from '../../src/demo/registry.ts'
import { emptyShelf, placed, type Shelf } from '../../src/demo/shelf.ts'
import { built } from '../registries/built.ts'
import { median, type Row } from './table.ts'

const root = join(import.meta.dirname, '../..')
const delayMs = 20
// The default of registries.maxConnections.
const connectionsPerHost = 8
const manifests = 1000
const images = 800
const usesEach = 4
const craneImages = 100
const craneRounds = 3
const starts = 9

interface Ended {
  readonly code: number | null
  readonly tookMs: number
  readonly said: string
  /** Undefined where the program does not tell. */
  readonly peakMiB: number | undefined
  readonly cpuMs: number | undefined
}

// Tells at the end what the process took at the most, and for how long it had a processor.
const telling = `data:text/javascript,process.on('exit',()=>{const u=process.resourceUsage();process.stderr.write('peak '+u.maxRSS+' '+(u.userCPUTime+u.systemCPUTime)+'\\n')})`

const run = async (program: string, args: readonly string[], folder: string): Promise<Ended> => {
  const began = performance.now()
  const env = { PATH: process.env['PATH'], HOME: folder, CI: '1' }
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  const [, peak, cpu] = /^peak (\d+) (\d+)$/m.exec(said) ?? []
  const peakMiB = peak === undefined ? undefined : Math.round(Number(peak) / 1024)
  const cpuMs = cpu === undefined ? undefined : Number(cpu) / 1000
  return { code, tookMs: performance.now() - began, said, peakMiB, cpuMs }
}

/** What the package would have: development runs TypeScript, and users do not. */
const build = async (folder: string): Promise<string> => {
  const { code, said } = await run(join(root, 'node_modules/.bin/rolldown'), ['-c', '-d', join(folder, 'dist')], root)
  if (code !== 0) throw new Error(said)
  for (const name of ['docs', 'package.json']) await symlink(join(root, name), join(folder, name))
  return join(folder, 'dist/main.js')
}

const stocked = (count: number): Shelf => {
  let shelf = emptyShelf
  for (let index = 0; index < count; index++)
    shelf = placed(shelf, `team/app-${index}`, '1', singleImage('linux/amd64', { version: String(index) }))
  return shelf
}

const slowRegistry = (count: number): Promise<EmbeddedRegistry> =>
  startRegistry({
    shelf: stocked(count),
    intercept: async () => {
      await new Promise(resolve => setTimeout(resolve, delayMs))
      return false
    },
  })

const deployment = (name: string, containers: readonly string[]): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { template: { spec: { containers: containers.map((image, at) => ({ name: `c${at}`, image })) } } },
  })

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** A Deployment as people write it: images are a small part of its text. */
const wholeDeployment = (name: string, images: readonly string[]): string =>
  stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', labels: { app: name, team: 'shop' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: images.map((image, at) => ({
            name: `c${at}`,
            image,
            ports: [{ name: 'http', containerPort: 8080 }],
            env: [{ name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
            resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
            readinessProbe: { httpGet: { path: '/healthz', port: 'http' } },
          })),
        },
      },
    },
  })

const writers = { json: deployment, yaml: wholeDeployment } as const

const manyRow = async (main: string, folder: string, form: keyof typeof writers): Promise<Row> => {
  const registry = await slowRegistry(images)
  const deploy = join(folder, form)
  await mkdir(deploy)
  for (let index = 0; index < manifests; index++) {
    const containers = Array.from(
      { length: usesEach },
      (_, at) => `${registry.host}/team/app-${(index * usesEach + at) % images}:1`,
    )
    await writeFile(join(deploy, `${index}.${form}`), writers[form](`web-${index}`, containers))
  }
  const ended = await run(process.execPath, ['--import', telling, main, 'check', form], folder)
  const requests = registry.requests.length
  await registry.close()
  if (ended.code !== 0) throw new Error(ended.said)
  const idealMs = (requests * delayMs) / connectionsPerHost
  return {
    what: `check of 1,000 manifests in ${form.toUpperCase()}, 4,000 uses of ${images} images, ${delayMs} ms a request, ${ended.peakMiB} MiB`,
    figure: `${seconds(ended.tookMs)}, ${seconds(ended.cpuMs ?? 0)} of a processor, ${requests} requests`,
    against: `these requests side by side: ${seconds(idealMs)}`,
    ratio: `${(ended.tookMs / idealMs).toFixed(2)} ×`,
  }
}

/** The loop that people write: one image after the other, until all are seen. Both ask the same registry for the same list, in turn. */
const craneRow = async (main: string, folder: string): Promise<Row> => {
  const registry = await slowRegistry(craneImages)
  const list = Array.from({ length: craneImages }, (_, index) => `${registry.host}/team/app-${index}:1`)
  await writeFile(join(folder, 'images'), `${list.join('\n')}\n`)
  const own = `'${process.execPath}' '${main}' check --image - < images`
  const loop = `while read -r image; do '${built.crane}' manifest --insecure "$image" > /dev/null || exit 1; done < images`
  const took: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] }
  for (let round = 0; round < craneRounds; round++)
    for (const [who, script] of [
      ['ours', own],
      ['theirs', loop],
    ] as const) {
      const { code, said, tookMs } = await run('bash', ['-c', script], folder)
      if (code !== 0) throw new Error(said)
      took[who].push(tookMs)
    }
  await registry.close()
  const [ours, theirs] = [median(took.ours), median(took.theirs)]
  return {
    what: `check of a list of ${craneImages} images, ${delayMs} ms a request`,
    figure: `${seconds(ours)}; sought: a fifth`,
    against: `a loop of "crane manifest": ${seconds(theirs)}`,
    ratio: `${(ours / theirs).toFixed(2)} ×`,
  }
}

interface Start {
  readonly tookMs: number
  readonly cpuMs: number
  readonly peakMiB: number | undefined
}

/** The commands in turn, again and again, so that what else the machine does falls upon all of them. */
const startsOf = async (commands: readonly (readonly string[])[], folder: string): Promise<readonly Start[]> => {
  const ends = commands.map((): Ended[] => [])
  for (let round = 0; round < starts; round++)
    for (const [at, args] of commands.entries()) {
      const ended = await run(process.execPath, ['--import', telling, ...args], folder)
      if (ended.code !== 0) throw new Error(ended.said)
      ends[at]?.push(ended)
    }
  return ends.map(each => ({
    tookMs: median(each.map(({ tookMs }) => tookMs)),
    cpuMs: median(each.map(({ cpuMs }) => cpuMs ?? 0)),
    peakMiB: each[0]?.peakMiB,
  }))
}

const startRows = async (main: string, folder: string): Promise<readonly Row[]> => {
  await writeFile(join(folder, 'none.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n')
  await writeFile(join(folder, 'ignored.yaml'), deployment('web', ['registry.example/shop/web:1']))
  // Of this machine, where nobody listens.
  await writeFile(join(folder, 'dead.yaml'), deployment('web', ['127.0.0.1:1/shop/web:1']))
  const cases = [
    ['--version', ['--version'], 150],
    ['check of one file that names no image', ['check', 'none.yaml'], 300],
    ['check of one file whose image nobody is asked about', ['check', 'ignored.yaml', '--mode', 'off'], 300],
    ['check of one file whose registry is not there', ['check', 'dead.yaml', '--unknown', 'pass'], 300],
  ] as const
  const [bare, ...told] = await startsOf([['-e', '0'], ...cases.map(([, args]) => [main, ...args])], folder)
  if (bare === undefined) throw new Error('nothing was started')
  return cases.flatMap(([what, , mostMs], at) => {
    const start = told[at]
    if (start === undefined) return []
    return {
      what: `start: ${what}, ${start.peakMiB} MiB`,
      figure: `${Math.round(start.tookMs)} ms, ${Math.round(start.cpuMs)} ms of a processor; sought: less than ${mostMs}`,
      against: `node -e 0: ${Math.round(bare.tookMs)} ms, ${Math.round(bare.cpuMs)} ms of a processor, ${bare.peakMiB} MiB`,
      ratio: `${(start.cpuMs / bare.cpuMs).toFixed(2)} ×`,
    }
  })
}

const manyRows = async (main: string, folder: string): Promise<readonly Row[]> => [
  await manyRow(main, folder, 'json'),
  await manyRow(main, folder, 'yaml'),
]

/** `pullgate check`, built, as a process of its own. */
export const checkCommandRows = async (): Promise<readonly Row[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-bench-'))
  try {
    const main = await build(folder)
    return [...(await startRows(main, folder)), await craneRow(main, folder), ...(await manyRows(main, folder))]
  } finally {
    await rm(folder, { recursive: true })
  }
}
