import { existsSync, readFileSync } from 'node:fs'
import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { connectApiServer } from '../../src/demo/api-server.ts'
import { attempts } from '../../src/demo/attempts.ts'
import { runTour, type TourOptions } from '../../src/demo/tour.ts'
import { type Script, startScriptedWebhook } from './scripted-webhook.ts'

const all = attempts({ registry: '', nobody: '' })

/** Answers each attempt as the tour promises. */
const asPromised: Script = number => {
  const expected = all[number]?.expected
  switch (expected?.kind) {
    case 'denied':
      return { allowed: false, status: { reason: 'Forbidden', message: expected.saying.join(' ') } }
    case 'warned':
      return { allowed: true, warnings: [expected.saying.join(' ')] }
    default:
      return { allowed: true }
  }
}

const scripted = async (script: Script, keep = false) => {
  const webhook = await startScriptedWebhook(script)
  const output: string[] = []
  const write = (text: string): void => void output.push(text)
  const options: TourOptions = { write, colour: false, keep, startWebhook: async () => webhook }
  return { webhook, options, output, text: () => output.join('') }
}

const never = new AbortController().signal

describe('the tour', () => {
  it('tells its story from the introduction to the summary, and closes what it started', async () => {
    const { options, webhook, text } = await scripted(asPromised)
    expect(await runTour(options, never)).toEqual({ ok: true, value: undefined })
    for (const { title } of all) expect(text()).toContain(title)
    expect(text()).toContain('1 created, 1 created with a warning, 7 stopped')
    expect(text()).not.toContain('\u001b')
    expect(webhook.isClosed()).toBe(true)
    const host = /image: (127\.0\.0\.1:\d+)\//.exec(text())?.[1]
    await expect(request(`http://${host}/v2/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('fails with a sentence where an attempt ends otherwise than promised', async () => {
    const { options, webhook } = await scripted(() => ({ allowed: true }))
    expect(await runTour(options, never)).toEqual({
      ok: false,
      error:
        'The demo did not go as it should: “A tag that was never pushed.” should have been denied, and was created.',
    })
    expect(webhook.isClosed()).toBe(true)
  })

  it('fails with a sentence where the webhook gives no answer', async () => {
    const { options, webhook } = await scripted(() => ({ uid: 'another' }))
    expect(await runTour(options, never)).toEqual({
      ok: false,
      error: `The demo stopped at “${all[0]?.title}”: the answer is to another review.`,
    })
    expect(webhook.isClosed()).toBe(true)
  })

  it('stops when it is interrupted', async () => {
    const { options, webhook } = await scripted(asPromised)
    expect(await runTour(options, AbortSignal.abort())).toMatchObject({ ok: false })
    expect(webhook.isClosed()).toBe(true)
  })

  it('closes the registry where the webhook cannot be started', async () => {
    const { options, webhook } = await scripted(asPromised)
    const failing = { ...options, startWebhook: () => Promise.reject(new Error('no port is free')) }
    await expect(runTour(failing, never)).rejects.toThrow('no port is free')
    await webhook.close()
  })

  it('keeps all running until it is interrupted, says how to ask, and takes its files away', async () => {
    const { options, webhook, output, text } = await scripted(asPromised, true)
    const interruption = new AbortController()
    const told = Promise.withResolvers<void>()
    const write = (text: string): void => {
      output.push(text)
      if (text.includes('curl')) told.resolve()
    }
    const tour = runTour({ ...options, write }, interruption.signal)
    await told.promise

    const [, caFile = '', reviewFile = ''] = /--cacert (\S+).*-d @(\S+)/s.exec(text()) ?? []
    const review = JSON.parse(readFileSync(reviewFile, 'utf8'))
    const apiServer = connectApiServer({ url: webhook.url, caPem: readFileSync(caFile, 'utf8') })
    expect(await apiServer.ask(review, review.request.uid, never)).toMatchObject({ ok: true })
    await apiServer.close()
    const tags = /curl (http:\S+)/.exec(text())?.[1] ?? ''
    expect(await (await request(tags)).body.json()).toEqual({ name: 'shop/web', tags: ['1.3.1', '1.3.2', '1.4.0'] })

    interruption.abort()
    expect(await tour).toEqual({ ok: true, value: undefined })
    expect([existsSync(caFile), existsSync(reviewFile), webhook.isClosed()]).toEqual([false, false, true])
  })
})
