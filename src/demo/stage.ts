import { type ApiServer, connectApiServer, type WebhookAddress } from './api-server.ts'
import { type EmbeddedRegistry, startRegistry } from './registry.ts'
import { holdSilentPort, type SilentPort } from './silent-port.ts'
import { stock } from './stock.ts'

/** What the demo's webhook must be told. */
export interface DemoWebhookOptions {
  /** The platforms of the pretended nodes. */
  readonly platforms: readonly string[]
}

/** A webhook that runs. */
export interface RunningWebhook extends WebhookAddress {
  close(): Promise<void>
}

/** Starts the real webhook for the demo. */
export type StartWebhook = (options: DemoWebhookOptions) => Promise<RunningWebhook>

/** All that the tour needs, running. */
export interface Stage {
  readonly registry: EmbeddedRegistry
  readonly nobody: SilentPort
  readonly webhook: RunningWebhook
  readonly apiServer: ApiServer
}

const options: DemoWebhookOptions = { platforms: ['linux/amd64'] }

/** Runs `play` with everything started, and closes everything after it, whatever came. */
export const withStage = async <T>(start: StartWebhook, play: (stage: Stage) => Promise<T>): Promise<T> => {
  const closers: (() => unknown)[] = []
  const opened = <C extends { close(): unknown }>(closable: C): C => {
    closers.push(() => closable.close())
    return closable
  }
  try {
    const registry = opened(await startRegistry({ shelf: stock }))
    const nobody = opened(await holdSilentPort(registry.host))
    const webhook = opened(await start(options))
    return await play({ registry, nobody, webhook, apiServer: opened(connectApiServer(webhook)) })
  } finally {
    for (const close of closers.toReversed()) await close()
  }
}
