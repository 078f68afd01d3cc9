import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ConfigurationFile } from '../../src/commands/configuration-file.ts'
import { run } from '../../src/commands/program.ts'
import { watchConfiguration } from '../../src/commands/reload.ts'
import { multiArchImage } from '../../src/demo/images.ts'
import { closedAfterTest, registryFor } from '../support/lifetime.ts'
import { podWith } from '../support/reviews.ts'
import { review } from './ask-webhook.ts'
import { folder } from './run-pullgate.ts'

/** What a line of the log says, but of requests and reviews; other lines as they are. */
const messageOf = (line: string): string | undefined => {
  if (!line.startsWith('{')) return line
  const { msg, event } = JSON.parse(line) as { readonly msg: string; readonly event?: string }
  return event === undefined ? `${msg}\n` : undefined
}

/** A stream of which one can wait for what is said next. */
const listener = () => {
  const said: string[] = []
  const waiting: ((text: string) => void)[] = []
  const say = (text: string): void => {
    const next = waiting.shift()
    if (next === undefined) said.push(text)
    else next(text)
  }
  const stream = new Writable({
    write: (chunk, _, done) => {
      const text = messageOf(String(chunk))
      if (text !== undefined) say(text)
      done()
    },
  })
  const next = (): Promise<string> => {
    const first = said.shift()
    return first === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(first)
  }
  return { stream, say, next, said }
}

interface Served {
  readonly webhook: { readonly url: string; readonly caPem: string }
  readonly path: string
  /** Writes the file, has it read anew, and gives what the log says. */
  readonly change: (text: string) => Promise<string>
  readonly reload: () => Promise<string>
}

const serve = async (text: string, ...flags: readonly string[]): Promise<Served> => {
  const path = await folder()
  const file = join(path, 'pullgate.yaml')
  await writeFile(file, text)
  const [stdout, stderr] = [listener(), listener()]
  const stopped = new AbortController()
  const reloads: (() => void)[] = []
  const argv = ['serve', '--port', '0', '--config', 'pullgate.yaml', '--ca-file', join(path, 'ca.pem'), ...flags]
  const ended = run({
    argv,
    environment: {},
    folder: path,
    stdout: stdout.stream,
    stderr: stderr.stream,
    onStop: stop => stopped.signal.addEventListener('abort', stop),
    onReload: reload => void reloads.push(reload),
  })
  closedAfterTest({
    close: async () => {
      stopped.abort()
      expect(await ended).toBe(0)
    },
  })
  const url = /https:\S+(?=\/validate)/.exec(await stdout.next())?.[0] ?? ''
  const caPem = await readFile(join(path, 'ca.pem'), 'utf8')
  // Its lines are written all at once.
  const entry = async (): Promise<string> => {
    const first = await stderr.next()
    await setImmediate()
    return [first, ...stderr.said.splice(0)].join('')
  }
  const reload = (): Promise<string> => {
    for (const each of reloads) each()
    return entry()
  }
  const change = async (changed: string): Promise<string> => {
    await writeFile(file, changed)
    return reload()
  }
  return { webhook: { url, caPem }, path, change, reload }
}

const loopback = 'registries: { allowAddresses: [127.0.0.1] }\n'

test('another mode holds for the reviews that come after, and not for those under way', async () => {
  const arrived = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  let [isSlow, atRegistry] = [true, 0]
  const registry = await registryFor({
    intercept: async () => {
      if (!isSlow) return false
      if (++atRegistry === 5) arrived.resolve()
      await answer.promise
      return false
    },
  })
  const { webhook, change } = await serve(`mode: enforce\n${loopback}`)
  const podOf = (name: string): object => podWith([`${registry.host}/shop/${name}:9`])
  // Each image is a question of its own, so that the registry tells of each review.
  const underWay = ['a', 'b', 'c', 'd', 'e'].map(name => review(webhook, podOf(name)))
  await arrived.promise
  expect(await change(`mode: warn\n${loopback}`)).toBe('pullgate.yaml was read anew, and holds from now on.\n')
  isSlow = false
  const after = review(webhook, podOf('a'))
  expect(await after).toMatchObject({ allowed: true, warnings: [expect.stringContaining('[not-found]')] })
  answer.resolve()
  for (const before of await Promise.all(underWay))
    expect(before).toMatchObject({ allowed: false, status: { message: expect.stringContaining('[not-found]') } })
})

