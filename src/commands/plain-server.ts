import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fail, ok, type Result } from '../lib/result.ts'
import { codeOf } from '../lib/small-file.ts'

/** A server of plain HTTP that listens. */
export interface PlainServer {
  /** Without a path. */
  readonly url: string
  readonly close: () => Promise<void>
}

/** A host as it stands in a URL. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/** Lets a server listen; fails with the system's code where it cannot. */
export const listenOn = async (server: Server, host: string, port: number): Promise<Result<PlainServer, string>> => {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    return fail(codeOf(error))
  }
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return ok({ url: `http://${urlHost(host)}:${(server.address() as AddressInfo).port}`, close })
}
