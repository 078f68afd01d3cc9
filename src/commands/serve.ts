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
  const problem = webhook.ok ? await writeCa(options.caFile, webhook.value.caPem) : webhook.error
  if (problem === undefined && webhook.ok) {
    stdout.write(`pullgate serves ${webhook.value.url}/validate\n`)
    if (!stopped.signal.aborted) await once(stopped.signal, 'abort')
  }
  if (webhook.ok) await webhook.value.close()
  if (problem === undefined) return exitCodes.done
  stderr.write(`${problem}\n`)
  return exitCodes.usage
}

/** Writes the authority's certificate; a sentence where it cannot. */
const writeCa = async (file: string | undefined, caPem: string): Promise<string | undefined> => {
  if (file === undefined) return undefined
  try {
    await writeFile(file, caPem)
    return undefined
  } catch (error) {
    return `${file} cannot be written (${(error as NodeJS.ErrnoException).code}): choose another with --ca-file.`
  }
}