test('a file with mistakes changes nothing, is complained of once, and is obeyed again when it is mended', async () => {
  const registry = await registryFor()
  const { webhook, path, change, reload } = await serve(`mode: enforce\n${loopback}`)
  const pod = podWith([`${registry.host}/shop/web:9`])
  const kept = 'pullgate.yaml cannot be used as it is now; what was read before goes on.\n'
  expect(await change('mode: wran\nowned: 5\n')).toBe(
    `${kept}pullgate.yaml:1:7: mode: "wran" is none of enforce, warn, audit, off; did you mean warn?\npullgate.yaml:2:8: owned: 5 is none of enforce, warn, skip\n`,
  )
  expect(await review(webhook, pod)).toMatchObject({ allowed: false })
  await rm(join(path, 'pullgate.yaml'))
  expect(await reload()).toBe(`${kept}pullgate.yaml cannot be read (ENOENT): no configuration was taken from it.\n`)
  expect(await review(webhook, pod)).toMatchObject({ allowed: false })
  expect(await change(`mode: warn\n${loopback}`)).toContain('was read anew')
  expect(await review(webhook, pod)).toMatchObject({ allowed: true })
  expect(await reload()).toBe('pullgate.yaml says what it said before.\n')
})

test('what was learnt of images is kept, and flags go on to win', async () => {
  const registry = await registryFor()
  registry.put('shop/web', '1', multiArchImage(['linux/amd64']))
  const { webhook, change } = await serve(loopback, '--mode', 'warn')
  const [found, missing] = ['shop/web:1', 'shop/web:9'].map(name => podWith([`${registry.host}/${name}`]))
  await review(webhook, found)
  const before = registry.requests.length
  expect(before).toBeGreaterThan(0)
  await change(`mode: enforce\nowned: enforce\n${loopback}`)
  expect(await review(webhook, found)).toMatchObject({ allowed: true })
  expect(registry.requests).toHaveLength(before)
  expect(await review(webhook, missing)).toMatchObject({ allowed: true, warnings: [expect.any(String)] })
  await change(`cache: { entries: 10 }\n${loopback}`)
  await review(webhook, found)
  expect(registry.requests.length).toBeGreaterThan(before)
})

test('reviews go on while the file changes fifty times, and each has one mode', async () => {
  const registry = await registryFor()
  const { webhook, change } = await serve(`mode: enforce\n${loopback}`)
  const pod = podWith([`${registry.host}/shop/web:9`])
  let isOver = false
  const askOn = async (): Promise<number> => {
    let asked = 0
    for (; !isOver; asked++) {
      const answer = await review(webhook, pod)
      expect(answer?.allowed === false ? answer.status !== undefined : answer?.warnings?.length === 1).toBe(true)
    }
    return asked
  }
  const asking = Promise.all([askOn(), askOn()])
  for (let round = 0; round < 50; round++)
    expect(await change(`mode: ${round % 2 === 0 ? 'warn' : 'enforce'}\n${loopback}`)).toContain('was read anew')
  isOver = true
  for (const asked of await asking) expect(asked).toBeGreaterThan(0)
  expect(await review(webhook, pod)).toMatchObject({ allowed: false })
})

test('without a file at the start, there is nothing to read anew, and the webhook goes on', async () => {
  const [stdout, stderr] = [listener(), listener()]
  const stopped = new AbortController()
  let reload = (): void => {}
  const ended = run({
    argv: ['serve', '--port', '0'],
    environment: {},
    folder: await folder(),
    stdout: stdout.stream,
    stderr: stderr.stream,
    onStop: stop => stopped.signal.addEventListener('abort', stop),
    onReload: called => {
      reload = called
    },
  })
  await stdout.next()
  reload()
  expect(await stderr.next()).toContain('There is no configuration file to read anew')
  stopped.abort()
  expect(await ended).toBe(0)
})

test('by the clock a change counts when it was seen twice, and a mistake is told once', async () => {
  const path = await folder()
  const file: ConfigurationFile = { path: 'a.yaml', origin: 'named' }
  const write = (text: string): Promise<void> => writeFile(join(path, 'a.yaml'), text)
  await write('mode: off')
  const [log, modes] = [listener(), listener()]
  const watch = closedAfterTest(
    watchConfiguration({
      file,
      folder: path,
      text: 'mode: off',
      change: async ({ mode }) => modes.say(mode),
      log: log.say,
      looked: () => {},
      everyMs: 50,
    }),
  )
  await write('mode: warn')
  expect(await modes.next()).toBe('warn')
  expect(await log.next()).toBe('a.yaml was read anew, and holds from now on.')
  await write('mode: wran')
  expect(await log.next()).toMatch(/^a\.yaml cannot be used as it is now/)
  await write('mode: audit')
  expect(await modes.next()).toBe('audit')
  // Between the two nothing was said of the mistake again.
  expect(await log.next()).toBe('a.yaml was read anew, and holds from now on.')
  await watch.close()
  expect([...log.said, ...modes.said]).toEqual([])
})
