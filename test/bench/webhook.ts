// Our webhook, in a process of its own as the bare one is.
import { settingsOf, withFlags } from '../../src/commands/configuration.ts'
import { startWebhook } from '../../src/commands/webhook.ts'
import { defaultConfiguration } from '../../src/config/defaults.ts'

const flags = { platform: ['linux/amd64'], allowAddress: ['127.0.0.1'] }
const webhook = await startWebhook({
  cluster: undefined,
  host: '127.0.0.1',
  port: 0,
  names: ['127.0.0.1'],
  settings: settingsOf(withFlags(defaultConfiguration(), flags), {}),
  log: console.error,
})
if (!webhook.ok) throw new Error(webhook.error)
process.on('message', () => process.send?.(process.cpuUsage()))
process.send?.({ url: webhook.value.url, ca: webhook.value.caPem })
