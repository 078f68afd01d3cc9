import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { exitCodes, type Surroundings } from './surroundings.ts'
import { startWebhook, type WebhookOptions } from './webhook.ts'

/** Options of `pullgate serve`. */
export interface ServeOptions extends WebhookOptions {
  /** Where the authority's certificate is written; undefined: nowhere. */
  readonly caFile: string | undefined
}

/** Serves the webhook until somebody stops it. */
export const serve = async (options: ServeOptions, { stdout, stderr, onStop }: Surroundings): Promise<number> => {
  const stopped = new AbortController()
  onStop(() => stopped.abort())
  const webhook = await startWebhook(options)
  if (!webhook.ok) {
    stderr.write(`${webhook.error}\n`)
    return exitCodes.usage
  }
  const { url, caPem, close } = webhook.value
  if (options.caFile !== undefined) await writeFile(options.caFile, caPem)
  stdout.write(`pullgate serves ${url}/validate\n`)
  if (!stopped.signal.aborted) await once(stopped.signal, 'abort')
  await close()
  return exitCodes.done
}
