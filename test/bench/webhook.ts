// Our webhook, in a process of its own as the bare one is.
import { networkOf } from '../../src/commands/network.ts'
import { startWebhook } from '../../src/commands/webhook.ts'
import { parsePlatform } from '../../src/image/platform.ts'
import { knownCidr } from '../../src/registry/dial/cidr.ts'

const platform = parsePlatform('linux/amd64')
if (!platform.ok) throw new Error(platform.error)
const webhook = await startWebhook({
  host: '127.0.0.1',
  port: 0,
  names: ['127.0.0.1'],
  mode: 'enforce',
  platforms: [platform.value],
  log: console.error,
  addresses: { refuse: [], allow: [knownCidr('127.0.0.1')] },
  network: networkOf({}, []),
})
if (!webhook.ok) throw new Error(webhook.error)
console.log(JSON.stringify({ url: webhook.value.url, ca: webhook.value.caPem }))
