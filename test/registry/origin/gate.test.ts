import { getEventListeners, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { openSockets } from '../../../src/lib/open-sockets.ts'
import type { Result } from '../../../src/lib/result.ts'
import { createExchange, type ExchangeOptions } from '../../../src/registry/exchange.ts'
import type { ProbeFailure } from '../../../src/registry/failure.ts'
import { createGate } from '../../../src/registry/origin/gate.ts'
import type { Reply, Request, Send } from '../../../src/registry/send.ts'
import { openBlackHole } from '../../support/faults/black-hole.ts'
import { goodCertificate } from '../../support/faults/certificates.ts'
import { closedAfterTest, plainTerms, registryFor, registryOptions } from '../../support/lifetime.ts'

type Replied = Result<Reply, ProbeFailure>

interface Bench {
  readonly send: Send
  readonly clock: { now: number }
  /** Asks so many questions, each after the other's end. */
  readonly ask: (url: string, times?: number, signal?: AbortSignal) => Promise<Replied>
  readonly stalled: (origin: string) => void
}

const request = (url: string, given: Partial<Request> = {}): Request => ({
  method: 'GET',
  url,
  client: plainTerms,
  namedBy: undefined,
  host: 'registry.example',
  headers: {},
  body: undefined,
  step: 'manifest',
  mostBytes: 1024,
  take: undefined,
  ...given,
})

const patient = (): AbortSignal => AbortSignal.timeout(20_000)

/** A gate before real connections, with a clock that stands still. */
const bench = (overrides: Partial<ExchangeOptions> = {}): Bench => {
  const clock = { now: 0 }
  const gate = createGate({ nowMs: () => clock.now, random: () => 0.5, connectionsPerHost: 4 })
  const exchange = closedAfterTest(createExchange({ ...registryOptions(), ...overrides, stalled: gate.stalled }))
  const send = gate.guarding(exchange.send)
  const ask: Bench['ask'] = async (url, times = 1, signal = patient()) => {
    for (let asked = 1; asked < times; asked++) await send(request(url), signal)
    return send(request(url), signal)
  }
  return { send, clock, ask, stalled: gate.stalled }
}

type Handle = (request: IncomingMessage, response: ServerResponse, count: number) => void

/** A server that counts its connections and requests. */
const serving = async (handle: Handle, onConnection: (socket: Socket) => void = () => {}) => {
  const seen = { connections: 0, requests: 0, most: 0 }
  const server = createServer((incoming, response) => handle(incoming, response, ++seen.requests))
  const sockets = openSockets(server)
  server.on('connection', socket => {
    seen.connections++
    seen.most = Math.max(seen.most, sockets.size)
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closedAfterTest({
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, port, seen, sockets, server }
}

const saying =
  (status: number): Handle =>
  (_, response) =>
    void response.writeHead(status).end()

const breakerOpen = { ok: false, error: { kind: 'unreachable', problem: 'breaker-open' } }

describe('an origin that is down', () => {
  test('costs the sixth question no packet and next to no time, and the answer is what happened to the fifth', async () => {
    const server = await serving(
      () => {},
      socket => void socket.resetAndDestroy(),
    )
    const { send, ask } = bench()
    await ask(server.url, 5)
    expect(server.seen.connections).toBe(5)
    const times: number[] = []
    for (let asked = 0; asked < 5; asked++) {
      const began = performance.now()
      const reply = await send(request(server.url, { host: 'mirror.example', step: 'token' }), patient())
      times.push(performance.now() - began)
      expect(reply).toEqual({
        ok: false,
        error: { host: 'mirror.example', step: 'token', kind: 'unreachable', problem: 'connection-lost' },
      })
    }
    expect(server.seen.connections).toBe(5)
    expect(Math.min(...times)).toBeLessThan(20)
  })

  test('and refuses connections is not knocked at for the next questions', async () => {
    const server = await serving(saying(200))
    // Nobody listens on that port of the other address.
    let address = '127.0.0.2'
    const { ask, clock } = bench({ resolve: async () => [address] })
    const url = `http://registry.example:${server.port}/`
    const refused = { error: { kind: 'unreachable', problem: 'connection-refused' } }
    expect(await ask(url, 5)).toMatchObject(refused)
    address = '127.0.0.1'
    expect(await ask(url)).toMatchObject(refused)
    expect(server.seen.connections).toBe(0)
    clock.now = 5000
    expect(await ask(url)).toMatchObject({ value: { status: 200 } })
    expect(await ask(url, 10)).toMatchObject({ value: { status: 200 } })
  })

  test.each([500, 502, 503, 504])('in that it answers %i is left alone as well, and that is told', async status => {
    const server = await serving(saying(status))
    const { ask } = bench()
    expect(await ask(server.url, 5)).toMatchObject({ value: { status } })
    expect(await ask(server.url, 3)).toEqual({
      ok: false,
      error: { host: 'registry.example', step: 'manifest', kind: 'bad-answer', problem: 'server-error', status },
    })
    expect(server.seen.requests).toBe(5)
  })

  test('at the fourth failure is asked on', async () => {
    const server = await serving((_, response, count) => void response.writeHead(count % 5 === 0 ? 404 : 500).end())
    const { ask } = bench()
    await ask(server.url, 25)
    expect(server.seen.requests).toBe(25)
  })

  test('does no harm to its neighbour on another port', async () => {
    const [down, up] = [await serving(saying(500)), await serving(saying(200))]
    const { ask } = bench()
    await ask(down.url, 6)
    expect(await ask(up.url)).toMatchObject({ value: { status: 200 } })
    expect(down.seen.requests).toBe(5)
  })

  test('is one origin by whatever path, query and way of writing its port it is asked', async () => {
    const down = await serving(saying(500))
    const { ask } = bench()
    for (const path of ['a', 'b?c=d', 'v2/', '', 'x']) await ask(down.url + path)
    expect(await ask(down.url.replace('127.0.0.1', '127.1'))).toMatchObject({ error: { problem: 'server-error' } })
    expect(down.seen.requests).toBe(5)
  })
})

describe('an origin that answers', () => {
  test.each([200, 307, 400, 401, 403, 404, 405, 408, 429])('%i is asked for ever', async status => {
    const server = await serving(saying(status))
    const { ask } = bench()
    expect(await ask(server.url, 12)).toMatchObject({ value: { status } })
    expect(server.seen.requests).toBe(12)
  })

  test('too much is asked for ever', async () => {
    const server = await serving((_, response) => void response.end('x'.repeat(5000)))
    const { ask } = bench()
    expect(await ask(server.url, 8)).toMatchObject({ error: { kind: 'oversized' } })
    expect(server.seen.requests).toBe(8)
  })

  test('by HTTP alone is asked for ever by HTTPS, since that question is the way to find out', async () => {
    const server = await serving(saying(200))
    const { ask } = bench()
    await ask(server.url.replace('http:', 'https:'), 8)
    expect(server.seen.connections).toBe(8)
  })

  test('with a certificate that one does not trust is open to another who does', async () => {
    const { key, cert, ca } = await goodCertificate('registry.example')
    const { host } = await registryFor({ tls: { key, cert } })
    const url = `https://registry.example:${host.split(':')[1]}/v2/`
    const { send, ask } = bench({ resolve: async () => ['127.0.0.1'] })
    expect(await ask(url, 8)).toMatchObject({ error: { problem: 'certificate-untrusted' } })
    const client = { ...plainTerms, tls: { ...plainTerms.tls, ca: [ca] } }
    expect(await send(request(url, { client }), patient())).toMatchObject({ value: { status: 200 } })
  })

  test('and is at an address that may not be talked to gets no packet, and each is told why', async () => {
    const { ask } = bench()
    expect(await ask('http://169.254.169.254/', 8)).toMatchObject({ error: { kind: 'blocked' } })
  })
})

describe('an origin that takes its time', () => {
  const hanging = () => serving(() => {})

  test('for callers that were short of it themselves is asked on', async () => {
    const server = await hanging()
    const { ask } = bench()
    for (let asked = 0; asked < 8; asked++) await ask(server.url, 1, AbortSignal.timeout(5))
    const before = server.seen.connections
    await ask(server.url, 1, AbortSignal.timeout(20))
    expect(server.seen.connections).toBeGreaterThan(before)
  })

  test('that was enough for any answer is left alone after five', async () => {
    const server = await hanging()
    const { send, clock } = bench()
    for (let asked = 1; asked <= 5; asked++) {
      const giveUp = new AbortController()
      const asking = send(request(server.url), giveUp.signal)
      await once(server.server, 'request')
      clock.now += 1000
      giveUp.abort()
      expect(await asking).toMatchObject({ error: { kind: 'timed-out' } })
    }
    expect(await send(request(server.url), patient())).toMatchObject(breakerOpen)
    expect(server.seen.requests).toBe(5)
  })

  test('over layers that are given up, once enough of them was seen, is asked on', async () => {
    const server = await serving((_, response) => void response.write('the beginning of a layer'))
    const { send, clock } = bench()
    for (let asked = 1; asked <= 8; asked++) {
      const enough = new AbortController()
      const take = async (): Promise<boolean> => {
        clock.now += 1000
        enough.abort()
        return true
      }
      await send(request(server.url, { step: 'program', mostBytes: 1e6, take }), enough.signal)
    }
    expect(server.seen.requests).toBe(8)
  })

  test('to connect at all is left alone after one', async () => {
    const { host } = closedAfterTest(await openBlackHole())
    const { send } = bench()
    const url = `http://${host}/`
    const impatient = { client: { ...plainTerms, dialTimeoutMs: 50 } }
    expect(await send(request(url, impatient), patient())).toMatchObject({ error: { kind: 'timed-out' } })
    const began = performance.now()
    expect(await send(request(url), patient())).toMatchObject(breakerOpen)
    // Who dialled would wait for three seconds.
    expect(performance.now() - began).toBeLessThan(1000)
  })

  test('and does not let new connections in is left alone by who comes now, though its rooms are full', async () => {
    const server = await hanging()
    const { send, stalled } = bench()
    const giveUp = new AbortController()
    const inside = Array.from({ length: 4 }, () => send(request(server.url), giveUp.signal))
    while (server.seen.requests < 4) await once(server.server, 'request')
    stalled(new URL(server.url).origin)
    expect(await send(request(server.url), patient())).toMatchObject(breakerOpen)
    giveUp.abort()
    await Promise.all(inside)
  })
})

describe('after a while', () => {
  test('one question of a hundred finds out that it is still down', async () => {
    const server = await serving(saying(503))
    const { ask, send, clock } = bench()
    await ask(server.url, 5)
    clock.now = 5000
    const replies = await Promise.all(Array.from({ length: 100 }, () => send(request(server.url), patient())))
    expect(server.seen.requests).toBe(6)
    expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
  })

  test('one question finds out that it is up again, and from then on everybody is served', async () => {
    let isUp = false
    const waiting: ServerResponse[] = []
    const server = await serving((_, response) => {
      if (isUp) waiting.push(response)
      else response.writeHead(500).end()
    })
    const { ask, send, clock } = bench()
    await ask(server.url, 5)
    isUp = true
    clock.now = 5000
    const trial = send(request(server.url), patient())
    await once(server.server, 'request')
    const others = await Promise.all(Array.from({ length: 50 }, () => send(request(server.url), patient())))
    expect(others.every(({ ok }) => !ok)).toBe(true)
    expect(server.seen.requests).toBe(6)
    waiting[0]?.end()
    expect(await trial).toMatchObject({ value: { status: 200 } })
    isUp = false
    expect(await ask(server.url)).toMatchObject({ value: { status: 500 } })
  })

  test('a question that is given up does not keep the others away', async () => {
    let isUp = false
    const server = await serving((_, response, count) => {
      if (count !== 6) response.writeHead(isUp ? 200 : 500).end()
    })
    const { ask, send, clock } = bench()
    await ask(server.url, 5)
    clock.now = 5000
    isUp = true
    const giveUp = new AbortController()
    const trial = send(request(server.url), giveUp.signal)
    await once(server.server, 'request')
    giveUp.abort()
    await trial
    expect(await ask(server.url)).toMatchObject({ value: { status: 200 } })
  })
})

describe('a slow origin and two thousand questions', () => {
  const slow = async () => {
    const waiting: ServerResponse[] = []
    const made = await serving((_, response) => void waiting.push(response))
    return { ...made, waiting }
  }

  /** Answers until all is said. */
  const answerAll = async (server: Awaited<ReturnType<typeof slow>>, count: number): Promise<void> => {
    for (let answered = 0; answered < count; ) {
      while (server.waiting.length === 0) await once(server.server, 'request')
      server.waiting.shift()?.end()
      answered++
    }
  }

  test('get four connections, and a queue of 1,024; the rest is told at once', async () => {
    const server = await slow()
    const { send } = bench()
    const giveUp = new AbortController()
    const ended: Replied[] = []
    const all = Array.from({ length: 2000 }, async () => {
      ended.push(await send(request(server.url), giveUp.signal))
    })
    await once(server.server, 'request')
    const tooBusy = { host: 'registry.example', step: 'manifest', kind: 'unreachable', problem: 'too-busy' }
    expect(ended).toEqual(Array(2000 - 4 - 1024).fill({ ok: false, error: tooBusy }))
    await answerAll(server, 50)
    giveUp.abort()
    await Promise.all(all)
    const counts = Map.groupBy(ended, reply => (reply.ok ? reply.value.status : reply.error.kind))
    expect(counts.get('unreachable')).toHaveLength(972)
    expect((counts.get(200)?.length ?? 0) + (counts.get('timed-out')?.length ?? 0)).toBe(1028)
    expect(server.seen.most).toBe(4)
    expect(server.seen.requests).toBeLessThanOrEqual(54)
  })

  test('leave no trace when they are given up', async () => {
    const server = await slow()
    const { send } = bench()
    const callers = Array.from({ length: 200 }, () => new AbortController())
    const all = callers.map(({ signal }) => send(request(server.url), signal))
    while (server.seen.requests < 4) await once(server.server, 'request')
    for (const caller of callers) caller.abort()
    const replies = await Promise.all(all)
    expect(replies.every(reply => !reply.ok && reply.error.kind === 'timed-out')).toBe(true)
    expect(server.seen.requests).toBe(4)
    expect(callers.reduce((sum, { signal }) => sum + getEventListeners(signal, 'abort').length, 0)).toBe(0)
    server.waiting.length = 0
    const again = Array.from({ length: 8 }, () => send(request(server.url), patient()))
    await answerAll(server, 8)
    expect((await Promise.all(again)).every(({ ok }) => ok)).toBe(true)
  })

  test('do not keep questions to another origin waiting', async () => {
    const [server, other] = [await slow(), await serving(saying(200))]
    const { send, ask } = bench()
    const giveUp = new AbortController()
    const all = Array.from({ length: 100 }, () => send(request(server.url), giveUp.signal))
    expect(await ask(other.url)).toMatchObject({ value: { status: 200 } })
    giveUp.abort()
    await Promise.all(all)
  })

  test('pass over a listener on a signal that they share, and leave none', async () => {
    const server = await serving(saying(200))
    const { send } = bench()
    const { signal } = new AbortController()
    await Promise.all(Array.from({ length: 50 }, () => send(request(server.url), signal)))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('of very many origins', () => {
  const failure: ProbeFailure = { host: 'x', step: 'manifest', kind: 'unreachable', problem: 'no-such-host' }
  const gateFor = () => createGate({ nowMs: () => 0, random: () => 0.5, connectionsPerHost: 1 })
  const origin = (index: number): string => `https://r${index}.example/`

  /** Sends what is held back until it is let go. */
  const holding = () => {
    const held: (() => void)[] = []
    const send: Send = () =>
      new Promise(resolve => {
        held.push(() => resolve({ ok: false, error: failure }))
      })
    return { held, send }
  }

  test('ten thousand are remembered, those that were asked last', async () => {
    let sent = 0
    const send = gateFor().guarding(async () => {
      sent++
      return { ok: false, error: failure }
    })
    const ask = (index: number) => send(request(origin(index)), patient())
    const signal = patient()
    for (let asked = 0; asked < 6; asked++) await ask(0)
    expect(sent).toBe(5)
    for (let index = 1; index < 10_000; index++) await send(request(origin(index)), signal)
    await ask(0)
    expect(sent).toBe(5 + 9999)
    for (let index = 10_000; index < 20_000; index++) await send(request(origin(index)), signal)
    await ask(0)
    expect(sent).toBe(5 + 9999 + 10_000 + 1)
  })

  test('one that is forgotten while somebody is inside serves him and those who wait for him', async () => {
    const gate = gateFor()
    const { held, send } = holding()
    const [inside, behind] = [1, 2].map(() => gate.guarding(send)(request(origin(0)), patient()))
    const quick = gate.guarding(async () => ({ ok: false, error: failure }))
    const signal = patient()
    for (let index = 1; index <= 10_000; index++) await quick(request(origin(index)), signal)
    const later = gate.guarding(send)(request(origin(0)), patient())
    await new Promise(resolve => void setImmediate(resolve))
    expect(held).toHaveLength(2)
    held.splice(0).forEach(letGo => void letGo())
    await Promise.all([inside, later])
    held.splice(0).forEach(letGo => void letGo())
    expect(await behind).toEqual({ ok: false, error: failure })
  })
})

test('a sender that breaks its promise not to throw costs nobody the door', async () => {
  let isBroken = true
  const clock = { now: 0 }
  const gate = createGate({ nowMs: () => clock.now, random: () => 0.5, connectionsPerHost: 1 })
  const send = gate.guarding(async ({ host, step }) => {
    if (isBroken) throw new Error('a bug')
    return { ok: false, error: { host, step, kind: 'blocked' } }
  })
  gate.stalled('https://r.example')
  clock.now = 5000
  await expect(send(request('https://r.example/'), patient())).rejects.toThrow('a bug')
  isBroken = false
  expect(await send(request('https://r.example/'), patient())).toMatchObject({ error: { kind: 'blocked' } })
})
