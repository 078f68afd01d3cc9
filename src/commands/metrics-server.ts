import { createServer, type ServerResponse } from 'node:http'
import { fail, ok, type Result } from '../lib/result.ts'
import { metricsType, type Telemetry } from '../telemetry/telemetry.ts'
import { listenOn, type PlainServer } from './plain-server.ts'

const text = 'text/plain; charset=utf-8'

/** Serves the metrics, and how we are, by plain HTTP, as Prometheus and the kubelet ask for them; a sentence where it cannot. */
export const startMetrics = async (
  { metricsText }: Pick<Telemetry, 'metricsText'>,
  host: string,
  port: number,
  isReady: () => boolean,
): Promise<Result<PlainServer, string>> => {
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
  const listening = await listenOn(server, host, port)
  if (!listening.ok)
    return fail(
      `Metrics cannot be served on ${host}, port ${port} (${listening.error}): choose another with --metrics-port.`,
    )
  return ok({ ...listening.value, url: `${listening.value.url}/metrics` })
}
