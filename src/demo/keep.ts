import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reviewPath } from './api-server.ts'
import type { Stage } from './stage.ts'

const instructions = ({ registry, webhook }: Stage, caFile: string, reviewFile: string): string =>
  [
    'All of it goes on running until Ctrl-C. Ask the webhook yourself, and look into the registry:',
    '',
    `  curl --cacert ${caFile} -H 'Content-Type: application/json' \\`,
    `    -d @${reviewFile} '${new URL(reviewPath, webhook.url)}'`,
    `  curl http://${registry.host}/v2/shop/web/tags/list`,
    '',
    '',
  ].join('\n')

const interrupted = async (signal: AbortSignal): Promise<void> => {
  if (!signal.aborted) await once(signal, 'abort')
}

/** Says how to talk to the stage, with a sample review, and waits for the interruption; its files are gone afterwards. */
export const keepRunning = async (
  stage: Stage,
  review: object,
  write: (text: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'pullgate-demo-'))
  try {
    const [caFile, reviewFile] = [join(folder, 'ca.pem'), join(folder, 'review.json')]
    await writeFile(caFile, stage.webhook.caPem)
    await writeFile(reviewFile, JSON.stringify(review, null, 2))
    write(instructions(stage, caFile, reviewFile))
    await interrupted(signal)
  } finally {
    await rm(folder, { recursive: true })
  }
}
