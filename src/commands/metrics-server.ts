import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fail, ok, type Result } from '../lib/result.ts'
import { metricsType, type Telemetry } from '../telemetry/telemetry.ts'

/** A server of metrics that listens. */
export interface MetricsServer {
  readonly url: string
  readonly close: () => Promise<void>
}

const text = 'text/plain; charset=utf-8'

/** Serves the metrics, and how we are, by plain HTTP, as Prometheus and the kubelet ask for them; a sentence where it cannot. */
export const startMetrics = async (
  { metricsText }: Pick<Telemetry, 'metricsText'>,
  host: string,
  port: number,
  isReady: () => boolean,
): Promise<Result<MetricsServer, string>> => {
  const answers: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
    '/healthz': response => response.writeHead(200, { 'content-type': text }).end('ok\n'),
    '/readyz': response => {
      const isNow = isReady()
      response.writeHead(isNow ? 200 : 503, { 'content-type': text }).end(isNow ? 'ok\n' : 'not ready\n')
    },
    '/metrics': async response => response.writeHead(200, { 'content-type': metricsType }).end(await metricsText()),
  }
  const server = createServer(async ({ method, url = '' }, response) => {
    const path = url.split('?', 1)[0] ?? ''
    if (method !== 'GET' || !Object.hasOwn(answers, path)) return void response.writeHead(404).end()
    await answers[path]?.(response)
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
