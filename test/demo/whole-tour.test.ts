import { expect, it } from 'vitest'
import { settingsOf, withFlags } from '../../src/commands/configuration.ts'
import { startWebhook } from '../../src/commands/webhook.ts'
import { defaultConfiguration } from '../../src/config/defaults.ts'
import type { StartWebhook } from '../../src/demo/stage.ts'
import { runTour } from '../../src/demo/tour.ts'

const startReal: StartWebhook = async ({ platforms }) => {
  const place = { host: '127.0.0.1', port: 0, names: ['127.0.0.1'] }
  const configuration = withFlags(defaultConfiguration(), { platform: platforms, allowAddress: ['127.0.0.1'] })
  const webhook = await startWebhook({
    ...place,
    cluster: undefined,
    settings: settingsOf(configuration, {}),
    log: () => undefined,
  })
  if (!webhook.ok) throw new Error(webhook.error)
  return webhook.value
}

it('the tour with the real webhook goes as it promises, on lines of at most a hundred columns', async () => {
  const output: string[] = []
  const write = (text: string): void => void output.push(text)
  const options = { write, colour: false, keep: false, startWebhook: startReal }
  expect(await runTour(options, new AbortController().signal)).toEqual({ ok: true, value: undefined })
  expect(
    Math.max(
      ...output
        .join('')
        .split('\n')
        .map(line => line.length),
    ),
  ).toBeLessThanOrEqual(100)
})
