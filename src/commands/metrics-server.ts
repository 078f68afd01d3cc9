import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fail, ok, type Result } from '../lib/result.ts'
import { metricsType, type Telemetry } from '../telemetry/telemetry.ts'

/** A server of metrics that listens. */
export interface MetricsServer {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Serves the metrics by plain HTTP, as Prometheus asks for them; a sentence where it cannot. */
export const startMetrics = async (
  { metricsText }: Pick<Telemetry, 'metricsText'>,
  host: string,
  port: number,
): Promise<Result<MetricsServer, string>> => {
  const server = createServer(async ({ method, url }, response) => {
    if (method !== 'GET' || url !== '/metrics') return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': metricsType }).end(await metricsText())
  })
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return fail(`Metrics cannot be served on ${host}, port ${port} (${code}): choose another with --metrics-port.`)
  }
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  const shown = host.includes(':') ? `[${host}]` : host
  return ok({ url: `http://${shown}:${(server.address() as AddressInfo).port}/metrics`, close })
}
