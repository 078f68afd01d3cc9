import { setImmediate } from 'node:timers/promises'
import { expect } from 'vitest'
import { multiArchImage } from '../../src/demo/images.ts'
import { emptyShelf, placed } from '../../src/demo/shelf.ts'
import { ok } from '../../src/lib/result.ts'
import type { Credential } from '../../src/registry/auth/credential.ts'
import { emptyStore, said, secretFor, stageFor, workloadWith } from './stage.ts'
import { type Agenda, createAgenda, dialogueOver, oneOf, randomFrom, replyIn, sendOver, type World } from './world.ts'

const ann: Credential = { username: 'ann', password: 'of ann' }
const ben: Credential = { username: 'ben', password: 'of ben' }
const image = multiArchImage(['linux/amd64', 'linux/arm64'])
const shelf = placed(placed(emptyShelf, 'shop/web', '1', image), 'shop/web', '2', image)

const names = [
  'registry.test/shop/web:1',
  'registry.test/shop/web:2',
  `registry.test/shop/web@${image.top.digest}`,
] as const

const isName = (url: string): boolean => names.some(name => url.endsWith(name.replace(/^.*[:@](?=[12]|sha)/, '/')))

type Namespace = 'ann' | 'ben' | 'nobody' | 'both'

/** A core, and a private registry at which one of two tenants may pull, until the other may in its stead. */
const createTown = (random: () => number, agenda: Agenda) => {
  let holder: 'ann' | 'ben' = oneOf(random, ['ann', 'ben'])
  let now = 0
  // Who may not pull may have an account all the same, or a password that is no good.
  const isKnown = random() < 0.5
  // Or may learn what names stand for, and nothing more.
  const seesNames = isKnown && random() < 0.5
  const world: World = {
    shelf,
    door: oneOf(random, ['basic', 'bearer']),
    accounts: () => [ann, ben].filter(({ username }) => isKnown || username === holder),
    mayAsk: (username, { method, url }) => username === holder || (seesNames && method === 'HEAD' && isName(url)),
    tokens: new Map(),
  }
  const send = sendOver(agenda, request => ok(replyIn(world, request)))
  const store = emptyStore()
  store.secrets.set('ann/pull', secretFor(ann, 'registry.test'))
  store.secrets.set('ben/pull', secretFor(ben, 'registry.test'))
  store.secrets.set('both/pull', secretFor(ben, 'registry.test'))
  store.secrets.set('both/more', secretFor(ann, 'registry.test'))
  const stage = stageFor({
    dialogue: dialogueOver(send, () => now),
    sources: {
      ...store.sources,
      secret: (...asked) => agenda.later(() => store.sources.secret(...asked)).then(read => read),
    },
  })
  const pass = (seconds: number): void => {
    now += seconds * 1000
    stage.pass(seconds)
  }
  /** What was remembered of the old holder is forgotten by then. */
  const change = (): void => {
    holder = holder === 'ann' ? 'ben' : 'ann'
    world.tokens.clear()
    pass(61)
  }
  const held = new Set<Namespace>(['both'])
  const fitting = (namespace: Namespace): string => (namespace === holder || namespace === 'both' ? '' : 'denied')
  /** What may be said; to whoever did not wait, what was good for the same tenant before. */
  const allowed = (namespace: Namespace, isLeft: boolean): readonly string[] => {
    held.add(holder)
    return [fitting(namespace), ...(isLeft ? ['timed-out', ...(held.has(namespace) ? ['stale'] : [])] : [])]
  }
  return { check: stage.check, pass, change, allowed, door: world.door }
}

/** Asks for several tenants side by side, in an order that nobody planned; what was said of each, and what had to be. */
const interleave = async (town: ReturnType<typeof createTown>, random: () => number, agenda: Agenda) => {
  const left = Array.from({ length: 2 + Math.floor(random() * 3) }, (_, at) =>
    at < 2 ? (['ann', 'ben'] as const)[at] : oneOf<Namespace>(random, ['ann', 'ben', 'nobody', 'both']),
  )
  const outcomes: { readonly namespace: Namespace; readonly codes: string; readonly isLeft: boolean }[] = []
  const leaving: AbortController[] = []
  let open = 0

  const ask = (namespace: Namespace): void => {
    const secrets = namespace === 'nobody' ? [] : namespace === 'both' ? ['pull', 'more'] : ['pull']
    const controller = new AbortController()
    leaving.push(controller)
    open += 1
    const workload = workloadWith([oneOf(random, names)], secrets, { namespace })
    void town.check(workload, controller.signal).then(report => {
      open -= 1
      outcomes.push({ namespace, codes: said(report).join(), isLeft: controller.signal.aborted })
    })
  }
  while (left.length > 0 || open > 0) {
    const next = random() < 0.4 ? left.splice(Math.floor(random() * left.length), 1)[0] : undefined
    if (next !== undefined) ask(next)
    else if (random() < 0.03) oneOf(random, [new AbortController(), ...leaving]).abort()
    else agenda.letGo(random())
    await setImmediate()
  }
  return outcomes
}

const seed = Number(process.env['PULLGATE_SEED'] ?? Date.now() % 2 ** 31)

/** Interleaves the questions of tenants so many times, and holds that they cross in no verdict. */
export const expectNoCrossing = async (schedules: number): Promise<void> => {
  const random = randomFrom(seed)
  const agenda = createAgenda()
  let town = createTown(random, agenda)
  const counts = new Map<string, number>()
  for (let run = 0; run < schedules; run++) {
    if (random() < 0.05) town = createTown(random, agenda)
    else if (random() < 0.1) town.change()
    else if (random() < 0.3) town.pass(oneOf(random, [4, 6, 30, 61]))
    for (const { namespace, codes, isLeft } of await interleave(town, random, agenda)) {
      expect(town.allowed(namespace, isLeft), `seed ${seed}, run ${run}, ${town.door}, ${namespace}`).toContain(codes)
      counts.set(codes, (counts.get(codes) ?? 0) + 1)
    }
    // What nobody waits for any more is done before rights change hands.
    while (agenda.size() > 0) {
      agenda.letGo(0)
      await setImmediate()
    }
  }
  console.log(`seed ${seed}: ${schedules} interleavings, ${JSON.stringify(Object.fromEntries(counts))}`)
  expect(counts.get('')).toBeGreaterThan(schedules / 2)
  expect(counts.get('denied')).toBeGreaterThan(schedules / 2)
}
