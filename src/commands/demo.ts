import { defaultConfiguration } from '../config/defaults.ts'
import { hasColours } from '../demo/paint.ts'
import { runTour } from '../demo/tour.ts'
import { settingsOf, withFlags } from './configuration.ts'
import { exitCodes, type Surroundings } from './surroundings.ts'
import { startWebhook } from './webhook.ts'

/** Shows the tour: an embedded registry, the real webhook, and what kubectl would print. */
export const demo = async (keep: boolean, { stdout, stderr, onStop }: Surroundings): Promise<number> => {
  const stopped = new AbortController()
  onStop(() => stopped.abort())
  const startForDemo = async ({ platforms }: { readonly platforms: readonly string[] }) => {
    // The demo's registry is on this machine.
    const configuration = withFlags(defaultConfiguration(), { platform: platforms, allowAddress: ['127.0.0.1'] })
    const webhook = await startWebhook({
      host: '127.0.0.1',
      port: 0,
      names: ['127.0.0.1', 'localhost'],
      cluster: undefined,
      settings: settingsOf(configuration, {}),
      log: text => void stderr.write(`${text}\n`),
    })
    // A loopback address and any free port: there is nothing that a user could do about a failure here.
    if (!webhook.ok) throw new Error(webhook.error)
    return webhook.value
  }
  const shown = await runTour(
    { write: text => void stdout.write(text), colour: hasColours(stdout), startWebhook: startForDemo, keep },
    stopped.signal,
  )
  if (shown.ok) return exitCodes.done
  stderr.write(`${shown.error}\n`)
  return exitCodes.findings
}
