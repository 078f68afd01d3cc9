import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

type Params = Readonly<Record<string, unknown>>

/** What the browser tells unasked. */
export interface Told {
  readonly method: string
  readonly params: Params
}

/** A tab of a real browser, over the DevTools protocol. */
export interface Tab {
  send(method: string, params?: Params): Promise<Params>
  /** The value of an expression in the page. */
  run<T>(expression: string): Promise<T>
  /** Opens a page, and waits until it has loaded. */
  open(url: string): Promise<void>
  /** Presses a key, as a person does. */
  press(key: string): Promise<void>
  /** Writes a picture of the window into a file. */
  shoot(file: string): Promise<void>
  readonly told: readonly Told[]
  close(): Promise<void>
}

// Without these it looks for updates and for its makers' hosts.
const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
]

const started = async (folder: string) => {
  const browser = spawn('chromium', [...quiet, `--user-data-dir=${folder}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  for await (const line of createInterface(browser.stderr)) {
    const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1]
    if (address !== undefined) {
      browser.stderr.resume()
      return { browser, address }
    }
  }
  throw new Error('chromium did not start: test/report/setup installs it')
}

interface Waiting {
  readonly resolve: (result: Params) => void
  readonly reject: (error: Error) => void
}

const connected = async (address: string) => {
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const waiting = new Map<number, Waiting>()
  const told: Told[] = []
  const listeners = new Set<(event: Told) => void>()
  let last = 0
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(String(data))
    if (id === undefined) {
      told.push({ method, params })
      for (const listener of listeners) listener({ method, params })
      return
    }
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(result)
    else asked?.reject(new Error(`${JSON.stringify(error)}`))
  })
  const send = (method: string, params: Params, sessionId: string | undefined): Promise<Params> =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { resolve, reject })
      socket.send(JSON.stringify({ id: last, method, params, ...(sessionId === undefined ? {} : { sessionId }) }))
    })
  const next = (method: string): Promise<void> =>
    new Promise(resolve => {
      const listener = (event: Told): void => {
        if (event.method !== method) return
        listeners.delete(listener)
        resolve()
      }
      listeners.add(listener)
    })
  return { send, next, told, close: () => socket.close() }
}

/** Starts a browser with one tab. */
export const startBrowser = async (): Promise<Tab> => {
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-browser-'))
  const { browser, address } = await started(folder)
  const wire = await connected(address)
  const { targetId } = await wire.send('Target.createTarget', { url: 'about:blank' }, undefined)
  const { sessionId } = await wire.send('Target.attachToTarget', { targetId, flatten: true }, undefined)
  const send: Tab['send'] = (method, params = {}) => wire.send(method, params, String(sessionId))
  for (const domain of ['Page', 'Runtime', 'Log', 'Network', 'Security']) await send(`${domain}.enable`)
  const run = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return (result as { readonly value: T }).value
  }
  return {
    send,
    run,
    told: wire.told,
    open: async url => {
      const loaded = wire.next('Page.loadEventFired')
      await send('Page.navigate', { url })
      await loaded
    },
    press: async key => {
      const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined
      const code = { Tab: 9, Enter: 13, ' ': 32 }[key]
      const pressed = {
        key,
        ...(text === undefined ? {} : { text }),
        ...(code === undefined ? {} : { windowsVirtualKeyCode: code }),
      }
      await send('Input.dispatchKeyEvent', { type: 'keyDown', ...pressed })
      await send('Input.dispatchKeyEvent', {
        type: 'keyUp',
        key,
        ...(code === undefined ? {} : { windowsVirtualKeyCode: code }),
      })
    },
    shoot: async file => {
      const { data } = await send('Page.captureScreenshot', { format: 'png' })
      await writeFile(file, Buffer.from(String(data), 'base64'))
    },
    close: async () => {
      const ended = once(browser, 'exit')
      await wire.send('Browser.close', {}, undefined)
      wire.close()
      await ended
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
